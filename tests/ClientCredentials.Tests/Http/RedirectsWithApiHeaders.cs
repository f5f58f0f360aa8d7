using System.Net;
using ClientCredentials.Http;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Http;

public class RedirectsWithApiHeaders
{
    private const string Key = "X-Subscription-Key";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_redirect_to_another_origin_does_not_take_them_along(bool isSynchronous)
    {
        await using TestAuthorizationServer server = await StartAsync();
        await using TestAuthorizationServer elsewhere = await StartAsync();
        await using App app = new(WithKey, server: server);
        // What is configured on the factory's own handler is no handler of the app's own.
        app.Services.AddHttpClient("plain").UseSocketsHttpHandler((handler, _) => handler.UseProxy = false).AddClientCredentialsHandler("billing");
        server.Api.Redirect(new Uri(elsewhere.ApiUrl, "invoices"));
        HttpClient caller = app.CreateClient("plain");
        using HttpRequestMessage request = new(HttpMethod.Get, "invoices");

        HttpResponseMessage response = isSynchronous ? caller.Send(request) : await caller.SendAsync(request);

        Assert.InRange((int)response.StatusCode, 300, 399);
        Assert.Equal(0, elsewhere.Api.Count);
        Assert.Empty(app.Log.Of(24));
    }

    [Fact]
    public async Task They_are_not_followed_where_only_another_profile_has_such_headers()
    {
        await using App app = new();
        app.Client.AddClient("billing", client => client.Profile = "Production");
        app.Client.AddProfile("billing", "Production", _ => { });
        app.Client.AddProfile("billing", "Staging", WithKey);

        Assert.False(PrimaryHandlerOf(app, "billing").AllowAutoRedirect);
    }

    [Fact]
    public async Task They_are_followed_where_there_are_no_such_headers()
    {
        await using App app = new();

        Assert.True(PrimaryHandlerOf(app, "billing").AllowAutoRedirect);
    }

    [Fact]
    public async Task They_are_followed_by_the_factory_s_handler_where_the_app_says_so()
    {
        await using App app = new(WithKey);

        Assert.True(PrimaryHandlerOf(app, "billing", http => http.UseSocketsHttpHandler((handler, _) => handler.AllowAutoRedirect = true)).AllowAutoRedirect);
    }

    [Fact]
    public async Task That_a_handler_of_the_app_s_own_follows_them_is_said_once()
    {
        await using TestAuthorizationServer server = await StartAsync();
        await using App app = new(WithKey, server: server);
        app.Http.ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler { UseProxy = false }).AddHttpMessageHandler(() => new Passing());

        await app.Caller.GetAsync("a");
        await Chains.NewClient(app.Provider, App.Name).GetAsync("b");

        LogEntry entry = Assert.Single(app.Log.Of(24));
        Assert.Equal(LogLevel.Warning, entry.Level);
        Assert.Equal(
            "HttpClient 'api' follows redirects, and these take the ApiHeaders of client 'billing' along wherever they lead. Give it a primary handler with AllowAutoRedirect off.",
            entry.Message);
        Assert.Equal(["k1", "k1"], server.Api.Received.Select(request => request.Headers[Key].ToString()));
    }

    [Fact]
    public async Task It_is_said_too_where_one_request_names_a_client_that_has_such_headers()
    {
        await using TestAuthorizationServer server = await StartAsync();
        await using App app = new(server: server);
        app.Client.AddClient("reports", client =>
        {
            (client.TokenUrl, client.ApiUrl, client.ClientId, client.ClientSecret) = (server.TokenUrl, server.ApiUrl, "billing", "s3cret");
            WithKey(client);
        });
        app.Http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false });

        await app.Caller.GetAsync("a");
        int before = app.Log.Of(24).Count;
        await app.Caller.SendAsync(new HttpRequestMessage(HttpMethod.Get, "b").UseClientCredentials("reports"));

        Assert.Equal(0, before);
        Assert.Contains("the ApiHeaders of client 'reports'", Assert.Single(app.Log.Of(24)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_of_the_app_s_own_that_follows_none_is_no_warning()
    {
        await using TestAuthorizationServer server = await StartAsync();
        await using App app = new(WithKey, server: server);
        app.Http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

        HttpResponseMessage response = await app.Caller.GetAsync("a");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(app.Log.Of(24));
    }

    private static Task<TestAuthorizationServer> StartAsync() => TestAuthorizationServer.StartAsync(options => options.AddClient("billing", "s3cret"));

    private static SocketsHttpHandler PrimaryHandlerOf(App app, string client, Action<IHttpClientBuilder>? configure = null)
    {
        IHttpClientBuilder http = app.Services.AddHttpClient("plain").AddClientCredentialsHandler(client);
        configure?.Invoke(http);
        CertificateRouter router = Assert.IsType<CertificateRouter>(Chains.New(app.Provider, "plain").PrimaryHandler);
        return Assert.IsType<SocketsHttpHandler>(router.InnerHandler);
    }

    private static void WithKey(ClientCredentialsOptions client) => client.ApiHeaders[Key] = "k1";

    private sealed class Passing : DelegatingHandler;
}
