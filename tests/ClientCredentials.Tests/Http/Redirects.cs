using System.Net;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Http;

public class Redirects
{
    [Fact]
    [Trait("Scenario", "T54")]
    public async Task A_redirect_that_dropped_the_token_is_said_and_renews_nothing()
    {
        await using TestAuthorizationServer server = await TestAuthorizationServer.StartAsync(options => options.AddClient("billing", "s3cret"));
        await using App app = new(server: server);
        app.Http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false });
        server.Api.Redirect(new Uri(server.ApiUrl, "invoices/?page=1"));

        HttpResponseMessage response = await app.Caller.GetAsync("invoices?key=canary");
        server.Api.Clear();
        await app.Caller.GetAsync("again");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(1, server.TokenEndpoint.Count);
        Assert.Equal(3, server.Api.Count);
        LogEntry entry = Assert.Single(app.Log.Of(23));
        Assert.Equal(LogLevel.Warning, entry.Level);
        Assert.Equal(
            $"Client 'billing': an automatic redirect dropped the token: the request went to {server.ApiUrl}invoices, the answer 401 came from {server.ApiUrl}invoices/. Correct the address, often a missing slash at its end.",
            entry.Message);
    }

    [Fact]
    public async Task A_handler_below_that_changes_the_address_is_no_redirect()
    {
        await using App app = new();
        app.Http.AddHttpMessageHandler(() => new Rewriting());
        app.Api.Answer(HttpStatusCode.Unauthorized, "Bearer error=\"invalid_token\"");

        HttpResponseMessage response = await app.Caller.GetAsync("invoices");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], app.Api.Tokens);
        Assert.Empty(app.Log.Of(23));
    }

    [Fact]
    public async Task The_only_client_is_named_though_the_handler_does_not_name_it()
    {
        await using App app = new();
        app.Services.AddHttpClient("unnamed").AddClientCredentialsHandler().AddHttpMessageHandler(() => new Copying()).ConfigurePrimaryHttpMessageHandler(() => app.Api);
        app.Api.Answer(HttpStatusCode.Unauthorized);

        await app.CreateClient("unnamed").GetAsync("https://api.example.com/x");

        Assert.StartsWith("Client 'billing': an automatic redirect dropped the token", Assert.Single(app.Log.Of(23)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_is_built_anew_below_and_answered_elsewhere_is_a_redirect()
    {
        await using App app = new();
        app.Api.Answer(HttpStatusCode.Unauthorized);
        app.Http.AddHttpMessageHandler(() => new Copying());

        HttpResponseMessage response = await app.Caller.GetAsync("invoices");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(1, app.Tokens.Count);
    }

    private sealed class Rewriting : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri($"https://api.example.com/v2{request.RequestUri!.AbsolutePath.Replace("/v2", "", StringComparison.Ordinal)}");
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Copying : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            base.SendAsync(new HttpRequestMessage(request.Method, "https://elsewhere.example.com/"), cancellationToken);
    }
}
