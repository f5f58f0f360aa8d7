using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Hosting;
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
    private readonly IHost? _tls;

    private Listener(IServer server, Uri baseUrl, Func<HttpMessageHandler> createHandler, Uri? mutualTlsUrl = null, IHost? tls = null)
    {
        _tls = tls;
        _server = server;
        BaseUrl = baseUrl;
        MutualTlsUrl = mutualTlsUrl;
        CreateHandler = createHandler;
    }

    public Uri BaseUrl { get; }

    /// <summary>Where the server wants a client certificate; null where it speaks no TLS.</summary>
    public Uri? MutualTlsUrl { get; }

    public Func<HttpMessageHandler> CreateHandler { get; }

    public static async Task<Listener> StartAsync(TestServerOptions setup, Func<Authority> authority, RequestDelegate handle, CancellationToken cancellationToken)
    {
        var tls = setup.UseHttps ? ServicesOfTls() : null;
        var options = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = tls?.Services ?? NoServices.Instance };
        // Tests hold requests, read slowly and send much; no limit may end that before they do.
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxRequestBodySize = null;
        var certificate = setup.UseHttps ? authority().IssueServerCertificate() : null;
        options.Listen(IPAddress.Loopback, setup.Port, listen => Listen(listen, certificate, ClientCertificateMode.AllowCertificate));
        if (certificate is not null)
        {
            options.Listen(IPAddress.Loopback, 0, listen => Listen(listen, certificate, ClientCertificateMode.RequireCertificate));
        }

        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions { Backlog = 4096 }), NullLoggerFactory.Instance);
        var server = new KestrelServer(Options.Create(options), sockets, NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(new Application(handle), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            server.Dispose();
            tls?.Dispose();
            throw;
        }

        var urls = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(address => new Uri(address)).ToArray();
        return certificate is null
            ? new Listener(server, urls[0], () => new SocketsHttpHandler { UseProxy = false })
            : new Listener(server, urls[0], () => new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = authority().Trust() } }, urls[1], tls);
    }

    public static async Task<Listener> StartInMemoryAsync(TestServerOptions setup, Func<Authority> authority, RequestDelegate handle, CancellationToken cancellationToken)
    {
        if (setup.UseHttps)
        {
            throw new InvalidOperationException("UseHttps needs a socket, which a server in memory has not. Start the server by StartAsync.");
        }

        var server = new TestServer(NoServices.Instance);
        await ((IServer)server).StartAsync(new Application(handle), cancellationToken).ConfigureAwait(false);

        // Servers differ in their origin even where none has a socket; a port below 1024 is nobody's by chance, and 80 would be left out where the URL is written.
        var origin = setup.Port != 0 ? setup.Port : 81 + (Interlocked.Increment(ref _lastInMemory) % 943);
        return new Listener(server, new Uri($"http://127.0.0.1:{origin}/"), () => new InMemoryHandler(server.CreateHandler()));
    }

    // Kestrel's TLS asks for services that only a host can have; nobody starts this one.
    private static IHost ServicesOfTls()
        => new HostBuilder().ConfigureWebHost(web => web.UseKestrelCore(), options => options.SuppressEnvironmentConfiguration = true).Build();

    private static void Listen(ListenOptions listen, X509Certificate2? certificate, ClientCertificateMode mode)
    {
        listen.Protocols = HttpProtocols.Http1;
        if (certificate is not null)
        {
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = certificate,
                ClientCertificateMode = mode,
                // Whose certificate is good depends on the client, and that is in the request.
                ClientCertificateValidation = (_, _, _) => true,
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(MostShutdown);
        await _server.StopAsync(patience.Token).ConfigureAwait(false);
        _server.Dispose();
        _tls?.Dispose();
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
