using System.Buffers.Text;
using System.Text.Json;

namespace ClientCredentials.Protocol;

/// <summary>What an access token says of itself, where it is a JWT (RFC 7519 §4.1). Not verified: good for a hint, never for a decision about access.</summary>
internal sealed record JwtClaims(string? Issuer, IReadOnlyList<string> Audiences, TimeSpan? Lifetime)
{
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
        return new(claims.TryGetProperty("iss", out JsonElement issuer) ? JsonText.Of(issuer) : null, audiences, lifetime);
    }

    private static double? Number(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number) ? number : null;
}
