using System.Text;

namespace ClientCredentials.Protocol;

/// <summary>What a server says in words, made fit for a log: no line breaks, no secret of ours, not too long.</summary>
internal static class ServerText
{
    private const int MaxLength = 500;
    private const string Scrubbed = "***";

    // As much of a secret would be half the way to it.
    private const int Beginning = 12;

    public static string? Clean(string? text, IReadOnlyList<string> secrets)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        // Twice: what a line break had taken apart is whole again once that is a space.
        string clean = Scrub(Harmless(Scrub(text, secrets)), secrets).Trim();
        return clean.Length switch
        {
            0 => null,
            > MaxLength => clean[..MaxLength],
            _ => clean,
        };
    }

    /// <summary>A text with a full stop at its end, so that another sentence can follow.</summary>
    public static string Sentence(string? text) =>
        text is null || text.EndsWith('.') || text.EndsWith(".)", StringComparison.Ordinal) ? $"{text}" : $"{text}.";

    // The longest first: one secret may be a part of another, or of its own encoded form.
    public static string Scrub(string text, IReadOnlyList<string> secrets)
    {
        string whole = secrets
            .Where(secret => secret.Length > 0)
            .OrderByDescending(secret => secret.Length)
            .Aggregate(text, (rest, secret) => rest.Replace(secret, Scrubbed, StringComparison.OrdinalIgnoreCase));
        return secrets
            .Where(secret => secret.Length > Beginning)
            .Select(secret => secret[..Beginning])
            // Parameters may be URLs, and every URL in a server's text begins like them.
            .Where(beginning => !beginning.Contains("://", StringComparison.Ordinal))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Aggregate(whole, ScrubFrom);
    }

    // Cut short by the server, or in an encoding of its own, a secret still begins as it does: the rest of the word goes with it.
    private static string ScrubFrom(string text, string beginning)
    {
        StringBuilder rest = new();
        int from = 0;
        for (int at = text.IndexOf(beginning, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(beginning, from, StringComparison.OrdinalIgnoreCase))
        {
            rest.Append(text, from, at - from).Append(Scrubbed);
            from = at + Beginning;
            while (from < text.Length && !char.IsWhiteSpace(text[from]) && text[from] is not ('"' or '\'' or '<'))
            {
                from++;
            }
        }

        return from == 0 ? text : rest.Append(text, from, text.Length - from).ToString();
    }

    private static string Harmless(string text) => string.Create(text.Length, text, static (clean, text) =>
    {
        for (int i = 0; i < text.Length; i++)
        {
            clean[i] = IsHarmless(text[i]) ? text[i] : ' ';
        }
    });

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
