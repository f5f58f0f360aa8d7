using System.Net;
using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.FrontDoor;
using ClientCredentials.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Http;

public class OtherClients : OneServer
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_is_sent_as_the_client_that_it_names(bool synchronous)
    {
        Server.AddClient("reports", "s3cret");
        await using SettingsApp app = App();
        HttpRequestMessage request = Get("a").UseClientCredentials("reports");

        // In memory there is no synchronous way: what is asked is whether ours is.
        HttpResponseMessage response = synchronous ? await Task.Run(() => app.Http("sync").Send(request)) : await app.Http("api").SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["reports"], Server.TokenEndpoint.Received.Select(asked => asked.ClientId));
    }

    [Fact]
    public async Task It_names_a_kind_of_token_of_its_own()
    {
        await using SettingsApp app = App();

        await app.Http("api").SendAsync(Get("a").UseClientCredentials(new TokenParameters { Scopes = ["x"] }));
        await app.Http("api").SendAsync(Get("b").UseClientCredentials(new TokenParameters { Scopes = ["x"] }));
        await app.Http("api").GetAsync("c");

        Assert.Equal(["x", null], Server.TokenEndpoint.Received.Select(request => request.FormValue("scope")));
        Assert.Equal(2, Server.Api.Received.Select(request => request.Token).Distinct().Count());
    }

    [Fact]
    public async Task It_goes_only_where_that_client_s_tokens_may()
    {
        Server.AddClient("reports", "s3cret");
        await using SettingsApp app = App("https://reports.example.com/");

        ClientCredentialsException failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Http("api").SendAsync(Get("a").UseClientCredentials("reports")));

        Assert.Equal(FailureReason.OriginNotAllowed, failure.Reason);
        Assert.StartsWith("Client 'reports': the request to ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("tokens may go to https://reports.example.com. Add the origin to AllowedOrigins, or set ApiUrl.", failure.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (Server.Api.Count, Server.TokenEndpoint.Count));
    }

    [Fact]
    public async Task A_name_that_nobody_knows_fails_and_nothing_is_sent()
    {
        await using SettingsApp app = App();

        ClientCredentialsException failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Http("api").SendAsync(Get("a").UseClientCredentials("report")));

        Assert.Equal("Client 'report' is not known; the clients are 'billing', 'reports'. Perhaps 'reports' is meant.", failure.Message);
        Assert.Equal(0, Server.Api.Count);
    }

    [Fact]
    public async Task An_http_client_of_no_client_sends_each_request_as_a_tenant()
    {
        await using TenantsApp app = new(Server, code: clients => clients.Services.AddHttpClient("api", http => http.BaseAddress = Server.ApiUrl).AddClientCredentialsHandler());

        HttpResponseMessage response = await app.Http("api").SendAsync(Get("a").UseClientCredentials("tenant-1"));
        ClientCredentialsException nobody = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Http("api").GetAsync("b"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["tenant-1"], app.LookedUp);
        Assert.StartsWith("No client is configured", nobody.Message, StringComparison.Ordinal);
        Assert.EndsWith(" A client that AddClientResolver finds is named by the request: UseClientCredentials.", nobody.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_s_refused_token_is_renewed_once()
    {
        await using TenantsApp app = new(Server, code: clients => clients.Services.AddHttpClient("api", http => http.BaseAddress = Server.ApiUrl).AddClientCredentialsHandler());
        await app.Http("api").SendAsync(Get("a").UseClientCredentials("tenant-1"));
        Server.RevokeAllTokens();

        HttpResponseMessage response = await app.Http("api").SendAsync(Get("b").UseClientCredentials("tenant-1"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([200, 401, 200], Server.Api.Received.Select(request => request.StatusCode));
    }

    [Fact]
    public async Task A_request_may_go_without_a_token_anywhere()
    {
        await using SettingsApp app = App();
        HttpClient http = app.Http("api");

        HttpResponseMessage bare = await http.SendAsync(Get("a").SkipClientCredentials());
        await http.SendAsync(Get($"http://localhost:{Server.BaseUrl.Port}/api/b").SkipClientCredentials());

        Assert.Equal(HttpStatusCode.Unauthorized, bare.StatusCode);
        Assert.All(Server.Api.Received, request => Assert.Null(request.Header("Authorization")));
        Assert.Equal((2, 0), (Server.Api.Count, Server.TokenEndpoint.Count));
    }

    [Fact]
    public async Task What_is_asked_for_last_holds()
    {
        await using SettingsApp app = App();

        await app.Http("api").SendAsync(Get("a").SkipClientCredentials().UseClientCredentials(new TokenParameters { Scopes = ["x"] }));
        await app.Http("api").SendAsync(Get("b").UseClientCredentials("reports").SkipClientCredentials());

        Assert.Equal([200, 401], Server.Api.Received.Select(request => request.StatusCode));
        Assert.Equal(["x"], Server.TokenEndpoint.Received.Select(request => request.FormValue("scope")));
    }

    [Fact]
    public async Task It_holds_for_its_request_alone()
    {
        await using SettingsApp app = App();

        await app.Http("api").SendAsync(Get("a").SkipClientCredentials());
        HttpResponseMessage next = await app.Http("api").GetAsync("b");

        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    private static HttpRequestMessage Get(string url) => new(HttpMethod.Get, url);

    private SettingsApp App(string? reportsApi = null) => new(
        $$"""
        { "Clients": {
            "billing": { "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "s3cret", "ApiUrl": "{{Server.ApiUrl}}" },
            "reports": { "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "reports", "ClientSecret": "s3cret", "ApiUrl": "{{reportsApi ?? Server.ApiUrl.ToString()}}" } } }
        """,
        clients =>
        {
            clients.Services.AddHttpClient("api").AddClientCredentialsHandler("billing");
            clients.Services.AddHttpClient("sync").AddClientCredentialsHandler("billing").ConfigurePrimaryHttpMessageHandler(() => new Waiting(Server.CreateHandler()));
        },
        server: Server);

    /// <summary>Gives the server in memory, which knows no synchronous way, one.</summary>
    private sealed class Waiting(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            base.SendAsync(request, cancellationToken).GetAwaiter().GetResult();
    }
}
