using ClientCredentials.Testing;
using ClientCredentials.Tests.Clients;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Http;

/// <summary>An app with the client 'billing', Live active and Test beside it, each with a server and an API of its own. The HttpClient is 'api'.</summary>
public abstract class TwoEnvironments : IAsyncLifetime
{
    protected TestAuthorizationServer Live { get; private set; } = null!;

    protected TestAuthorizationServer Test { get; private set; } = null!;

    protected static TokenParameters InTest { get; } = new() { Profile = "test" };

    public async Task InitializeAsync()
    {
        Live = await TestAuthorizationServer.StartAsync(options => options.AddClient("billing-live", "l1ve"));
        Test = await TestAuthorizationServer.StartAsync(options => options.AddClient("billing-test", "t3st"));
    }

    public async Task DisposeAsync()
    {
        await Live.DisposeAsync();
        await Test.DisposeAsync();
    }

    /// <param name="parameters">What the handler asks for.</param>
    /// <param name="http">What else is configured on the HttpClient.</param>
    /// <param name="client">Further settings of the client.</param>
    /// <param name="code">What else is added.</param>
    internal SettingsApp App(TokenParameters? parameters = null, Action<IHttpClientBuilder>? http = null, string client = "", Action<ClientCredentialsBuilder>? code = null) => new(
        $$"""
        { "Clients": { "billing": { "Profile": "Live", {{client}} "Profiles": {
            "Live": { "TokenUrl": "{{Live.TokenUrl}}", "ClientId": "billing-live", "ClientSecret": "l1ve", "ApiUrl": "{{Live.ApiUrl}}" },
            "Test": { "TokenUrl": "{{Test.TokenUrl}}", "ClientId": "billing-test", "ClientSecret": "t3st", "ApiUrl": "{{Test.ApiUrl}}" } } } } }
        """,
        clients =>
        {
            IHttpClientBuilder builder = clients.Services.AddHttpClient("api").AddClientCredentialsHandler("billing", parameters);
            http?.Invoke(builder);
            code?.Invoke(clients);
        },
        server: Live);

    /// <summary>What the API of an environment was asked for, and as whom.</summary>
    protected static string[] Asked(TestAuthorizationServer server) => [.. server.Api.Received.Select(request => $"{request.Target} {request.ClientId}")];

    protected static HttpRequestMessage Get(string url) => new(HttpMethod.Get, url);
}
