using System.Buffers.Text;
using System.Security.Cryptography;

namespace ClientCredentials.Protocol;

/// <summary>JSON Web Signatures in compact form (RFC 7515 §7.1), by the framework's own cryptography.</summary>
internal static class Jws
{
    /// <summary>What is signed (RFC 7515 §5.1): header and payload, encoded and joined by a dot.</summary>
    public static string Input(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) =>
        $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";

    public static string Compact(string input, ReadOnlySpan<byte> signature) => $"{input}.{Base64Url.EncodeToString(signature)}";

    public static byte[] Sign(JwsAlgorithm algorithm, byte[] secret, ReadOnlySpan<byte> data) =>
        CryptographicOperations.HmacData(algorithm.Hash, secret, data);

    public static byte[] Sign(JwsAlgorithm algorithm, RSA key, ReadOnlySpan<byte> data) =>
        key.SignData(data, algorithm.Hash, algorithm.Padding ?? throw new ArgumentException($"{algorithm.Name} is no RSA algorithm.", nameof(algorithm)));

    // R and S, one after the other (RFC 7518 §3.4), and not the DER that most other protocols want.
    public static byte[] Sign(JwsAlgorithm algorithm, ECDsa key, ReadOnlySpan<byte> data) =>
        key.SignData(data, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
