using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Http;

public class HeadersInLogs
{
    private const string Key = "canary-of-the-subscription";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Token_and_api_headers_stay_redacted_when_the_app_shows_all_headers(bool isBefore)
    {
        await using App app = new(WithKey, isBefore ? ShowAll : null);
        if (!isBefore)
        {
            ShowAll(app.Http);
        }

        await app.Caller.SendAsync(Visible());

        AssertHidden(app);
    }

    [Fact]
    public async Task They_do_when_the_app_shows_all_headers_of_all_HttpClients()
    {
        await using App app = new(WithKey);
        app.Services.ConfigureHttpClientDefaults(ShowAll);
        app.Services.ConfigureAll<HttpClientFactoryOptions>(options => options.ShouldRedactHeaderValue = _ => false);

        await app.Caller.SendAsync(Visible());

        AssertHidden(app);
    }

    [Theory]
    [InlineData("Authorization", true)]
    [InlineData("dpop", true)]
    [InlineData("X-Visible", false)]
    public async Task What_proves_something_is_redacted_and_the_rest_is_the_app_s_to_say(string header, bool isRedacted)
    {
        await using App app = new(before: ShowAll);

        Func<string, bool> redacts = app.Provider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(App.Name).ShouldRedactHeaderValue;

        Assert.Equal(isRedacted, redacts(header));
    }

    [Fact]
    public async Task They_do_when_the_app_lists_others_to_redact()
    {
        await using App app = new(WithKey);
        app.Http.RedactLoggedHeaders(["X-Other"]);

        await app.Caller.SendAsync(Visible());

        AssertHidden(app);
    }

    [Fact]
    public async Task Api_headers_of_a_profile_that_one_request_asks_for_stay_redacted_too()
    {
        await using App app = new(before: ShowAll);
        app.Client.AddClient("billing", client => client.Profile = "Production");
        app.Client.AddProfile("billing", "Production", _ => { });
        app.Client.AddProfile("billing", "Staging", client =>
        {
            client.ClientSecret = "s3cret-staging";
            WithKey(client);
        });

        await app.Caller.SendAsync(Visible().UseClientCredentials(new TokenParameters { Profile = "Staging" }));

        AssertHidden(app);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Api_headers_of_another_client_that_one_request_names_stay_redacted_too(bool isFound)
    {
        await using App app = new(before: ShowAll);
        ClientCredentialsOptions other = new() { TokenUrl = new("https://login.example.com/token"), ApiUrl = new("https://api.example.com/"), ClientId = "reports", ClientSecret = "s3cret" };
        WithKey(other);
        if (isFound)
        {
            app.Client.AddClientResolver((_, _, _) => new(other), options => options.AllowedTokenHosts.Add("*"));
        }
        else
        {
            app.Client.AddClient("reports", client =>
            {
                (client.TokenUrl, client.ApiUrl, client.ClientId, client.ClientSecret) = (other.TokenUrl, other.ApiUrl, other.ClientId, other.ClientSecret);
                WithKey(client);
            });
        }

        await app.Caller.SendAsync(Visible().UseClientCredentials("reports"));

        AssertHidden(app);
    }

    [Fact]
    public async Task They_do_when_the_app_shows_all_headers_after_all_else_is_configured()
    {
        await using App app = new(WithKey);
        app.Services.PostConfigureAll<HttpClientFactoryOptions>(options => options.ShouldRedactHeaderValue = _ => false);

        await app.Caller.SendAsync(Visible());

        AssertHidden(app);
    }

    [Fact]
    public async Task The_token_client_logs_no_headers_at_all()
    {
        await using App app = new();
        app.Services.ConfigureAll<HttpClientFactoryOptions>(options => options.ShouldRedactHeaderValue = _ => false);

        await app.Credentials.GetTokenAsync("billing");

        // The framework's logger stars headers out in its text, yet not in the state that a structured log keeps.
        Assert.DoesNotContain(app.Log.Entries, entry => entry.Category.StartsWith("System.Net.Http.HttpClient", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Log.Entries, entry => entry.Whole.Contains("Basic ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_app_wants_its_log_all_headers_stay_redacted()
    {
        await using App app = new(client => client.TokenRequest.Headers["X-Key"] = Key);
        app.Client.ConfigureTokenClient(http => ShowAll(http.AddDefaultLogger())).ConfigureTokenClient("billing", ShowAll);
        app.Tokens.Answer(_ =>
        {
            HttpResponseMessage response = Wire.Json(System.Net.HttpStatusCode.OK, """{"access_token":"token-1","token_type":"Bearer"}""");
            response.Headers.Add("X-Echo", Key);
            return response;
        });

        await app.Credentials.GetTokenAsync("billing");

        Assert.Contains(app.Log.Entries, entry => entry.Message.Contains("X-Key: *", StringComparison.Ordinal));
        Assert.Contains(app.Log.Entries, entry => entry.Message.Contains("X-Echo: *", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Log.Entries, entry => entry.Message.Contains(Key, StringComparison.Ordinal) || entry.Message.Contains("Basic ", StringComparison.Ordinal));
    }

    private static void AssertHidden(App app)
    {
        // What is not ours is shown, so the headers were logged.
        Assert.Contains(app.Log.Entries, entry => entry.Message.Contains("X-Visible: shown", StringComparison.Ordinal));
        Assert.Contains(app.Log.Entries, entry => entry.Message.Contains("Authorization: *", StringComparison.Ordinal));
        Assert.Contains(app.Log.Entries, entry => entry.Message.Contains("X-Key: *", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Log.Entries, entry => entry.Message.Contains("token-1", StringComparison.Ordinal) || entry.Message.Contains(Key, StringComparison.Ordinal));
        Assert.Equal(["Bearer token-1"], app.Api.Tokens);
        Assert.Equal(Key, Assert.Single(app.Api.Arrivals).Header("X-Key"));
    }

    private static void WithKey(ClientCredentialsOptions client) => client.ApiHeaders["X-Key"] = Key;

    private static void ShowAll(IHttpClientBuilder http) => http.RedactLoggedHeaders(_ => false);

    private static HttpRequestMessage Visible() => new(HttpMethod.Get, "x") { Headers = { { "X-Visible", "shown" } } };
}
