using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace ClientCredentials.Protocol;

/// <summary>Short names of keys and certificates: hashes that both sides can compute.</summary>
internal static class Thumbprints
{
    /// <summary>The thumbprint of an RSA public key (RFC 7638 §3).</summary>
    public static string Of(RSAParameters key) => Hash(("e", Text(key.Exponent)), ("kty", "RSA"), ("n", Text(key.Modulus)));

    /// <summary>The thumbprint of an EC public key (RFC 7638 §3.2).</summary>
    /// <param name="curve">The curve's name, such as <c>P-256</c>.</param>
    /// <param name="key">The key.</param>
    public static string Of(string curve, ECPoint key) => Hash(("crv", curve), ("kty", "EC"), ("x", Text(key.X)), ("y", Text(key.Y)));

    /// <summary>A certificate's <c>x5t#S256</c> (RFC 7515 §4.1.8).</summary>
    public static string Of(X509Certificate2 certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate.RawDataMemory.Span));

    private static string Text(byte[]? bytes) => Base64Url.EncodeToString(bytes);

    // Only the required members, in the order of their names, without white space: else nobody would get the same hash.
    private static string Hash(params ReadOnlySpan<(string Name, string Value)> members)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            foreach ((string name, string value) in members)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        return Base64Url.EncodeToString(SHA256.HashData(json.WrittenSpan));
    }
}
