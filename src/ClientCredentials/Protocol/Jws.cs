using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ClientCredentials.Protocol;

/// <summary>JSON Web Signatures in compact form (RFC 7515 §7.1), by the framework's own cryptography.</summary>
internal static class Jws
{
    /// <summary>What is signed (RFC 7515 §5.1): header and payload, encoded and joined by a dot.</summary>
    public static byte[] Input(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        int headerLength = Base64Url.GetEncodedLength(header.Length);
        byte[] input = new byte[headerLength + 1 + Base64Url.GetEncodedLength(payload.Length)];
        Base64Url.EncodeToUtf8(header, input);
        input[headerLength] = (byte)'.';
        Base64Url.EncodeToUtf8(payload, input.AsSpan(headerLength + 1));
        return input;
    }

    public static string Compact(byte[] input, byte[] signature) =>
        string.Create(input.Length + 1 + Base64Url.GetEncodedLength(signature.Length), (input, signature), static (text, parts) =>
        {
            Encoding.ASCII.GetChars(parts.input, text);
            text[parts.input.Length] = '.';
            Base64Url.EncodeToChars(parts.signature, text[(parts.input.Length + 1)..]);
        });

    /// <summary>An object of JSON, as a header or as claims.</summary>
    public static byte[] Json(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> json = new(512);
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return json.WrittenSpan.ToArray();
    }

    public static byte[] Sign(JwsAlgorithm algorithm, byte[] secret, ReadOnlySpan<byte> data) =>
        CryptographicOperations.HmacData(algorithm.Hash, secret, data);

    public static byte[] Sign(JwsAlgorithm algorithm, RSA key, ReadOnlySpan<byte> data) =>
        key.SignData(data, algorithm.Hash, algorithm.Padding ?? throw new ArgumentException($"{algorithm.Name} is no RSA algorithm.", nameof(algorithm)));

    // R and S, one after the other (RFC 7518 §3.4), and not the DER that most other protocols want.
    public static byte[] Sign(JwsAlgorithm algorithm, ECDsa key, ReadOnlySpan<byte> data) =>
        key.SignData(data, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
