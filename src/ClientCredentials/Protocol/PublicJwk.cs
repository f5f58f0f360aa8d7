using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace ClientCredentials.Protocol;

/// <summary>The public half of a key as a JSON Web Key (RFC 7517), in the one form whose hash is its thumbprint.</summary>
internal sealed class PublicJwk
{
    // Only the required members, in the order of their names, without white space: else nobody would get the same hash (RFC 7638 §3).
    private PublicJwk(params ReadOnlySpan<(string Name, string Value)> members)
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

        Json = json.WrittenSpan.ToArray();
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Json));
    }

    public byte[] Json { get; }

    /// <summary>The key's thumbprint (RFC 7638 §3), which is the <c>jkt</c> of the tokens bound to it (RFC 9449 §6.1).</summary>
    public string Thumbprint { get; }

    public static PublicJwk Of(RSAParameters key) => new(("e", Text(key.Exponent)), ("kty", "RSA"), ("n", Text(key.Modulus)));

    /// <param name="curve">The curve's name, such as <c>P-256</c>.</param>
    /// <param name="key">The key.</param>
    public static PublicJwk Of(string curve, ECPoint key) => new(("crv", curve), ("kty", "EC"), ("x", Text(key.X)), ("y", Text(key.Y)));

    private static string Text(byte[]? number) => Base64Url.EncodeToString(number);
}
