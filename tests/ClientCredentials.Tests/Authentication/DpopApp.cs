using System.Buffers.Text;
using System.Text.Json;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Authentication;

/// <summary>An app with the client 'billing', whose tokens are bound to a key, and the server that binds and checks them; both by one manual clock.</summary>
internal sealed class DpopApp : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private DpopApp(TestAuthorizationServer server, ManualClock clock, ServiceProvider services) => (Server, Clock, _services) = (server, clock, services);

    public ManualClock Clock { get; }

    public TestAuthorizationServer Server { get; }

    public IClientCredentials Credentials => _services.GetRequiredService<IClientCredentials>();

    /// <summary>Calls the API with tokens.</summary>
    public HttpClient Api => _services.GetRequiredService<IHttpClientFactory>().CreateClient("api");

    public static async Task<DpopApp> StartAsync(
        Action<ClientCredentialsOptions>? configure = null, Action<ClientCredentialsBuilder>? build = null, Action<TestClient>? register = null, string? secret = "s3cret", bool onLoopback = false)
    {
        ManualClock clock = new();
        Action<TestServerOptions> setUp = o =>
        {
            o.TimeProvider = clock;
            o.AddClient("billing-app", secret, client =>
            {
                client.Dpop = ClientDpop.Required;
                register?.Invoke(client);
            });
        };
        TestAuthorizationServer server = await (onLoopback ? TestAuthorizationServer.StartAsync(setUp) : TestAuthorizationServer.StartInMemoryAsync(setUp));
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(clock);
        services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(server.CreateHandler).AddClientCredentialsHandler("billing");
        ClientCredentialsBuilder builder = services.AddClientCredentials()
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(server.CreateHandler))
            .AddClient("billing", client =>
            {
                client.TokenUrl = server.TokenUrl;
                client.ApiUrl = server.ApiUrl;
                client.ClientId = "billing-app";
                client.ClientSecret = secret;
                client.RetryDelay = TimeSpan.Zero;
                client.Dpop.Enabled = true;
                configure?.Invoke(client);
            });
        build?.Invoke(builder);
        return new DpopApp(server, clock, services.BuildServiceProvider());
    }

    public async Task<AccessToken> TokenAsync() => await Credentials.GetTokenAsync("billing");

    public IServiceProvider Services => _services;

    public T Service<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>What validation at start says; nothing where all is well.</summary>
    public IReadOnlyList<string> StartProblems()
    {
        try
        {
            _services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }

    /// <summary>The claims of the proofs that an endpoint received.</summary>
    public static JsonElement[] Claims(EndpointScript endpoint) => [.. endpoint.Received.Select(request => Part(request.Header("DPoP")!, 1))];

    public static JsonElement Part(string jwt, int part) => JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(jwt.Split('.')[part]));

    public static string? Text(JsonElement claims, string name) => claims.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Server.DisposeAsync();
    }
}
