using System.Buffers.Text;
using System.Text.Json;

namespace ClientCredentials.Protocol;

/// <summary>What an access token says of itself, where it is a JWT (RFC 7519 §4.1). Not verified: good for a hint, never for a decision about access.</summary>
internal sealed record JwtClaims(string? Issuer, IReadOnlyList<string> Audiences, TimeSpan? Lifetime)
{
    /// <summary>The <c>x5t#S256</c> of the certificate that the token is bound to (RFC 8705 §3.1); null where it names none.</summary>
    public string? CertificateThumbprint { get; init; }

    public static JwtClaims? Read(string token)
    {
        string[] parts = token.Split('.');
        if (parts.Length != 3 || !Base64Url.IsValid(parts[1]))
        {
            return null;
        }

        try
        {
            using JsonDocument claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            return claims.RootElement.ValueKind == JsonValueKind.Object ? Read(claims.RootElement) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static JwtClaims Read(JsonElement claims)
    {
        string[] audiences = claims.TryGetProperty("aud", out JsonElement aud)
            ? aud.ValueKind == JsonValueKind.Array ? [.. aud.EnumerateArray().Select(JsonText.Of).OfType<string>()] : [.. new[] { JsonText.Of(aud) }.OfType<string>()]
            : [];
        // A difference, so that no clock needs to be right.
        double? seconds = Number(claims, "exp") - Number(claims, "iat");
        TimeSpan? lifetime = seconds > 0 && seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds.Value) : null;
        return new(claims.TryGetProperty("iss", out JsonElement issuer) ? JsonText.Of(issuer) : null, audiences, lifetime)
        {
            CertificateThumbprint = claims.TryGetProperty("cnf", out JsonElement cnf) && cnf.ValueKind == JsonValueKind.Object && cnf.TryGetProperty("x5t#S256", out JsonElement hash)
                ? JsonText.Of(hash)
                : null,
        };
    }

    private static double? Number(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number) ? number : null;
}
