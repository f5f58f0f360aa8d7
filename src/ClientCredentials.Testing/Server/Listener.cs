using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Testing.Server;

/// <summary>
/// Kestrel or TestHost without a host around it: no configuration, logging or Ctrl+C handling of its own, and no activities or
/// metrics that would mix with those of the code under test.
/// </summary>
internal sealed class Listener : IAsyncDisposable
{
    // Open connections are idle or already told to end, so what is left after this is cut.
    private static readonly TimeSpan MostShutdown = TimeSpan.FromMilliseconds(100);

    private static int _lastInMemory;

    private readonly IServer _server;

    private Listener(IServer server, Uri baseUrl, Func<HttpMessageHandler> createHandler)
    {
        _server = server;
        BaseUrl = baseUrl;
        CreateHandler = createHandler;
    }

    public Uri BaseUrl { get; }

    public Func<HttpMessageHandler> CreateHandler { get; }

    public static async Task<Listener> StartAsync(int port, RequestDelegate handle, CancellationToken cancellationToken)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        // Tests hold requests, read slowly and send much; no limit may end that before they do.
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxRequestBodySize = null;
        options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions { Backlog = 4096 }), NullLoggerFactory.Instance);
        var server = new KestrelServer(Options.Create(options), sockets, NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(new Application(handle), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            server.Dispose();
            throw;
        }

        var address = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return new Listener(server, new Uri(address), () => new SocketsHttpHandler { UseProxy = false });
    }

    public static async Task<Listener> StartInMemoryAsync(int port, RequestDelegate handle, CancellationToken cancellationToken)
    {
        var server = new TestServer(NoServices.Instance);
        await ((IServer)server).StartAsync(new Application(handle), cancellationToken).ConfigureAwait(false);

        // Servers differ in their origin even where none has a socket; a port below 1024 is nobody's by chance.
        var origin = port != 0 ? port : 1 + (Interlocked.Increment(ref _lastInMemory) % 1023);
        return new Listener(server, new Uri($"http://127.0.0.1:{origin}/"), () => new InMemoryHandler(server.CreateHandler()));
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(MostShutdown);
        await _server.StopAsync(patience.Token).ConfigureAwait(false);
        _server.Dispose();
    }

    private sealed class Application(RequestDelegate handle) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => handle(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }

    private sealed class NoServices : IServiceProvider
    {
        public static NoServices Instance { get; } = new();

        public object? GetService(Type serviceType) => null;
    }
}
