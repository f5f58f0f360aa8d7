using System.Text.RegularExpressions;

namespace ClientCredentials.Tests.Conventions;

/// <summary>The README, read as what it is made of.</summary>
internal static class Readme
{
    public static readonly string Root = FindRoot();

    public static readonly string Text = File.ReadAllText(Path.Combine(Root, "README.md"));

    private static readonly string[] Lines = Text.Split('\n');

    /// <summary>The fenced blocks of a language, each with the last line of text above it.</summary>
    public static IReadOnlyList<(string Above, string Body)> Blocks(string language)
    {
        List<(string, string)> blocks = [];
        string above = "";
        for (int i = 0; i < Lines.Length; i++)
        {
            if (!Lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                above = Lines[i].Length > 0 ? Lines[i] : above;
                continue;
            }

            int end = Array.IndexOf(Lines, "```", i + 1);
            if (Lines[i] == $"```{language}")
            {
                blocks.Add((above, string.Join('\n', Lines[(i + 1)..end])));
            }

            i = end;
            above = "";
        }

        return blocks;
    }

    /// <summary>The rows of the table whose first column has this heading, each as its cells.</summary>
    public static IReadOnlyList<string[]> Table(string heading)
    {
        int start = Array.FindIndex(Lines, line => line.StartsWith($"| {heading} |", StringComparison.Ordinal));
        return [.. Lines.Skip(start + 2).TakeWhile(line => line.StartsWith('|')).Select(Cells)];
    }

    /// <summary>What stands between backticks.</summary>
    public static string[] Code(string cell) => [.. Regex.Matches(cell, "`([^`]+)`").Select(match => match.Groups[1].Value)];

    public static IReadOnlyList<string> Headings() =>
        [.. Lines.Where(line => line.StartsWith('#')).Select(line => line.TrimStart('#').Trim())];

    private static string[] Cells(string row) => [.. row.Trim('|').Split(" | ").Select(cell => cell.Trim())];

    private static string FindRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "ClientCredentials.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new DirectoryNotFoundException("The tests run outside of the repository.");
    }
}
