using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Http;

/// <summary>An app with the client 'billing' and the HttpClient 'api', its services built when they are first wanted.</summary>
internal sealed class App : IAsyncDisposable, IDisposable
{
    public const string Name = "api";

    private readonly Lazy<ServiceProvider> _provider;
    private readonly Lazy<HttpClient> _http;

    /// <param name="client">Settings over those that work.</param>
    /// <param name="before">What is configured on the HttpClient before the handler.</param>
    /// <param name="server">A server, in the place of <see cref="Tokens"/> and <see cref="Api"/>.</param>
    /// <param name="parameters">What the handler asks for.</param>
    public App(Action<ClientCredentialsOptions>? client = null, Action<IHttpClientBuilder>? before = null, TestAuthorizationServer? server = null, TokenParameters? parameters = null)
    {
        Services.AddSingleton<TimeProvider>(Clock);
        Services.AddLogging(logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Trace));
        Client = Services.AddClientCredentials();
        Client.AddClient("billing", options =>
        {
            options.TokenUrl = server?.TokenUrl ?? new Uri("https://login.example.com/token");
            options.ClientId = "billing";
            options.ClientSecret = "s3cret";
            options.ApiUrl = server?.ApiUrl ?? new Uri("https://api.example.com/");
            client?.Invoke(options);
        });
        Client.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => server?.CreateHandler() ?? Tokens));
        Http = Services.AddHttpClient(Name);
        before?.Invoke(Http);
        Http.AddClientCredentialsHandler("billing", parameters).ConfigurePrimaryHttpMessageHandler(() => server?.CreateHandler() ?? Api);
        _provider = new(() => Services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
        _http = new(() => CreateClient(Name));
    }

    public ServiceCollection Services { get; } = new();

    public ManualClock Clock { get; } = new();

    public LogBook Log { get; } = new();

    public Wire Tokens { get; } = Wire.OfTokens();

    public Wire Api { get; } = new();

    public ClientCredentialsBuilder Client { get; }

    /// <summary>What may still be configured on the HttpClient, after the handler.</summary>
    public IHttpClientBuilder Http { get; }

    public bool IsBuilt => _provider.IsValueCreated;

    public ServiceProvider Provider => _provider.Value;

    public HttpClient Caller => _http.Value;

    public IClientCredentials Credentials => Provider.GetRequiredService<IClientCredentials>();

    public HttpClient CreateClient(string name) => Provider.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    public static Task<TestAuthorizationServer> StartServerAsync(ManualClock? clock = null) => TestAuthorizationServer.StartInMemoryAsync(options =>
    {
        options.TimeProvider = clock ?? new ManualClock();
        options.AddClient("billing", "s3cret");
    });

    public void Dispose()
    {
        if (_provider.IsValueCreated)
        {
            _provider.Value.Dispose();
        }
    }

    public ValueTask DisposeAsync() => _provider.IsValueCreated ? _provider.Value.DisposeAsync() : ValueTask.CompletedTask;
}
