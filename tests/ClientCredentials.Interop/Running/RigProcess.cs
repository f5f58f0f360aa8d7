using System.Diagnostics;
using System.Text;

namespace ClientCredentials.Interop.Running;

/// <summary>The server's process and its folder of keys and certificates. It ends with us, even where we are killed: it watches its standard input.</summary>
internal sealed class RigProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly DirectoryInfo _data;
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _errors = new();

    private RigProcess(Process process, DirectoryInfo data)
    {
        (_process, _data) = (process, data);
        process.OutputDataReceived += (_, said) => Hear(said.Data);
        process.ErrorDataReceived += (_, said) => Note(said.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>The plain listener's address.</summary>
    public string Address { get; private set; } = "";

    public static async Task<RigProcess> StartAsync(string folder)
    {
        DirectoryInfo data = Directory.CreateTempSubdirectory("interop-");
        RigProcess rig = new(Tools.Start(folder, "node", "server.mjs", data.FullName), data);
        try
        {
            rig.Address = await rig._ready.Task.WaitAsync(Patience);
            return rig;
        }
        catch (Exception exception)
        {
            await rig.DisposeAsync();
            throw new InvalidOperationException($"The rig did not start: {exception.Message} {rig.Errors()}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _data.Refresh();
        if (_data.Exists)
        {
            // It could not do so itself.
            _data.Delete(recursive: true);
        }
    }

    // All lines are read, for a full pipe would stop the server; the last one is null.
    private void Hear(string? line)
    {
        const string Ready = "ready ";
        if (line is null)
        {
            _ready.TrySetException(new InvalidOperationException("it ended before it was ready."));
        }
        else if (line.StartsWith(Ready, StringComparison.Ordinal))
        {
            _ready.TrySetResult(line[Ready.Length..]);
        }
    }

    private void Note(string? line)
    {
        lock (_errors)
        {
            _errors.AppendLine(line);
        }
    }

    private string Errors()
    {
        lock (_errors)
        {
            return _errors.ToString().Trim();
        }
    }
}
