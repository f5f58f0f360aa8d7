using System.Net;
using ClientCredentials.Tests.Clients;

namespace ClientCredentials.Tests.Http;

public class RequestsThatKeepTheirRefusal : TwoEnvironments
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_refusal_goes_back_and_the_token_stays(bool synchronous)
    {
        await using SettingsApp app = App();
        HttpClient http = app.Http("api");
        await http.GetAsync("a");
        Live.Api.Fail(HttpStatusCode.Unauthorized, error: "invalid_token");

        HttpRequestMessage request = Get("b").SkipTokenRenewal();
        HttpResponseMessage refused = synchronous ? http.Send(request) : await http.SendAsync(request);
        await http.GetAsync("c");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal([200, 401, 200], Live.Api.Received.Select(received => received.StatusCode));
        Assert.Single(Live.Api.Received.Select(received => received.Token).Distinct());
        Assert.Equal(1, Live.TokenEndpoint.Count);
        Assert.Equal(0, Assert.Single(app.Credentials.Statuses, status => status.IsActive).Rejections);
    }

    [Fact]
    public async Task The_next_request_renews_as_ever()
    {
        await using SettingsApp app = App();
        HttpClient http = app.Http("api");
        await http.GetAsync("a");
        Live.RevokeAllTokens();

        await http.SendAsync(Get("b").SkipTokenRenewal());
        HttpResponseMessage next = await http.GetAsync("c");

        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Equal([200, 401, 401, 200], Live.Api.Received.Select(received => received.StatusCode));
    }

    [Fact]
    public async Task The_token_is_still_of_the_kind_that_the_handler_asks_for()
    {
        await using SettingsApp app = App(new TokenParameters { Scopes = ["x"] });

        await app.Http("api").SendAsync(Get("a").SkipTokenRenewal());

        Assert.Equal("x", Assert.Single(Live.TokenEndpoint.Received).FormValue("scope"));
    }

    [Fact]
    public async Task It_goes_together_with_another_kind_of_token()
    {
        await using SettingsApp app = App();
        Test.Api.Fail(HttpStatusCode.Unauthorized, times: 2, error: "invalid_token");

        HttpResponseMessage one = await app.Http("api").SendAsync(Get("a").UseClientCredentials(InTest).SkipTokenRenewal());
        HttpResponseMessage other = await app.Http("api").SendAsync(Get("b").SkipTokenRenewal().UseClientCredentials(InTest));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (one.StatusCode, other.StatusCode));
        Assert.Equal(["/api/a billing-test", "/api/b billing-test"], Asked(Test));
        Assert.Equal(1, Test.TokenEndpoint.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_it_another_kind_of_token_is_renewed_too(bool synchronous)
    {
        await using SettingsApp app = App();
        Test.Api.Fail(HttpStatusCode.Unauthorized, error: "invalid_token");

        HttpRequestMessage request = Get("a").UseClientCredentials(InTest);
        HttpResponseMessage response = synchronous ? app.Http("api").Send(request) : await app.Http("api").SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["/api/a billing-test", "/api/a billing-test"], Asked(Test));
        Assert.Equal((2, 0), (Test.TokenEndpoint.Count, Live.TokenEndpoint.Count));
    }
}
