namespace ClientCredentials.Interop.Running;

/// <summary>What came of each client, line by line; a test adds its line when all it asserts has held.</summary>
internal static class Outcomes
{
    private static readonly List<(string Client, string Asked, string Outcome)> All = [];

    /// <summary>The clients that the rig has.</summary>
    public static IReadOnlyCollection<string> Expected { get; set; } = [];

    /// <summary>The clients of which something is known.</summary>
    public static IReadOnlyCollection<string> Clients => All.Select(line => line.Client).ToHashSet();

    public static void Add(string client, string asked, string outcome) => All.Add((client, asked, outcome));

    /// <summary>The table, by client.</summary>
    public static IEnumerable<string> Table()
    {
        int client = Widest(All.Select(line => line.Client).Prepend("client"));
        int asked = Widest(All.Select(line => line.Asked).Prepend("asked"));
        return All.OrderBy(line => line.Client, StringComparer.Ordinal).ThenBy(line => line.Asked, StringComparer.Ordinal)
            .Prepend(("client", "asked", "outcome"))
            .Select(line => $"{line.Item1.PadRight(client)} | {line.Item2.PadRight(asked)} | {line.Item3}");
    }

    private static int Widest(IEnumerable<string> cells) => cells.Max(cell => cell.Length);
}
