using System.Net;
using ClientCredentials.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Http;

public class OwnAuthorization
{
    [Theory]
    [Trait("Scenario", "T56")]
    [InlineData("Basic b3du")]
    [InlineData("Bearer own")]
    [InlineData("no scheme, no grammar")]
    [InlineData("")]
    public async Task A_header_of_the_requests_own_is_kept_and_no_token_fetched(string own)
    {
        await using App app = new();
        HttpRequestMessage request = new(HttpMethod.Get, "x");
        request.Headers.TryAddWithoutValidation("authorization", own);

        await app.Caller.SendAsync(request);

        Assert.Equal([own], app.Api.Tokens);
        Assert.Equal([own], request.Headers.NonValidated["Authorization"]);
        Assert.Equal(0, app.Tokens.Count);
    }

    [Fact]
    [Trait("Scenario", "T56")]
    public async Task A_default_header_of_the_HttpClient_is_kept_and_warned_of_once()
    {
        await using App app = new();
        app.Http.ConfigureHttpClient(http => http.DefaultRequestHeaders.Authorization = new("Bearer", "own"));

        await app.Caller.GetAsync("x");
        await app.CreateClient(App.Name).GetAsync("y");

        Assert.Equal(["Bearer own", "Bearer own"], app.Api.Tokens);
        Assert.Equal(0, app.Tokens.Count);
        LogEntry entry = Assert.Single(app.Log.Of(22));
        Assert.Equal(LogLevel.Warning, entry.Level);
        Assert.Equal("HttpClient 'api' sends requests that bring an Authorization header of their own; client 'billing' leaves them as they are. Set KeepOwnAuthorization if that is meant.", entry.Message);
    }

    [Fact]
    [Trait("Scenario", "T56")]
    public async Task Each_HttpClient_is_warned_of_for_itself()
    {
        await using App app = new();
        app.Services.AddHttpClient("other").AddClientCredentialsHandler("billing").ConfigurePrimaryHttpMessageHandler(() => app.Api);

        await app.Caller.SendAsync(Own());
        await app.CreateClient("other").SendAsync(Own("https://api.example.com/x"));

        Assert.Equal(["HttpClient 'api'", "HttpClient 'other'"], app.Log.Of(22).Select(entry => entry.Message.Split(" sends")[0]));
    }

    [Fact]
    public async Task It_is_kept_though_the_request_asks_for_a_kind_of_token()
    {
        await using App app = new();
        HttpRequestMessage request = Own().UseClientCredentials(new TokenParameters { Scopes = ["x"] });

        await app.Caller.SendAsync(request);

        Assert.Equal(["Basic own"], app.Api.Tokens);
        Assert.Equal(0, app.Tokens.Count);
    }

    [Fact]
    public async Task The_HttpClient_without_a_name_is_called_the_default()
    {
        await using App app = new();
        app.Services.AddHttpClient("").AddClientCredentialsHandler("billing").ConfigurePrimaryHttpMessageHandler(() => app.Api);

        await app.CreateClient("").SendAsync(Own("https://api.example.com/x"));

        Assert.StartsWith("HttpClient '(default)' sends", Assert.Single(app.Log.Of(22)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeepOwnAuthorization_silences_the_warning()
    {
        await using App app = new(client => client.KeepOwnAuthorization = true);

        await app.Caller.SendAsync(Own());

        Assert.Equal(["Basic own"], app.Api.Tokens);
        Assert.Empty(app.Log.Of(22));
    }

    [Fact]
    public async Task A_refusal_of_the_callers_own_header_is_the_callers()
    {
        await using App app = new();
        app.Api.Answer(HttpStatusCode.Unauthorized, "Bearer error=\"invalid_token\"");

        HttpResponseMessage response = await app.Caller.SendAsync(Own());

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal((1, 0), (app.Api.Count, app.Tokens.Count));
    }

    [Fact]
    [Trait("Scenario", "T85")]
    public async Task Of_two_handlers_for_two_clients_the_outer_one_gives_the_token()
    {
        await using App app = new();
        app.Client.AddClient("other", client =>
        {
            client.TokenUrl = new Uri("https://other.example.com/token");
            client.ClientId = "other";
            client.ClientSecret = "s3cret-too";
        });
        app.Http.AddClientCredentialsHandler("other");

        await app.Caller.GetAsync("x");

        Assert.Equal(["Bearer token-1"], app.Api.Tokens);
        Assert.Equal("https://login.example.com/token", Assert.Single(app.Tokens.Arrivals).Url);
        Assert.Equal("HttpClient 'api' sends requests that bring an Authorization header of their own; client 'other' leaves them as they are. Set KeepOwnAuthorization if that is meant.", Assert.Single(app.Log.Of(22)).Message);
    }

    [Fact]
    public async Task The_same_handler_twice_is_one()
    {
        await using App app = new();
        app.Http.AddClientCredentialsHandler("Billing").AddClientCredentialsHandler("billing");

        await app.Caller.GetAsync("x");

        HttpMessageHandlerBuilder chain = Chains.New(app.Provider, App.Name);
        Assert.Single(chain.AdditionalHandlers.OfType<ClientCredentialsHandler>());
        Assert.Empty(app.Log.Of(22));
    }

    private static HttpRequestMessage Own(string url = "x") => new(HttpMethod.Get, url) { Headers = { Authorization = new("Basic", "own") } };
}
