using ClientCredentials.Clients;
using ClientCredentials.Http;
using ClientCredentials.Telemetry;
using ClientCredentials.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Benchmarks.Scene;

/// <summary>An app with one client, whose token endpoint is in memory.</summary>
internal sealed class App : IDisposable
{
    public const string Client = "billing";

    public static readonly Uri Url = new("https://api.example.com/v1/invoices/17?expand=lines");

    private readonly ServiceProvider _services;

    /// <param name="tokens">The token endpoint.</param>
    /// <param name="clock">The clock. Defaults to the machine's.</param>
    /// <param name="limit">How many kinds of tokens are held. Defaults to what the package says.</param>
    /// <param name="api">Where the API is. Defaults to where no request really goes.</param>
    /// <param name="configure">What else the client is to have. Defaults to nothing.</param>
    public App(HttpMessageHandler tokens, TimeProvider? clock = null, int limit = TokenSources.Limit, Uri? api = null, Action<ClientCredentialsOptions>? configure = null)
    {
        ServiceCollection services = new();
        services.AddSingleton(clock ?? TimeProvider.System);
        services.AddSingleton(new Jitter(() => 0));
        services.AddSingleton(app => new TokenSources(
            app.GetRequiredService<ClientSettings>(),
            app.GetRequiredService<TokenEndpoint>(),
            app.GetRequiredService<Clock>(),
            app.GetRequiredService<Jitter>(),
            app.GetRequiredService<ClientCredentialsMeter>(),
            app.GetRequiredService<ILogger<TokenSources>>(),
            limit: limit));
        services.AddClientCredentials()
            .AddClient(Client, options =>
            {
                options.TokenUrl = new Uri("https://login.example.com/oauth2/token");
                options.ClientId = "billing-app";
                options.ClientSecret = "not a secret";
                options.ApiUrl = new Uri(api ?? Url, "/");
                options.Scopes.Add("invoices.read");
                configure?.Invoke(options);
            })
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => tokens));
        _services = services.BuildServiceProvider();
    }

    public IClientCredentials Credentials => _services.GetRequiredService<IClientCredentials>();

    public TokenSources Sources => _services.GetRequiredService<TokenSources>();

    public static HttpRequestMessage NewRequest(Uri? url = null) => new(HttpMethod.Get, url ?? Url);

    /// <summary>Our handler over another, without what the factory would put between.</summary>
    public HttpMessageInvoker Over(HttpMessageHandler inner) => new(new ClientCredentialsHandler(_services, "api", Client, parameters: null) { InnerHandler = inner });

    public void Dispose() => _services.Dispose();
}
