using System.Text;

namespace ClientCredentials.Protocol;

/// <summary>What a server says in words, made fit for a log: no line breaks, no secret of ours, not too long.</summary>
internal static class ServerText
{
    private const int MaxLength = 500;
    private const string Scrubbed = "***";

    public static string? Clean(string? text, IReadOnlyList<string> secrets)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        // The longest first: one secret may be a part of another, or of its own encoded form.
        string scrubbed = secrets
            .Where(secret => secret.Length > 0)
            .OrderByDescending(secret => secret.Length)
            .Aggregate(text, (rest, secret) => rest.Replace(secret, Scrubbed, StringComparison.OrdinalIgnoreCase));
        StringBuilder clean = new(Math.Min(scrubbed.Length, MaxLength));
        foreach (char character in scrubbed)
        {
            if (clean.Length == MaxLength)
            {
                break;
            }

            clean.Append(IsHarmless(character) ? character : ' ');
        }

        return clean.ToString().Trim();
    }

    // Control, format (right-to-left overrides) and line-separating characters can make a log line say something else.
    private static bool IsHarmless(char character) => char.GetUnicodeCategory(character) switch
    {
        System.Globalization.UnicodeCategory.Control or
        System.Globalization.UnicodeCategory.Format or
        System.Globalization.UnicodeCategory.LineSeparator or
        System.Globalization.UnicodeCategory.ParagraphSeparator or
        System.Globalization.UnicodeCategory.Surrogate => false,
        _ => true,
    };
}
