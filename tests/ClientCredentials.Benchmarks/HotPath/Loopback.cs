using System.Diagnostics;
using ClientCredentials.Benchmarks.Scene;

namespace ClientCredentials.Benchmarks.HotPath;

/// <summary>The same over real HTTP on this machine. Azure.Core's bearer policy is not there: it refuses http, loopback included.</summary>
internal sealed class Loopback : IAsyncDisposable
{
    public const string Nothing = "no handler, no token";

    private const int Requests = 1_000;
    private const int TokenLength = 1024;

    private readonly LoopbackApi _api;
    private readonly App _app;
    private readonly SocketsHttpHandler _sockets = new() { UseProxy = false };

    private Loopback(LoopbackApi api)
    {
        _api = api;
        _app = new App(new TokenStub(TokenLength), api: api.Url);
        string token = new('t', TokenLength);
        All =
        [
            new(Nothing, new HttpMessageInvoker(_sockets)),
            new(Contenders.Ours, _app.Over(_sockets)),
            new(Contenders.Shared, new HttpMessageInvoker(new SharedHeader(token, _sockets))),
            new(Contenders.Cache, new HttpMessageInvoker(new NaiveCache("billing", token, _sockets))),
            new(Contenders.Msal, new HttpMessageInvoker(new Msal(token, _sockets))),
        ];
    }

    public IReadOnlyList<(string Name, HttpMessageInvoker Chain)> All { get; }

    public HttpMessageInvoker this[string name] => All.Single(chain => chain.Name == name).Chain;

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
