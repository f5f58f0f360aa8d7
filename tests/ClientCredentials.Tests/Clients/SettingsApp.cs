using ClientCredentials.Clients;
using ClientCredentials.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using RichardSzalay.MockHttp;

namespace ClientCredentials.Tests.Clients;

/// <summary>An app without a host: settings from a file that can be rewritten, code over them, a clock that stands still.</summary>
internal sealed class SettingsApp : IAsyncDisposable
{
    /// <summary>A secret that must be seen nowhere.</summary>
    public const string Canary = "canary+8f31";

    private readonly LiveJson _json;
    private readonly ServiceProvider _services;

    public SettingsApp(string section, Action<ClientCredentialsBuilder>? code = null, string? environment = null, TestAuthorizationServer? server = null)
    {
        _json = new LiveJson(section);
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Add(_json).Build());
        services.AddSingleton<TimeProvider>(Clock);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        if (environment is not null)
        {
            services.AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = environment });
        }

        // Without a server there is nothing but answers of 404: no test leaves the machine.
        Func<HttpMessageHandler> primary = server is null ? () => new MockHttpMessageHandler() : server.CreateHandler;
        ClientCredentialsBuilder builder = services.AddClientCredentials().ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(primary));
        services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(primary));
        code?.Invoke(builder);
        _services = services.BuildServiceProvider();
    }

    public ManualClock Clock { get; } = new();

    public LogLines Log { get; } = new();

    public IServiceProvider Services => _services;

    public IClientCredentials Credentials => _services.GetRequiredService<IClientCredentials>();

    public ClientSettings Settings => _services.GetRequiredService<ClientSettings>();

    public HttpClient Http(string name) => _services.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    public LiveSettings Live(string client = "billing", string? profile = null) => Settings.Get(client, profile).Settings!;

    /// <summary>The settings that are in effect.</summary>
    public ClientCredentialsOptions Options(string client = "billing", string? profile = null)
    {
        LiveSettings live = Live(client, profile);
        Assert.Empty(live.Problems);
        return live.Current!.Options;
    }

    public void Rewrite(string section, string unrelated = "") => _json.Rewrite(section, unrelated);

    public async Task<string> TokenAsync(string client = "billing", TokenParameters? parameters = null) =>
        (await Credentials.GetTokenAsync(client, parameters)).Reveal();

    public async Task<ClientCredentialsException> FailureAsync(string client = "billing", TokenParameters? parameters = null) =>
        await Assert.ThrowsAsync<ClientCredentialsException>(async () => await Credentials.GetTokenAsync(client, parameters));

    /// <summary>What is told of statuses.</summary>
    public SerialQueue News => Heralds.Of(_services);

    /// <summary>Completes when the subscribers of StatusChanged have been told all that happened.</summary>
    public Task ToldAsync() => Heralds.ToldAsync(_services);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
