using System.Buffers.Text;
using System.Security.Cryptography;

namespace ClientCredentials.Protocol;

/// <summary>A JWT by which a client says who it is (RFC 7523 §3), as yet unsigned. Good for one request.</summary>
/// <param name="ClientId">Who issues it, and whom it is about.</param>
/// <param name="Audience">The one server it is for.</param>
/// <param name="Id">Its <c>jti</c>, which a server takes once.</param>
/// <param name="IssuedAt">When it was issued.</param>
/// <param name="Lifetime">How long from then on it is good.</param>
internal sealed record ClientAssertion(string ClientId, string Audience, string Id, DateTimeOffset IssuedAt, TimeSpan Lifetime)
{
    /// <summary>The value of <c>client_assertion_type</c> (RFC 7523 §2.2).</summary>
    public const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private const int IdBytes = 16;

    /// <summary>Whether it says that it is not good before it was issued.</summary>
    public bool HasNotBefore { get; init; }

    /// <summary>An id that nobody has used and nobody guesses.</summary>
    public static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));

    public static byte[] Header(JwsAlgorithm algorithm, string type, string? keyId, string? certificateThumbprint) => Jws.Json(writer =>
    {
        writer.WriteString("alg", algorithm.Name);
        writer.WriteString("typ", type);
        if (keyId is { Length: > 0 })
        {
            writer.WriteString("kid", keyId);
        }

        if (certificateThumbprint is not null)
        {
            writer.WriteString("x5t#S256", certificateThumbprint);
        }
    });

    public byte[] Claims() => Jws.Json(writer =>
    {
        long issuedAt = IssuedAt.ToUnixTimeSeconds();
        writer.WriteString("iss", ClientId);
        writer.WriteString("sub", ClientId);
        // One text and not a list of one: a token for two audiences can be played from one to the other.
        writer.WriteString("aud", Audience);
        writer.WriteString("jti", Id);
        writer.WriteNumber("iat", issuedAt);
        if (HasNotBefore)
        {
            writer.WriteNumber("nbf", issuedAt);
        }

        writer.WriteNumber("exp", issuedAt + (long)Lifetime.TotalSeconds);
    });
}
