namespace ClientCredentials.Clients;

/// <summary>The rule for the names of clients and profiles, which are compared ignoring case.</summary>
internal static class Names
{
    private const int MaxLength = 50;

    public static readonly StringComparer Comparer = StringComparer.OrdinalIgnoreCase;

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? ProblemWith(string name) => name switch
    {
        "" => "a name must not be empty",
        { Length: > MaxLength } => $"a name has at most {MaxLength} characters, this one has {name.Length}",
        _ when name.Contains(':', StringComparison.Ordinal) => "a name must not contain ':', which separates configuration keys",
        _ when name.Any(char.IsControl) => "a name must not contain control characters",
        _ when name.AsSpan().Trim().Length != name.Length => "a name must not begin or end with white space",
        _ => null,
    };

    public static bool Same(string? a, string? b) => Comparer.Equals(a, b);

    /// <summary>Names as a sentence quotes them: 'a', 'b', 'c'.</summary>
    public static string Quoted(IEnumerable<string> names) =>
        string.Join(", ", names.Order(Comparer).Select(name => $"'{name}'"));

    /// <summary>The known name that was most likely meant, or null where none is near.</summary>
    public static string? Nearest(string typed, IEnumerable<string> known) =>
        known.Select(name => (name, distance: Distance(typed.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(candidate => candidate.distance <= Math.Max(2, candidate.name.Length / 4))
            .OrderBy(candidate => candidate.distance)
            .Select(candidate => candidate.name)
            .FirstOrDefault();

    /// <summary>Edits between two words, where two neighbours that changed places count as one: the usual slip of the fingers.</summary>
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                table[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(
                        Math.Min(table[i - 1, j], table[i, j - 1]) + 1,
                        table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)),
                };
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[a.Length, b.Length];
    }
}
