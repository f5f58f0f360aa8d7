using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Http;

public class ApiHeaders
{
    private const string Key = "X-Subscription-Key";

    [Fact]
    public async Task They_go_with_the_token_and_with_the_second_try()
    {
        await using App app = new(WithKey);
        app.Api.Answer(HttpStatusCode.Unauthorized);

        await app.Caller.GetAsync("x");

        Assert.Equal(["k1", "k1"], app.Api.Arrivals.Select(arrival => arrival.Header(Key)));
    }

    [Fact]
    public async Task They_go_nowhere_else()
    {
        await using App app = new(WithKey);

        await app.Caller.SendAsync(new HttpRequestMessage(HttpMethod.Get, "x").SkipClientCredentials());
        await app.Caller.SendAsync(new HttpRequestMessage(HttpMethod.Get, "x") { Headers = { Authorization = new("Basic", "own") } });
        await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("https://other.example.com/"));
        await app.Credentials.GetTokenAsync("billing");

        Assert.Equal(2, app.Api.Count);
        Assert.All([.. app.Api.Arrivals, .. app.Tokens.Arrivals], arrival => Assert.Null(arrival.Header(Key)));
    }

    [Fact]
    public async Task The_callers_own_header_of_that_name_wins_and_stays()
    {
        await using App app = new(WithKey);
        HttpRequestMessage request = new(HttpMethod.Get, "x") { Headers = { { "x-subscription-key", "own" } } };

        await app.Caller.SendAsync(request);

        Assert.Equal("own", Assert.Single(app.Api.Arrivals).Header(Key));
        Assert.Equal(["own"], request.Headers.GetValues(Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_callers_own_header_stays_also_where_it_says_the_same(bool isSynchronous)
    {
        await using App app = new(WithKey);
        HttpRequestMessage request = new(HttpMethod.Get, "x") { Headers = { { Key, "k1" } } };

        HttpResponseMessage response = isSynchronous ? app.Caller.Send(request) : await app.Caller.SendAsync(request);

        Assert.Equal("k1", Assert.Single(app.Api.Arrivals).Header(Key));
        Assert.Equal(["k1"], response.RequestMessage!.Headers.GetValues(Key));
    }

    [Fact]
    public async Task They_are_those_of_the_profile_that_is_asked_for()
    {
        await using App app = new(WithKey);
        app.Client.AddClient("billing", client => client.Profile = "Production");
        app.Client.AddProfile("billing", "Production", client => client.ApiHeaders["X-Production"] = "p");
        app.Client.AddProfile("billing", "Staging", client =>
        {
            client.ClientSecret = "s3cret-staging";
            client.ApiHeaders[Key] = "k2";
        });

        await app.Caller.SendAsync(new HttpRequestMessage(HttpMethod.Get, "x").UseClientCredentials(new TokenParameters { Profile = "Staging" }));

        Arrival arrival = Assert.Single(app.Api.Arrivals);
        Assert.Equal(("k2", null), (arrival.Header(Key), arrival.Header("X-Production")));
    }

    private static void WithKey(ClientCredentialsOptions client) => client.ApiHeaders[Key] = "k1";
}
