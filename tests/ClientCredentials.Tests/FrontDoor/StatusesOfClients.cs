using System.Net;
using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;

namespace ClientCredentials.Tests.FrontDoor;

public class StatusesOfClients : OneServer
{
    [Fact]
    public async Task Every_client_and_profile_is_there_before_anything_was_asked_for()
    {
        await using SettingsApp app = new(LiveJson.Billing(
            """{ "DisplayName": "Bills", "Category": "Money", "Description": "Sends bills", "Profile": "Staging", "Profiles": { "Production": { "Enabled": false }, "Staging": {} } }"""));

        IReadOnlyList<ClientStatus> statuses = app.Credentials.Statuses;

        Assert.Equal(
            [
                new ClientStatus { Client = "billing", Profile = "Staging", IsActive = true, DisplayName = "Bills", Category = "Money", Description = "Sends bills", State = ClientState.NotYetUsed, Scopes = statuses[0].Scopes },
                new ClientStatus { Client = "billing", Profile = "Production", DisplayName = "Bills", Category = "Money", Description = "Sends bills", State = ClientState.Disabled, Scopes = statuses[1].Scopes },
            ],
            statuses);
        Assert.Empty(statuses[0].Scopes);
    }

    [Fact]
    public async Task OK_after_a_token_with_its_scopes_and_its_end()
    {
        await using SettingsApp app = App("\"Scopes\": \"a b\"");

        AccessToken token = await app.Credentials.GetTokenAsync("billing");
        ClientStatus status = Assert.Single(app.Credentials.Statuses);

        Assert.Equal((ClientState.OK, null, null, null, null), (status.State, status.Problem, status.Reason, status.Since, status.NextProbe));
        Assert.Equal((app.Clock.GetUtcNow(), token.ExpiresAt), (status.LastSuccess, status.TokenExpiresAt));
        Assert.Equal(["a", "b"], status.Scopes);
        Assert.Equal("billing", status.DisplayName);
    }

    [Fact]
    public async Task Error_after_a_refusal_with_since_when_and_until_when()
    {
        Server.TokenEndpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client", description: "No such client, s3cret.");
        await using SettingsApp app = App("");

        await app.FailureAsync();
        ClientStatus status = Assert.Single(app.Credentials.Statuses);

        Assert.Equal((ClientState.Error, FailureReason.Refused, app.Clock.GetUtcNow(), null), (status.State, status.Reason, status.Since, status.LastSuccess));
        Assert.InRange(status.NextProbe!.Value - app.Clock.GetUtcNow(), TimeSpan.FromSeconds(3.75), TimeSpan.FromSeconds(6.25));
        Assert.Contains("invalid_client", status.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", status.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_where_the_settings_are_wrong_though_nothing_was_asked_for()
    {
        await using SettingsApp app = App("\"MaxRetries\": 11, \"Sopes\": \"a\"");

        ClientStatus status = Assert.Single(app.Credentials.Statuses);

        Assert.Equal((ClientState.Error, FailureReason.NotConfigured), (status.State, status.Reason));
        Assert.Equal("Client 'billing': 'Sopes' is not a setting; perhaps 'Scopes' is meant. MaxRetries is 11; it must be 0 to 10.", status.Problem);
    }

    [Fact]
    public async Task Disabled_whatever_it_was_before()
    {
        Server.TokenEndpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");
        await using SettingsApp app = App("");
        await app.FailureAsync();

        app.Rewrite(Section("\"Enabled\": false, \"Nonsense\": 1"));
        ClientStatus status = Assert.Single(app.Credentials.Statuses);

        Assert.Equal((ClientState.Disabled, null, null, null, null), (status.State, status.Problem, status.Reason, status.Since, status.NextProbe));
    }

    [Fact]
    public async Task OK_again_after_the_server_took_it_back()
    {
        Server.TokenEndpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");
        await using SettingsApp app = App("");
        await app.FailureAsync();

        app.Clock.Advance(TimeSpan.FromSeconds(7));
        await app.TokenAsync();
        ClientStatus status = Assert.Single(app.Credentials.Statuses);

        Assert.Equal((ClientState.OK, null, null, null), (status.State, status.Problem, status.Since, status.NextProbe));
    }

    [Fact]
    public async Task A_token_that_ended_is_not_shown()
    {
        await using SettingsApp app = App("\"Scopes\": \"a\"");
        await app.TokenAsync();

        app.Clock.Advance(TimeSpan.FromHours(1));
        ClientStatus status = Assert.Single(app.Credentials.Statuses);

        Assert.Equal((ClientState.OK, null, 0), (status.State, status.TokenExpiresAt, status.Scopes.Count));
    }

    private static string Section(string settings, string url = "https://login.example.com") =>
        LiveJson.Billing($$"""{ "TokenUrl": "{{url}}", "ClientId": "billing", "ClientSecret": "s3cret"{{(settings.Length > 0 ? ", " + settings : "")}} }""");

    private SettingsApp App(string settings) => new(Section(settings, Server.TokenUrl.ToString()), server: Server);
}
