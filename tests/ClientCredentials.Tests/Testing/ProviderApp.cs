using ClientCredentials.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Testing;

/// <summary>An app with the settings that a provider's file documents, and a server that acts as the provider. The client is 'billing', the HttpClient 'api'.</summary>
internal sealed class ProviderApp : IAsyncDisposable
{
    /// <summary>A secret that a wrong encoding would break.</summary>
    public const string Secret = "s3cret+/%=& ~";

    private readonly ServiceProvider _app;

    private ProviderApp(Provider provider, TestAuthorizationServer server, ManualClock clock, string secret)
    {
        Server = server;
        Clock = clock;
        Dictionary<string, string?> settings = provider.Settings.ToDictionary(pair => $"ClientCredentials:Clients:billing:{pair.Key}", pair => (string?)pair.Value);
        settings["ClientCredentials:Clients:billing:TokenUrl"] = server.TokenUrl + new Uri(provider.Settings["TokenUrl"]).Query;
        settings["ClientCredentials:Clients:billing:ApiUrl"] = server.ApiUrl.ToString();
        settings["ClientCredentials:Clients:billing:ClientSecret"] = secret;
        settings["ClientCredentials:Clients:billing:MaxRetries"] = "0";
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddSingleton<TimeProvider>(clock);
        services.AddClientCredentials().ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(server.CreateHandler));
        services.AddHttpClient("api").AddClientCredentialsHandler("billing").ConfigurePrimaryHttpMessageHandler(server.CreateHandler);
        _app = services.BuildServiceProvider();
    }

    public TestAuthorizationServer Server { get; }

    public ManualClock Clock { get; }

    public IClientCredentials Credentials => _app.GetRequiredService<IClientCredentials>();

    public HttpClient Http => _app.GetRequiredService<IHttpClientFactory>().CreateClient("api");

    public static async Task<ProviderApp> StartAsync(Provider provider, string secret = Secret, Action<TestClient>? client = null)
    {
        ManualClock clock = new();
        TestAuthorizationServer server = await TestAuthorizationServer.StartInMemoryAsync(options =>
        {
            options.TimeProvider = clock;
            options.UseProvider(provider);
            options.AddClient(provider.Settings["ClientId"], Secret, client);
        });
        return new ProviderApp(provider, server, clock, secret);
    }

    public async Task<AccessToken> TokenAsync() => await Credentials.GetTokenAsync("billing");

    public Task<ClientCredentialsException> FailureAsync() => Assert.ThrowsAsync<ClientCredentialsException>(TokenAsync);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Server.DisposeAsync();
    }
}
