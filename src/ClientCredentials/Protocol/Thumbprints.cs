using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClientCredentials.Protocol;

/// <summary>Short names of certificates: hashes that both sides can compute.</summary>
internal static class Thumbprints
{
    /// <summary>A certificate's <c>x5t#S256</c> (RFC 7515 §4.1.8).</summary>
    public static string Of(X509Certificate2 certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate.RawDataMemory.Span));
}
