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
    public static string Scrub(string text, IReadOnlyList<string> secrets) => secrets
        .Where(secret => secret.Length > 0)
        .OrderByDescending(secret => secret.Length)
        .Aggregate(text, (rest, secret) => rest.Replace(secret, Scrubbed, StringComparison.OrdinalIgnoreCase));

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
