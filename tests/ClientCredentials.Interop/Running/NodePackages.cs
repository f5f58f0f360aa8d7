using System.Diagnostics;

namespace ClientCredentials.Interop.Running;

/// <summary>The folder below this project's obj in which the rig's npm packages are installed, once per version of their lock file.</summary>
internal static class NodePackages
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Where they are.</summary>
    public static string Folder { get; } = Path.Combine(ProjectFolder(), "obj", "rig");

    /// <returns>The folder, with the rig's own files in it.</returns>
    public static async Task<string> InstallAsync()
    {
        string source = Path.Combine(AppContext.BaseDirectory, "rig");
        string folder = Folder;
        Directory.CreateDirectory(folder);
        // Two runs at once, Debug and Release, install one after the other.
        await using FileStream mine = await LockAsync(Path.Combine(folder, "lock"));
        foreach (string file in Directory.EnumerateFiles(source))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        string wanted = await File.ReadAllTextAsync(Path.Combine(folder, "package-lock.json"));
        string mark = Path.Combine(folder, "installed");
        if (!File.Exists(mark) || await File.ReadAllTextAsync(mark) != wanted)
        {
            await RunNpmAsync(folder);
            await File.WriteAllTextAsync(mark, wanted);
        }

        return folder;
    }

    private static async Task RunNpmAsync(string folder)
    {
        using Process npm = Tools.Start(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
        npm.StandardInput.Close();
        using CancellationTokenSource late = new(Patience);
        try
        {
            Task<string> output = npm.StandardOutput.ReadToEndAsync(late.Token);
            string errors = await npm.StandardError.ReadToEndAsync(late.Token);
            await output;
            await npm.WaitForExitAsync(late.Token);
            if (npm.ExitCode != 0)
            {
                throw new InvalidOperationException($"'npm ci' could not install oidc-provider (exit code {npm.ExitCode}): {errors.Trim()}");
            }
        }
        catch (OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"'npm ci' did not install oidc-provider within {Patience}.");
        }
    }

    private static async Task<FileStream> LockAsync(string path)
    {
        long until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Environment.TickCount64 < until)
            {
                await Task.Delay(200);
            }
        }
    }

    private static string ProjectFolder()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ClientCredentials.Interop.csproj")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"There is no ClientCredentials.Interop.csproj above {AppContext.BaseDirectory}.");
    }
}
