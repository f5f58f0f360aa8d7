using System.Buffers.Text;
using System.Text.Json;

namespace ClientCredentials.Protocol;

/// <summary>What an access token says of itself, where it is a JWT (RFC 7519 §4.1). Not verified: good for a hint, never for a decision about access; and cleaned, as the words of a server are.</summary>
/// <param name="Issuer">Who made it.</param>
/// <param name="Audiences">Whom it is for.</param>
/// <param name="Lifetime">How long it was given to live, in seconds, however many that is.</param>
internal sealed record JwtClaims(string? Issuer, IReadOnlyList<string> Audiences, double? Lifetime)
{
    /// <summary>The <c>x5t#S256</c> of the certificate that the token is bound to (RFC 8705 §3.1), as it is written; null where it names none.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <param name="token">The token.</param>
    /// <param name="secrets">What must not be seen in anything that it says.</param>
    public static JwtClaims? Read(string token, IReadOnlyList<string> secrets)
    {
        string[] parts = token.Split('.', 4);
        if (parts.Length != 3 || !Base64Url.IsValid(parts[1]))
        {
            return null;
        }

        try
        {
            using JsonDocument claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            return claims.RootElement.ValueKind == JsonValueKind.Object ? Read(claims.RootElement, secrets) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static JwtClaims Read(JsonElement claims, IReadOnlyList<string> secrets)
    {
        IEnumerable<JsonElement> written = JsonText.Member(claims, "aud") switch
        {
            { ValueKind: JsonValueKind.Array } several => several.EnumerateArray(),
            { } one => [one],
            null => [],
        };
        string[] audiences = [.. written.Select(Clean).OfType<string>()];
        // A difference, so that no clock needs to be right.
        double? seconds = Number(claims, "exp") - Number(claims, "iat");
        return new(JsonText.Member(claims, "iss") is { } issuer ? Clean(issuer) : null, audiences, seconds > 0 ? seconds : null)
        {
            CertificateThumbprint = JsonText.Member(claims, "cnf") is { ValueKind: JsonValueKind.Object } cnf && JsonText.Member(cnf, "x5t#S256") is { } hash
                ? JsonText.Of(hash)
                : null,
        };

        string? Clean(JsonElement text) => ServerText.Clean(JsonText.Of(text), secrets);
    }

    private static double? Number(JsonElement claims, string name) =>
        JsonText.Member(claims, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out double number) ? number : null;
}
