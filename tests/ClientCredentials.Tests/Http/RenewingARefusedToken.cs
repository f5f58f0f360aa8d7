using System.Net;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Http;

public class RenewingARefusedToken
{
    [Fact]
    [Trait("Scenario", "T49")]
    public async Task An_api_that_refuses_every_token_costs_one_renewal_per_pause()
    {
        await using TestAuthorizationServer server = await App.StartServerAsync();
        await using App app = new(server: server);
        server.Api.Fail(HttpStatusCode.Unauthorized, times: int.MaxValue, error: "invalid_token");

        HttpResponseMessage first = await app.Caller.GetAsync("x");
        (int Api, int Tokens) afterFirst = (server.Api.Count, server.TokenEndpoint.Count);
        HttpResponseMessage[] further = [await app.Caller.GetAsync("x"), await app.Caller.GetAsync("x"), await app.Caller.GetAsync("x")];

        Assert.Equal((2, 2), afterFirst);
        Assert.Equal((5, 2), (server.Api.Count, server.TokenEndpoint.Count));
        Assert.All([first, .. further], response => Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode));
        Assert.Single(app.Log.Of(21));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    [Trait("Scenario", "T50")]
    public async Task Concurrent_refusals_of_one_token_cause_one_renewal(int callers)
    {
        await using TestAuthorizationServer server = await App.StartServerAsync();
        await using App app = new(server: server);
        await app.Caller.GetAsync("warm");
        server.RevokeAllTokens();
        Task<HttpResponseMessage>[] calls;
        using (server.Api.Hold())
        {
            calls = [.. Enumerable.Range(0, callers).Select(_ => app.Caller.GetAsync("x"))];
            await server.Api.WaitForAsync(1 + callers);
        }

        HttpResponseMessage[] responses = await Task.WhenAll(calls);

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(2, server.TokenEndpoint.Count);
        Assert.Equal(1 + (2 * callers), server.Api.Count);
    }

    [Fact]
    [Trait("Scenario", "T51")]
    public async Task A_refusal_that_comes_late_is_sent_again_with_the_current_token()
    {
        await using App app = new();
        app.Api.Answer(async (_, token) =>
        {
            // While this request is on its way, another one has its token refused and renewed.
            app.Api.Answer(HttpStatusCode.Unauthorized);
            await app.Caller.GetAsync("other", token);
            return new(HttpStatusCode.Unauthorized);
        });

        HttpResponseMessage response = await app.Caller.GetAsync("late");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, app.Tokens.Count);
        Assert.Equal(["Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2"], app.Api.Tokens);
    }

    [Fact]
    [Trait("Scenario", "T76")]
    public async Task The_request_is_sent_again_at_once()
    {
        await using App app = new();
        app.Api.Answer(HttpStatusCode.Unauthorized);

        // Nobody moves the clock: a pause would never end.
        HttpResponseMessage response = await app.Caller.GetAsync("x");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], app.Api.Tokens);
    }

    [Fact]
    [Trait("Scenario", "T106")]
    public async Task A_token_that_the_server_gives_again_is_not_sent_again()
    {
        await using App app = new();
        app.Tokens.Otherwise = _ => Wire.Json(HttpStatusCode.OK, """{"access_token":"the-same","token_type":"Bearer","expires_in":3600}""");
        app.Api.Otherwise = _ => new(HttpStatusCode.Unauthorized) { Content = new StringContent("who are you?") };

        HttpResponseMessage first = await app.Caller.GetAsync("x");
        (int Api, int Tokens) afterFirst = (app.Api.Count, app.Tokens.Count);
        await app.Caller.GetAsync("x");

        Assert.Equal(HttpStatusCode.Unauthorized, first.StatusCode);
        Assert.Equal("who are you?", await first.Content.ReadAsStringAsync());
        Assert.Equal((1, 2), afterFirst);
        Assert.Equal((2, 2), (app.Api.Count, app.Tokens.Count));
        Assert.Single(app.Log.Of(21));
    }

    [Fact]
    [Trait("Scenario", "T103")]
    public async Task An_api_that_refuses_every_token_costs_another_api_its_token_once_a_pause()
    {
        await using App app = new();
        Wire refusing = new() { Otherwise = _ => new(HttpStatusCode.Unauthorized) };
        app.Services.AddHttpClient("refusing").AddClientCredentialsHandler("billing").ConfigurePrimaryHttpMessageHandler(() => refusing);
        HttpClient bad = app.CreateClient("refusing");

        for (int second = 0; second < 60; second++)
        {
            await bad.GetAsync("x");
            await app.Caller.GetAsync("x");
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        // The first token, and the renewals at 0, 10 and 30 seconds: the pause doubles.
        Assert.Equal(4, app.Tokens.Count);
        Assert.Equal(["Bearer token-2", "Bearer token-3", "Bearer token-4"], app.Api.Tokens.Distinct());
        Assert.Equal(60, app.Api.Count);
    }

    [Fact]
    public async Task The_second_refusal_goes_back_to_the_caller_as_it_is()
    {
        await using App app = new();
        app.Api.Answer(HttpStatusCode.Unauthorized).Answer(_ => new(HttpStatusCode.Unauthorized) { Content = new StringContent("still no") });

        HttpResponseMessage response = await app.Caller.GetAsync("x");

        Assert.Equal("still no", await response.Content.ReadAsStringAsync());
    }
}
