using System.Net;
using ClientCredentials.Tests.Clients;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Http;

public class OtherProfiles : TwoEnvironments
{
    [Fact]
    public async Task The_handler_s_profile_is_not_that_of_another_client()
    {
        await using SettingsApp app = App(InTest, code: clients => clients.AddClient("reports", client =>
            (client.TokenUrl, client.ClientId, client.ClientSecret, client.ApiUrl) = (Live.TokenUrl, "billing-live", "l1ve", Live.ApiUrl)));

        HttpResponseMessage response = await app.Http("api").SendAsync(Get(new Uri(Live.ApiUrl, "a").OriginalString).UseClientCredentials("reports"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((1, 0), (Live.TokenEndpoint.Count, Test.TokenEndpoint.Count));
    }

    [Theory]
    [Trait("Scenario", "T109")]
    [InlineData("invoices/1?draft=true", false)]
    [InlineData("invoices/1?draft=true", true)]
    public async Task A_request_below_the_active_api_goes_to_the_same_path_below_the_other_with_its_token(string path, bool synchronous)
    {
        await using SettingsApp app = App();
        HttpClient http = app.Http("api");

        HttpRequestMessage request = Get(path).UseClientCredentials(InTest);
        HttpResponseMessage moved = synchronous ? http.Send(request) : await http.SendAsync(request);
        await http.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
        Assert.Equal([$"/api/{path} billing-test"], Asked(Test));
        Assert.Equal([$"/api/{path} billing-live"], Asked(Live));
    }

    [Theory]
    [Trait("Scenario", "T109")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_http_client_of_another_profile_calls_its_api_whatever_its_address_was(bool hasAddress)
    {
        await using SettingsApp app = App(InTest, http => http.ConfigureHttpClient(client => client.BaseAddress = hasAddress ? Live.ApiUrl : null));
        HttpClient http = app.Http("api");

        await http.GetAsync("a");
        await http.GetAsync(new Uri(Live.ApiUrl, "b"));
        await http.GetAsync(new Uri(Test.ApiUrl, "c"));
        http.Send(Get($"{Live.ApiUrl}d"));

        Assert.Equal(["/api/a billing-test", "/api/b billing-test", "/api/c billing-test", "/api/d billing-test"], Asked(Test));
        Assert.Equal((0, 0), (Live.Api.Count, Live.TokenEndpoint.Count));
    }

    [Fact]
    public async Task A_request_that_asks_for_other_scopes_stays_in_the_profile_of_its_http_client()
    {
        await using SettingsApp app = App(InTest);

        HttpResponseMessage response = await app.Http("api").SendAsync(Get("a").UseClientCredentials(new TokenParameters { Scopes = ["x"] }));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["/api/a billing-test"], Asked(Test));
        Assert.Equal("x", Assert.Single(Test.TokenEndpoint.Received).FormValue("scope"));
        Assert.Equal((0, 0), (Live.Api.Count, Live.TokenEndpoint.Count));
    }

    [Fact]
    public async Task A_request_may_go_back_to_the_active_profile()
    {
        await using SettingsApp app = App(InTest);

        await app.Http("api").SendAsync(Get("a").UseClientCredentials(new TokenParameters { Profile = "Live" }));

        Assert.Equal(["/api/a billing-live"], Asked(Live));
        Assert.Equal((0, 0), (Test.Api.Count, Test.TokenEndpoint.Count));
    }

    [Theory]
    [InlineData("billing")]
    [InlineData("BILLING")]
    public async Task Naming_the_client_that_it_is_anyway_changes_nothing(string name)
    {
        await using SettingsApp app = App();

        await app.Http("api").SendAsync(Get("a").UseClientCredentials(name, InTest));
        await app.Http("api").SendAsync(Get("b").UseClientCredentials(name));

        Assert.Equal(["/api/a billing-test"], Asked(Test));
        Assert.Equal(["/api/b billing-live"], Asked(Live));
    }

    [Fact]
    public async Task A_request_that_is_sent_again_is_moved_once()
    {
        // The API of Test lies below that of Live: what was moved would be moved again.
        await using SettingsApp app = new(
            $$"""
            { "Clients": { "billing": { "Profile": "Live", "TokenUrl": "{{Live.TokenUrl}}", "ClientId": "billing-live", "Profiles": {
                "Live": { "ClientSecret": "l1ve", "ApiUrl": "{{Live.ApiUrl}}" },
                "Test": { "ClientSecret": "l1ve", "ApiUrl": "{{Live.ApiUrl}}sandbox" } } } } }
            """,
            clients => clients.Services.AddHttpClient("api").AddHttpMessageHandler(() => new Twice()).AddClientCredentialsHandler("billing"),
            server: Live);

        await app.Http("api").SendAsync(Get("a").UseClientCredentials(InTest));

        Assert.Equal(["/api/sandbox/a billing-live", "/api/sandbox/a billing-live"], Asked(Live));
    }

    [Fact]
    public async Task An_api_above_the_active_one_is_moved_to()
    {
        await using SettingsApp app = new(
            $$"""
            { "Clients": { "billing": { "Profile": "Live", "TokenUrl": "{{Live.TokenUrl}}", "ClientId": "billing-live", "Profiles": {
                "Live": { "ClientSecret": "l1ve", "ApiUrl": "{{Live.ApiUrl}}live/" },
                "Test": { "ClientSecret": "l1ve", "ApiUrl": "{{Live.ApiUrl}}" } } } } }
            """,
            clients => clients.Services.AddHttpClient("api").AddClientCredentialsHandler("billing"),
            server: Live);

        await app.Http("api").SendAsync(Get("a").UseClientCredentials(InTest));

        Assert.Equal(["/api/a billing-live"], Asked(Live));
    }

    [Fact]
    [Trait("Scenario", "T73")]
    public async Task Two_profiles_of_one_api_host_never_share_a_token()
    {
        Live.AddClient("billing-test", "t3st");
        await using SettingsApp app = new(
            $$"""
            { "Clients": { "billing": { "Profile": "Live", "TokenUrl": "{{Live.TokenUrl}}", "ApiUrl": "{{Live.ApiUrl}}", "Profiles": {
                "Live": { "ClientId": "billing-live", "ClientSecret": "l1ve" },
                "Test": { "ClientId": "billing-test", "ClientSecret": "t3st" } } } } }
            """,
            clients =>
            {
                clients.Services.AddHttpClient("live").AddClientCredentialsHandler("billing");
                clients.Services.AddHttpClient("test").AddClientCredentialsHandler("billing", InTest);
            },
            server: Live);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => app.Http(number % 2 == 0 ? "live" : "test").GetAsync(number % 2 == 0 ? "as-live" : "as-test")));

        Assert.All(Live.Api.Received, request => Assert.Equal($"/api/as-{request.ClientId!["billing-".Length..]}", request.Target));
        Assert.Equal(2, Live.TokenEndpoint.Count);
        Assert.Equal(
            ["Client 'billing' (profile 'Live') got a token", "Client 'billing' (profile 'Test') got a token"],
            app.Log.All.Where(line => line.Id == 10).Select(line => line.Text.Split(':')[0]).Order());
    }

    private sealed class Twice : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (await base.SendAsync(request, cancellationToken)).Dispose();
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
