using System.Globalization;
using System.Text.Json;

namespace ClientCredentials.Protocol;

/// <summary>How long a token lives (RFC 6749 §5.1), whatever odd thing a server writes.</summary>
internal static class Lifetimes
{
    /// <summary>No token is handed out in its last moments, or it expires on its way to the API.</summary>
    public static TimeSpan Margin(TimeSpan lifetime) => Least(TimeSpan.FromSeconds(5), lifetime * 0.1);

    /// <summary>How long before its end a token is renewed: a fixed window would never let a short token be used.</summary>
    public static TimeSpan RefreshWindow(TimeSpan lifetime, TimeSpan refreshBefore) => Least(refreshBefore, lifetime * 0.2);

    /// <param name="expiresIn">The member <c>expires_in</c>, if there is one.</param>
    /// <param name="token">The token, which may be a JWT that tells.</param>
    /// <param name="options">What to believe at most, and where nothing is said.</param>
    /// <param name="oddities">Takes what had to be overlooked.</param>
    public static TimeSpan Of(JsonElement? expiresIn, string token, ClientCredentialsOptions options, List<string> oddities)
    {
        double? seconds = expiresIn is { } written ? Seconds(written, oddities) : null;
        seconds ??= JwtClaims.Read(token, [])?.Lifetime;
        if (seconds is not { } stated)
        {
            return options.DefaultTokenLifetime;
        }

        if (stated <= options.MaxTokenLifetime.TotalSeconds)
        {
            return TimeSpan.FromSeconds(stated);
        }

        // Ten years in seconds, or milliseconds taken for seconds: no server means it.
        if (stated > TimeSpan.FromDays(3650).TotalSeconds)
        {
            oddities.Add($"expires_in is absurd; MaxTokenLifetime ({options.MaxTokenLifetime}) goes instead.");
        }

        return options.MaxTokenLifetime;
    }

    private static double? Seconds(JsonElement written, List<string> oddities)
    {
        if (written.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        string? text = written.ValueKind == JsonValueKind.String ? JsonText.Of(written) : written.GetRawText();
        bool isNumber = written.ValueKind is JsonValueKind.Number or JsonValueKind.String
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            && !double.IsNaN(seconds)
            && seconds >= 0;
        if (isNumber)
        {
            return double.Parse(text!, NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        oddities.Add("expires_in is not a number of seconds, and is taken as absent.");
        return null;
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
