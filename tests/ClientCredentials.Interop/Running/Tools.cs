using System.Diagnostics;

namespace ClientCredentials.Interop.Running;

/// <summary>The programs that the rig needs and this project does not bring.</summary>
internal static class Tools
{
    private const int OldestNode = 20;

    private static readonly Lazy<string?> LazyMissing = new(Look);

    /// <summary>One line that says what is missing; null where all is there.</summary>
    public static string? Missing => LazyMissing.Value;

    /// <summary>Why tests are skipped. In CI they never are: what is missing there makes them fail.</summary>
    public static string? ReasonToSkip => IsCI ? null : Missing;

    private static bool IsCI => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Starts a program with its pipes in our hands. Npm is a script, which Windows starts by its shell only.</summary>
    public static Process Start(string folder, string program, params string[] arguments)
    {
        bool isScript = OperatingSystem.IsWindows() && program == "npm";
        ProcessStartInfo start = new(isScript ? "cmd" : program, isScript ? ["/c", program, .. arguments] : arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        return Process.Start(start)!;
    }

    private static string? Look()
    {
        string[] missing = [.. new[] { "node", "npm", "openssl" }.Where(program => !IsOnPath(program))];
        if (missing.Length > 0)
        {
            return $"The interop tests need {string.Join(", ", missing)} on the PATH: they run against the npm package oidc-provider.";
        }

        using Process node = Start(Path.GetTempPath(), "node", "--version");
        string version = node.StandardOutput.ReadToEnd().Trim();
        return Version.TryParse(version.TrimStart('v'), out Version? found) && found.Major >= OldestNode
            ? null
            : $"The interop tests need node {OldestNode} or later, and 'node --version' says '{version}'.";
    }

    private static bool IsOnPath(string program)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => endings.Any(ending => File.Exists(Path.Combine(folder, program + ending))));
    }
}
