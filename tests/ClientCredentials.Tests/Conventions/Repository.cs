namespace ClientCredentials.Tests.Conventions;

/// <summary>The files of the repository that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The source files of the package, each with its room: the folder, or an empty text for the root.</summary>
    public static IEnumerable<(string Room, string File, string[] Lines)> Sources()
    {
        string source = Path.Combine(Root, "src", "ClientCredentials");
        return Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(source, path).Replace('\\', '/'))
            .Where(file => !file.StartsWith("obj/", StringComparison.Ordinal) && !file.StartsWith("bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => (file.Contains('/', StringComparison.Ordinal) ? file.Split('/')[0] : "", file, File.ReadAllLines(Path.Combine(source, file))));
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ClientCredentials.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"There is no ClientCredentials.sln above {AppContext.BaseDirectory}.");
    }
}
