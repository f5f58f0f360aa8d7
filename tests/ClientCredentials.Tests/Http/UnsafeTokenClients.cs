using System.Net;
using ClientCredentials.Http;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Http;

public class UnsafeTokenClients
{
    private const string TokenClient = "ClientCredentials:billing";

    [Theory]
    [Trait("Scenario", "T96")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Redirects_cookies_and_credentials_are_off_whatever_the_apps_handler_says(int wrapped)
    {
        await using App app = new();
        SocketsHttpHandler sockets = new() { AllowAutoRedirect = true, UseCookies = true, Credentials = CredentialCache.DefaultCredentials };
        app.Client.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => Wrap(sockets, wrapped)));

        Chains.New(app.Provider, TokenClient);

        Assert.Equal((false, false, null), (sockets.AllowAutoRedirect, sockets.UseCookies, sockets.Credentials));
    }

    [Theory]
    [Trait("Scenario", "T96")]
    [InlineData(0)]
    [InlineData(1)]
    public async Task So_they_are_on_the_older_handler(int wrapped)
    {
        await using App app = new();
        HttpClientHandler classic = new() { AllowAutoRedirect = true, UseCookies = true, UseDefaultCredentials = true };
        app.Client.ConfigureTokenClient("billing", http => http.ConfigurePrimaryHttpMessageHandler(() => Wrap(classic, wrapped)));

        Chains.New(app.Provider, TokenClient);

        Assert.Equal((false, false, false, null), (classic.AllowAutoRedirect, classic.UseCookies, classic.UseDefaultCredentials, classic.Credentials));
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public async Task One_of_them_is_enough_to_be_switched_off(bool redirects, bool cookies, bool credentials)
    {
        await using App app = new();
        ICredentials? own = credentials ? CredentialCache.DefaultCredentials : null;
        SocketsHttpHandler sockets = new() { AllowAutoRedirect = redirects, UseCookies = cookies, Credentials = own };
        HttpClientHandler classic = new() { AllowAutoRedirect = redirects, UseCookies = cookies, UseDefaultCredentials = credentials };
        HttpClientHandler named = new() { AllowAutoRedirect = false, UseCookies = false, Credentials = own };
        Queue<HttpMessageHandler> handlers = new([sockets, classic, named]);
        app.Client.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => handlers.Dequeue()));

        Chains.New(app.Provider, TokenClient);
        Chains.New(app.Provider, TokenClient);
        Chains.New(app.Provider, TokenClient);

        Assert.Equal((false, false, null), (sockets.AllowAutoRedirect, sockets.UseCookies, sockets.Credentials));
        Assert.Equal((false, false, false), (classic.AllowAutoRedirect, classic.UseCookies, classic.UseDefaultCredentials));
        Assert.Null(named.Credentials);
    }

    [Fact]
    [Trait("Scenario", "T96")]
    public async Task So_they_are_where_the_app_configures_nothing()
    {
        await using App app = new();
        await using ServiceProvider provider = new ServiceCollection().AddClientCredentials().AddClient("billing", _ => { }).Services.BuildServiceProvider();

        HttpMessageHandler primary = Chains.New(provider, TokenClient).PrimaryHandler;

        Assert.Equal((false, false), Settings(primary));
    }

    [Fact]
    [Trait("Scenario", "T96")]
    public async Task On_the_wire_a_redirect_gets_nothing_and_a_cookie_does_not_come_back()
    {
        await using TestAuthorizationServer server = await StartAsync();
        await using TestAuthorizationServer other = await StartAsync();
        await using App app = new(server: server);
        app.Client.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = true, UseCookies = true, UseProxy = false }));
        server.TokenEndpoint.Answer(HttpStatusCode.TemporaryRedirect, "", headers: [("Location", other.TokenUrl.OriginalString), ("Set-Cookie", "a=b")]);

        ConnectResult redirected = await app.Credentials.ConnectAsync("billing");
        ConnectResult result = await app.Credentials.ConnectAsync("billing");

        Assert.Equal((false, true), (redirected.IsOK, result.IsOK));
        Assert.Equal(0, other.TokenEndpoint.Count);
        Assert.Null(server.TokenEndpoint.Received[1].Header("Cookie"));
    }

    [Fact]
    public async Task A_handler_that_is_in_use_and_cannot_be_made_safe_sends_nothing_and_says_why()
    {
        await using TestAuthorizationServer server = await StartAsync();
        using SocketsHttpHandler shared = new() { AllowAutoRedirect = true, UseProxy = false };
        using HttpMessageInvoker user = new(shared, disposeHandler: false);
        await user.SendAsync(new HttpRequestMessage(HttpMethod.Get, server.BaseUrl), default);
        await using App app = new(server: server);
        app.Client.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => Wrap(shared, 1)));

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("x"));

        Assert.Equal((FailureReason.NotConfigured, false), (exception.Reason, exception.IsTransient));
        Assert.Equal(
            "Client 'billing': nothing was sent: the primary handler of the token client follows redirects, keeps cookies or sends credentials of the machine, and is in use already, so that this could not be switched off. Give ConfigureTokenClient a handler of its own, or one with AllowAutoRedirect and UseCookies off and no Credentials.",
            exception.Message);
        Assert.Equal((0, 0), (server.TokenEndpoint.Count, server.Api.Count));
    }

    [Fact]
    public async Task The_next_handler_of_the_app_is_looked_at_anew()
    {
        await using TestAuthorizationServer server = await StartAsync();
        using SocketsHttpHandler shared = new() { UseProxy = false };
        using HttpMessageInvoker user = new(shared, disposeHandler: false);
        await user.SendAsync(new HttpRequestMessage(HttpMethod.Get, server.BaseUrl), default);
        Queue<HttpMessageHandler> handlers = new([shared, new SocketsHttpHandler { UseProxy = false }]);
        await using App app = new(server: server);
        app.Client.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => handlers.Dequeue()));

        using HttpClient first = Chains.NewClient(app.Provider, TokenClient);
        using HttpClient second = Chains.NewClient(app.Provider, TokenClient);

        await Assert.ThrowsAnyAsync<Exception>(() => first.GetAsync(server.TokenUrl));
        Assert.Equal(HttpStatusCode.BadRequest, (await second.PostAsync(server.TokenUrl, null)).StatusCode);
        Assert.Equal(1, server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_handler_that_is_in_use_and_safe_is_used()
    {
        await using TestAuthorizationServer server = await StartAsync();
        using SocketsHttpHandler shared = new() { AllowAutoRedirect = false, UseCookies = false, UseProxy = false };
        using HttpMessageInvoker user = new(shared, disposeHandler: false);
        await user.SendAsync(new HttpRequestMessage(HttpMethod.Get, server.BaseUrl), default);
        await using App app = new(client => client.MaxRetries = 0, server: server);
        app.Client.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => Wrap(shared, 1)));

        AccessToken token = await app.Credentials.GetTokenAsync("billing");

        Assert.Equal(AccessToken.Bearer, token.Type);
    }

    [Fact]
    public async Task A_token_client_that_cannot_be_made_is_a_mistake_of_the_app_and_no_outage()
    {
        await using App app = new();
        app.Client.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => throw new InvalidOperationException("No such proxy.")));

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("x"));

        Assert.Equal((FailureReason.NotConfigured, false), (exception.Reason, exception.IsTransient));
        Assert.Equal("Client 'billing': nothing was sent: the HttpClient 'ClientCredentials:billing' cannot be made. No such proxy.", exception.Message);
        Assert.IsType<InvalidOperationException>(exception.InnerException);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_check_of_the_apps_own_is_warned_of_once(bool isClassic)
    {
        await using App app = new();
        app.Client.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => isClassic
            ? new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => false }
            : new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => false } }));

        Chains.New(app.Provider, TokenClient);
        Chains.New(app.Provider, TokenClient);

        LogEntry entry = Assert.Single(app.Log.Of(30));
        Assert.Equal(LogLevel.Warning, entry.Level);
        Assert.Equal("The token client 'ClientCredentials:billing' has a certificate check of the app's own; whoever passes it can read the credentials.", entry.Message);
    }

    private static Task<TestAuthorizationServer> StartAsync() => TestAuthorizationServer.StartAsync(options => options.AddClient("billing", "s3cret"));

    private static HttpMessageHandler Wrap(HttpMessageHandler handler, int times) => times == 0 ? handler : Wrap(new Passing(handler), times - 1);

    private static (bool AllowAutoRedirect, bool UseCookies) Settings(HttpMessageHandler handler) => handler switch
    {
        SocketsHttpHandler sockets => (sockets.AllowAutoRedirect, sockets.UseCookies),
        HttpClientHandler classic => (classic.AllowAutoRedirect, classic.UseCookies),
        CertificateRouter router => Settings(router.InnerHandler!),
        _ => (true, true),
    };

    private sealed class Passing(HttpMessageHandler inner) : DelegatingHandler(inner);
}
