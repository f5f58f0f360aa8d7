namespace ClientCredentials.Protocol;

/// <summary>One challenge of a <c>WWW-Authenticate</c> header (RFC 9110 §11.6.1): a scheme and what it says.</summary>
internal sealed record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public bool IsFor(string scheme) => Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    public string? Error => Parameters.GetValueOrDefault("error");

    /// <summary>Reads the challenges of all header lines: several in one line, commas in quotes, any casing.</summary>
    /// <remarks>A scheme is a word that is not followed by '='; all that follows it, up to the next such word, is its own.</remarks>
    public static IReadOnlyList<Challenge> Read(IEnumerable<string> lines)
    {
        List<Challenge> challenges = [];
        foreach (string line in lines)
        {
            Dictionary<string, string>? parameters = null;
            int at = 0;
            while (at < line.Length)
            {
                string word = Word(line, ref at);
                if (word.Length == 0)
                {
                    // A comma, white space, or something that has no place here: step over it, so that the rest is still read.
                    at++;
                    continue;
                }

                int afterWord = at;
                SkipSpaces(line, ref at);
                if (parameters is not null && at < line.Length && line[at] == '=')
                {
                    at++;
                    SkipSpaces(line, ref at);
                    parameters.TryAdd(word, Value(line, ref at));
                    continue;
                }

                // token68 credentials, as Negotiate sends them: a word that ends in '=' or stands alone after a scheme.
                at = afterWord;
                if (parameters is { Count: 0 } && !EndsChallenge(line, afterWord - word.Length))
                {
                    parameters.Add("", word);
                    continue;
                }

                parameters = new(StringComparer.OrdinalIgnoreCase);
                challenges.Add(new(word, parameters));
            }
        }

        return challenges;
    }

    // A word after a comma begins something new; a word right after a scheme is that scheme's credentials.
    private static bool EndsChallenge(string line, int wordAt) => line.AsSpan(0, wordAt).TrimEnd() is [.., ','];

    private static string Word(string line, ref int at)
    {
        int start = at;
        while (at < line.Length && (char.IsAsciiLetterOrDigit(line[at]) || "!#$%&'*+-.^_`|~/".Contains(line[at], StringComparison.Ordinal)))
        {
            at++;
        }

        return line[start..at];
    }

    private static string Value(string line, ref int at)
    {
        if (at >= line.Length || line[at] != '"')
        {
            return Unquoted(line, ref at);
        }

        System.Text.StringBuilder value = new();
        for (at++; at < line.Length && line[at] != '"'; at++)
        {
            if (line[at] == '\\' && at + 1 < line.Length)
            {
                at++;
            }

            value.Append(line[at]);
        }

        at++;
        return value.ToString();
    }

    // Up to the next comma: servers send URLs without quotes, which a stricter reader would take apart into schemes.
    private static string Unquoted(string line, ref int at)
    {
        int start = at;
        while (at < line.Length && line[at] is not (',' or ' ' or '\t'))
        {
            at++;
        }

        return line[start..at];
    }

    private static void SkipSpaces(string line, ref int at)
    {
        while (at < line.Length && line[at] is ' ' or '\t')
        {
            at++;
        }
    }
}
