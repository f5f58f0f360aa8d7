using System.Diagnostics;
using ClientCredentials.Benchmarks.Scene;

namespace ClientCredentials.Benchmarks.HotPath;

/// <summary>The same over real HTTP on this machine: no handler, the header by hand, ours.</summary>
internal sealed class Loopback : IAsyncDisposable
{
    private const int Requests = 1_000;
    private const int TokenLength = 1024;

    private readonly LoopbackApi _api;
    private readonly App _app;
    private readonly SocketsHttpHandler _sockets = new() { UseProxy = false };

    private Loopback(LoopbackApi api)
    {
        _api = api;
        _app = new App(new TokenStub(TokenLength), api: api.Url);
        All =
        [
            new("no handler, no token", new HttpMessageInvoker(_sockets)),
            new(Contenders.Shared, new HttpMessageInvoker(new SharedHeader(new string('t', TokenLength), _sockets))),
            new(Contenders.Ours, _app.Over(_sockets)),
        ];
    }

    public IReadOnlyList<(string Name, HttpMessageInvoker Chain)> All { get; }

    public static async Task<Loopback> StartAsync()
    {
        Loopback loopback = new(await LoopbackApi.StartAsync());
        await loopback._app.Credentials.GetTokenAsync(App.Client);
        return loopback;
    }

    public async Task SendAsync(HttpMessageInvoker chain)
    {
        using HttpRequestMessage request = App.NewRequest(_api.Url);
        using HttpResponseMessage response = await chain.SendAsync(request, CancellationToken.None);
    }

    /// <returns>Nanoseconds and bytes of one request, those of the server in this process included.</returns>
    public async Task<(double Nanoseconds, double Bytes)> MeasureAsync(HttpMessageInvoker chain)
    {
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < Requests; i++)
        {
            await SendAsync(chain);
        }

        return (Stopwatch.GetElapsedTime(started).TotalNanoseconds / Requests, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)Requests);
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((_, HttpMessageInvoker chain) in All)
        {
            chain.Dispose();
        }

        _app.Dispose();
        await _api.DisposeAsync();
    }
}
