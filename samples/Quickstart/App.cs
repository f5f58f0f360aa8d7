using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Quickstart;

/// <summary>The app. What it needs of the package is AddClientCredentials once, and AddClientCredentialsHandler on each HttpClient.</summary>
internal sealed class App(ServiceProvider services) : IAsyncDisposable
{
    private readonly IHttpClientFactory _http = services.GetRequiredService<IHttpClientFactory>();

    /// <summary>Calls an API as the client 'billing'. Its address and its tokens come from the settings.</summary>
    public HttpClient Invoices => _http.CreateClient("invoices");

    /// <summary>Calls an API as the client 'shipping'.</summary>
    public HttpClient Parcels => _http.CreateClient("parcels");

    public static App Start(string settings, Watch watch)
    {
        // A host has its configuration already, and AddClientCredentials() finds it there.
        IConfiguration configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(settings))).Build();

        ServiceCollection services = new();
        services.AddLogging(log => log.AddConsole().SetMinimumLevel(LogLevel.Warning));
        services.AddClientCredentials(configuration).ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(NewConnections));

        services.AddHttpClient("invoices")
            .ConfigurePrimaryHttpMessageHandler(NewConnections)
            .AddHttpMessageHandler(watch.Outside)
            .AddClientCredentialsHandler("billing")
            .AddHttpMessageHandler(watch.Inside);

        services.AddHttpClient("parcels")
            .ConfigurePrimaryHttpMessageHandler(NewConnections)
            .AddHttpMessageHandler(watch.Outside)
            .AddClientCredentialsHandler("shipping")
            .AddHttpMessageHandler(watch.Inside);

        return new App(services.BuildServiceProvider());
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    // Not for the package's sake: on loopback no proxy helps, and a thousand sockets at once would only try the limits of the machine.
    private static SocketsHttpHandler NewConnections() => new() { UseProxy = false, MaxConnectionsPerServer = 100 };
}
