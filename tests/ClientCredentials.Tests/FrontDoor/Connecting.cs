using System.Net;
using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;

namespace ClientCredentials.Tests.FrontDoor;

public class Connecting : OneServer
{
    [Fact]
    public async Task It_asks_for_a_new_token_keeps_it_and_says_what_was_learned()
    {
        await using SettingsApp app = App("\"Scopes\": \"a b\"");
        string before = await app.TokenAsync();

        ConnectResult result = await app.Credentials.ConnectAsync("BILLING");

        Assert.Equal(("billing", null, true, null, null), (result.Client, result.Profile, result.IsOK, result.Problem, result.Reason));
        Assert.Equal(("Bearer", TimeSpan.FromHours(1), 1), (result.TokenType, result.TokenLifetime, result.Attempts));
        Assert.Equal(["a", "b"], result.ScopesAsked);
        Assert.Equal(["a", "b"], result.ScopesGranted);
        Assert.NotEqual(before, await app.TokenAsync());
        Assert.Equal(2, Server.TokenEndpoint.Count);
    }

    [Fact]
    public void Its_text_names_what_is_in_its_lists_and_two_that_say_the_same_are_equal()
    {
        ConnectResult one = new() { Client = "billing", IsOK = true, ScopesAsked = ["a", "b"], ScopesGranted = ["a"], UnverifiedAudiences = ["https://api.example.com"] };
        ConnectResult same = one with { ScopesAsked = new List<string> { "a", "b" } };

        Assert.Contains("ScopesAsked = [a, b], ScopesGranted = [a], UnverifiedAudiences = [https://api.example.com]", one.ToString(), StringComparison.Ordinal);
        Assert.Equal((one, one.GetHashCode()), (same, same.GetHashCode()));
        Assert.NotEqual(one, one with { ScopesAsked = ["b", "a"] });
        Assert.NotEqual(one, one with { ScopesGranted = [] });
    }

    [Fact]
    public void What_is_shown_of_it_does_not_change_with_the_list_it_was_given()
    {
        List<string> scopes = ["a"];
        ConnectResult result = new() { Client = "billing", IsOK = true, ScopesAsked = scopes };

        scopes.Add("b");

        Assert.Equal(["a"], result.ScopesAsked);
    }

    [Fact]
    public async Task A_refusal_is_a_result_and_costs_neither_settings_nor_token()
    {
        await using SettingsApp app = App("\"Scopes\": \"a\"");
        string before = await app.TokenAsync();
        var settings = app.Live().Current;
        Server["billing"].Secret = "another";

        ConnectResult result = await app.Credentials.ConnectAsync("billing");

        Assert.Equal((false, FailureReason.Refused, "invalid_client", HttpStatusCode.Unauthorized, 1), (result.IsOK, result.Reason, result.Error, result.TokenEndpointStatus, result.Attempts));
        Assert.StartsWith("Client 'billing': ", result.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", result.ToString(), StringComparison.Ordinal);
        Assert.Equal((null, null), (result.TokenType, result.TokenLifetime));
        Assert.Same(settings, app.Live().Current);
        Assert.Equal(before, await app.TokenAsync());
    }

    [Fact]
    public async Task It_asks_though_the_server_refused_before_and_success_sets_all_right()
    {
        await using SettingsApp app = App("");
        Server["billing"].Secret = "another";
        await app.FailureAsync();
        Server["billing"].Secret = "s3cret";
        ClientCredentialsException remembered = await app.FailureAsync();

        ConnectResult result = await app.Credentials.ConnectAsync("billing");

        Assert.Equal(FailureReason.Refused, remembered.Reason);
        Assert.True(result.IsOK);
        await app.TokenAsync();
        Assert.Equal(2, Server.TokenEndpoint.Count);
        Assert.Equal(ClientState.OK, Assert.Single(app.Credentials.Statuses).State);
    }

    [Fact]
    public async Task It_measures_how_long_it_took()
    {
        await using SettingsApp app = App("");
        Server.TokenEndpoint.Delay = TimeSpan.FromSeconds(3);

        Task<ConnectResult> pending = app.Credentials.ConnectAsync("billing");
        await Clock.WaitForTimersAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(3));
        Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.FromSeconds(3), (await pending).Duration);
    }

    [Theory]
    [InlineData("biling", null, "Client 'biling' is not known; the clients are 'billing'. Perhaps 'billing' is meant.")]
    [InlineData("billing", "Stagin", "Client 'billing': it has no profile 'Stagin'; it has 'Production', 'Staging'.")]
    public async Task A_client_or_profile_that_is_not_known_is_a_result(string client, string? profile, string problem)
    {
        await using SettingsApp app = App("\"Profile\": \"Production\", \"Profiles\": { \"Production\": {}, \"Staging\": {} }");

        ConnectResult result = await app.Credentials.ConnectAsync(client, profile);

        Assert.Equal((client, profile, false, problem, FailureReason.NotConfigured), (result.Client, result.Profile, result.IsOK, result.Problem, result.Reason));
        Assert.Equal(0, Server.TokenEndpoint.Count);
    }

    [Theory]
    [InlineData("\"Enabled\": false", FailureReason.Disabled, "Client 'billing': it is switched off by Enabled: false.")]
    [InlineData("\"MaxRetries\": 11", FailureReason.NotConfigured, "Client 'billing': MaxRetries is 11; it must be 0 to 10.")]
    public async Task What_must_not_be_sent_is_not_sent(string settings, FailureReason reason, string problem)
    {
        await using SettingsApp app = App(settings);

        ConnectResult result = await app.Credentials.ConnectAsync("billing");

        Assert.Equal((false, reason, problem, 0), (result.IsOK, result.Reason, result.Problem, result.Attempts));
        Assert.Equal(0, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_profile_may_be_tried_that_is_not_the_active_one()
    {
        Server.AddClient("staging-app", "st4ging");
        await using SettingsApp app = App("\"Profile\": \"Production\", \"Profiles\": { \"Production\": {}, \"Staging\": { \"ClientId\": \"staging-app\", \"ClientSecret\": \"st4ging\" } }");

        ConnectResult result = await app.Credentials.ConnectAsync("billing", "staging");

        Assert.Equal(("Staging", true), (result.Profile, result.IsOK));
        Assert.Equal("staging-app", Assert.Single(Server.TokenEndpoint.Received).ClientId);
    }

    [Fact]
    public async Task With_wrong_settings_the_result_names_the_profile_too()
    {
        await using SettingsApp app = App("\"Profile\": \"Staging\", \"Profiles\": { \"Staging\": { \"MaxRetries\": 11 } }");

        ConnectResult result = await app.Credentials.ConnectAsync("billing");

        Assert.Equal(("Staging", "Client 'billing', profile 'Staging': MaxRetries is 11; it must be 0 to 10."), (result.Profile, result.Problem));
    }

    private SettingsApp App(string settings) =>
        new(LiveJson.Billing($$"""{ "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "s3cret"{{(settings.Length > 0 ? ", " + settings : "")}} }"""), server: Server);
}
