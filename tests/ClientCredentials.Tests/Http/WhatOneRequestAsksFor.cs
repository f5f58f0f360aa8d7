using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Http;

public class WhatOneRequestAsksFor
{
    private static readonly TokenParameters Staging = new() { Profile = "Staging" };

    [Fact]
    [Trait("Scenario", "T109")]
    public async Task A_request_for_another_profile_moves_below_its_ApiUrl_with_its_token()
    {
        await using App app = WithProfiles();
        HttpRequestMessage request = new HttpRequestMessage(HttpMethod.Get, "invoices/1%2F2?page=1").UseClientCredentials(Staging);

        await app.Caller.SendAsync(request);

        Arrival arrival = Assert.Single(app.Api.Arrivals);
        Assert.Equal(("https://staging.example.com/v2/invoices/1%2F2?page=1", "Bearer token-1"), (arrival.Url, arrival.Header("Authorization")));
        Assert.Equal("https://login.staging.example.com/token", Assert.Single(app.Tokens.Arrivals).Url);
    }

    [Fact]
    [Trait("Scenario", "T109")]
    public async Task Its_second_try_goes_there_too_with_a_new_token_of_that_profile()
    {
        await using App app = WithProfiles();
        app.Api.Answer(HttpStatusCode.Unauthorized);

        await app.Caller.SendAsync(new HttpRequestMessage(HttpMethod.Get, "x").UseClientCredentials(Staging));

        Assert.Equal(["https://staging.example.com/v2/x", "https://staging.example.com/v2/x"], app.Api.Arrivals.Select(arrival => arrival.Url));
        Assert.Equal(["Bearer token-1", "Bearer token-2"], app.Api.Tokens);
        Assert.All(app.Tokens.Arrivals, arrival => Assert.Equal("https://login.staging.example.com/token", arrival.Url));
    }

    [Theory]
    [InlineData("https://api.example.com/v1/x")]
    [InlineData("https://api.example.com/other")]
    [InlineData("https://own.example.com/x")]
    public async Task The_token_of_another_profile_goes_to_nothing_that_is_the_active_ones(string url)
    {
        await using App app = WithProfiles(apiUrlOfStaging: null);
        app.Http.ConfigureHttpClient(http => http.BaseAddress = new Uri("https://own.example.com/"));

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() =>
            app.Caller.SendAsync(new HttpRequestMessage(HttpMethod.Get, url).UseClientCredentials(Staging)));

        Assert.Equal((FailureReason.OriginNotAllowed, "Staging"), (exception.Reason, exception.Profile));
        Assert.Equal((0, 0), (app.Api.Count, app.Tokens.Count));
    }

    [Fact]
    [Trait("Scenario", "T73")]
    public async Task Tokens_of_two_profiles_with_the_same_api_never_cross()
    {
        await using App app = WithProfiles(apiUrlOfStaging: "https://api.example.com/v1/");
        app.Tokens.Otherwise = arrival => Wire.Json(HttpStatusCode.OK, $$"""{"access_token":"of-{{new Uri(arrival.Url).Host}}","token_type":"Bearer","expires_in":3600}""");

        for (int call = 0; call < 3; call++)
        {
            await app.Caller.GetAsync("production");
            await app.Caller.SendAsync(new HttpRequestMessage(HttpMethod.Get, "staging").UseClientCredentials(Staging));
        }

        Assert.All(app.Api.Arrivals, arrival => Assert.Equal(
            arrival.Url.EndsWith("staging", StringComparison.Ordinal) ? "Bearer of-login.staging.example.com" : "Bearer of-login.example.com",
            arrival.Header("Authorization")));
        Assert.Equal(6, app.Api.Count);
        Assert.Equal(2, app.Tokens.Count);
        Assert.Equal(["Client 'billing' (profile 'Production') got a token", "Client 'billing' (profile 'Staging') got a token"], app.Log.Of(10).Select(entry => entry.Message.Split(':')[0]));
    }

    [Fact]
    public async Task A_request_that_names_no_profile_stays_with_that_of_its_handler()
    {
        await using App app = WithProfiles(handler: Staging);
        HttpRequestMessage request = new HttpRequestMessage(HttpMethod.Get, "x").UseClientCredentials(new TokenParameters { Scopes = ["read"] });

        await app.Caller.SendAsync(request);

        Assert.Equal("https://staging.example.com/v2/x", Assert.Single(app.Api.Arrivals).Url);
        Assert.Equal("https://login.staging.example.com/token", Assert.Single(app.Tokens.Arrivals).Url);
    }

    [Fact]
    public async Task A_handler_for_another_profile_has_its_base_address()
    {
        await using App app = WithProfiles(handler: Staging);

        await app.Caller.GetAsync("x");

        Assert.Equal("https://staging.example.com/v2/x", Assert.Single(app.Api.Arrivals).Url);
        Assert.Equal("https://login.staging.example.com/token", Assert.Single(app.Tokens.Arrivals).Url);
    }

    [Fact]
    [Trait("Scenario", "T75")]
    public async Task Requests_with_different_parameters_have_different_tokens()
    {
        await using App app = new();

        await app.Caller.GetAsync("usual");
        await app.Caller.SendAsync(new HttpRequestMessage(HttpMethod.Get, "a").UseClientCredentials(new TokenParameters { Audience = "a" }));
        await app.Caller.SendAsync(new HttpRequestMessage(HttpMethod.Get, "b").UseClientCredentials(new TokenParameters { Audience = "b" }));
        await app.Caller.SendAsync(new HttpRequestMessage(HttpMethod.Get, "a").UseClientCredentials(new TokenParameters { Audience = "a" }));

        Assert.Equal(["Bearer token-1", "Bearer token-2", "Bearer token-3", "Bearer token-2"], app.Api.Tokens);
    }

    [Fact]
    public async Task A_request_that_skips_has_neither_token_nor_check_of_where_it_goes()
    {
        await using App app = new();
        app.Api.Answer(HttpStatusCode.Unauthorized);
        HttpRequestMessage request = new HttpRequestMessage(HttpMethod.Get, "https://anywhere.example/").SkipClientCredentials();

        HttpResponseMessage response = await app.Caller.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Null(Assert.Single(app.Api.Arrivals).Header("Authorization"));
        Assert.Equal(0, app.Tokens.Count);
    }

    [Fact]
    public async Task What_breaks_the_rules_fails_before_anything_is_sent()
    {
        await using App app = new();
        HttpRequestMessage request = new HttpRequestMessage(HttpMethod.Get, "x").UseClientCredentials(new TokenParameters { Scopes = ["a b"] });

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.SendAsync(request));

        Assert.Equal(FailureReason.NotConfigured, exception.Reason);
        Assert.Equal((0, 0), (app.Api.Count, app.Tokens.Count));
    }

    private static App WithProfiles(string? apiUrlOfStaging = "https://staging.example.com/v2", TokenParameters? handler = null)
    {
        App app = new(client => client.ApiUrl = new Uri("https://api.example.com/v1"), parameters: handler);
        app.Client.AddClient("billing", client => client.Profile = "Production");
        app.Client.AddProfile("billing", "Production", _ => { });
        app.Client.AddProfile("billing", "Staging", client =>
        {
            client.TokenUrl = new Uri("https://login.staging.example.com/token");
            client.ClientSecret = "s3cret-staging";
            client.ApiUrl = apiUrlOfStaging is null ? null : new Uri(apiUrlOfStaging);
        });
        return app;
    }
}
