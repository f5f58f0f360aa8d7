using ClientCredentials.Clients;
using ClientCredentials.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClientCredentials;

/// <summary>Connects every client when the host starts, so that the first request finds a token, and an operator a verdict.</summary>
internal sealed class ConnectOnStart(
    IClientCredentials credentials,
    ClientLayers layers,
    ClientSettings settings,
    IEnumerable<ConnectRegistration> registrations,
    ILogger<ConnectOnStart> log) : IHostedService, IDisposable
{
    // Many clients may share one server, which has limits of its own.
    private const int AtOnce = 4;

    private readonly CancellationTokenSource _stopping = new();
    private Task _connecting = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ConnectMode mode = layers.ConnectOnStart() ?? registrations.LastOrDefault()?.Mode ?? ConnectMode.Off;
        if (mode == ConnectMode.Off)
        {
            return Task.CompletedTask;
        }

        _connecting = Task.Run(() => ConnectAllAsync(_stopping.Token), CancellationToken.None);
        return mode == ConnectMode.Wait ? _connecting.WaitAsync(cancellationToken) : Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _connecting.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task ConnectAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(settings.Clients, options, ConnectAsync).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The host stops before all were asked: nobody wants to know any more.
        }
    }

    private async ValueTask ConnectAsync(string client, CancellationToken cancellationToken)
    {
        ConnectResult result = await credentials.ConnectAsync(client, profile: null, cancellationToken).ConfigureAwait(false);
        // What a server answered is in the log already.
        if (result is { IsOK: false, Attempts: 0, Reason: not FailureReason.Disabled })
        {
            log.NotConnected(result.Problem ?? "");
        }
    }
}
