using System.Net;
using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;

namespace ClientCredentials.Tests.FrontDoor;

public class StatusDetails : OneServer
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task What_is_wrong_says_what_to_do_and_no_secret()
    {
        Server["billing"].Secret = "another";
        await using SettingsApp app = App();

        await app.FailureAsync();
        ClientStatus status = StatusOf(app);

        Assert.Equal(
            $"Client 'billing': the token endpoint {Server.TokenUrl} refused the request with status 401: invalid_client (Client authentication failed.) "
            + "Check ClientId and the secret, and that they are of this server and environment. The server may also want the credentials in the body "
            + "(AuthenticationMethod: client_secret_post), or a Basic header that is not form-encoded (BasicEncoding: Raw).",
            status.Problem);
        Assert.DoesNotContain("s3cret", status.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_is_counted()
    {
        await using SettingsApp app = App();
        AccessToken first = await app.Credentials.GetTokenAsync("billing");
        app.Credentials.Reject("billing", first);
        await app.TokenAsync();
        await app.TokenAsync(parameters: new() { Scopes = ["a"] });
        Server.TokenEndpoint.Fail(HttpStatusCode.BadRequest, times: 2, error: "invalid_client");
        await app.Credentials.ConnectAsync("billing");
        await app.Credentials.ConnectAsync("billing");

        ClientStatus status = StatusOf(app);

        Assert.Equal((3, 2, 1), (status.Tokens, status.Failures, status.Rejections));
    }

    [Fact]
    public async Task Since_stays_while_it_fails_and_the_next_probe_moves_on()
    {
        Server.TokenEndpoint.Fail(HttpStatusCode.Unauthorized, times: 2, error: "invalid_client");
        await using SettingsApp app = App();
        DateTimeOffset since = app.Clock.GetUtcNow();

        await app.FailureAsync();
        ClientStatus first = StatusOf(app);
        app.Clock.Advance(first.NextProbe!.Value - since);
        await app.FailureAsync();
        ClientStatus second = StatusOf(app);

        Assert.Equal((since, since), (first.Since, second.Since));
        Assert.InRange(second.NextProbe!.Value - app.Clock.GetUtcNow(), TimeSpan.FromSeconds(7.5), TimeSpan.FromSeconds(12.5));
        Assert.Equal(2, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_change_of_the_settings_is_shown_until_a_token_proves_them()
    {
        await using SettingsApp app = App();
        await app.TokenAsync();
        bool before = StatusOf(app).HasChangedSinceSuccess;

        Server["billing"].Secret = "another";
        app.Rewrite(Section("another"));
        ClientStatus changed = StatusOf(app);
        await app.TokenAsync();
        bool whileTheOldTokenServes = StatusOf(app).HasChangedSinceSuccess;
        await app.Credentials.ConnectAsync("billing");

        Assert.Equal((false, ClientState.OK, true, true), (before, changed.State, changed.HasChangedSinceSuccess, whileTheOldTokenServes));
        Assert.False(StatusOf(app).HasChangedSinceSuccess);
    }

    [Fact]
    public async Task A_change_that_was_taken_back_is_none()
    {
        await using SettingsApp app = App();
        await app.TokenAsync();

        app.Rewrite(Section("another"));
        app.Rewrite(Section());

        Assert.False(StatusOf(app).HasChangedSinceSuccess);
    }

    [Fact]
    public async Task The_error_of_old_settings_does_not_stand_against_corrected_ones()
    {
        Server["billing"].Secret = "another";
        await using SettingsApp app = App();
        await app.FailureAsync();

        app.Rewrite(Section("another"));
        ClientStatus corrected = StatusOf(app);

        Assert.Equal((ClientState.NotYetUsed, null, null, null, null), (corrected.State, corrected.Problem, corrected.Reason, corrected.Since, corrected.NextProbe));
        Assert.NotEmpty(await app.TokenAsync());
    }

    [Fact]
    public async Task Corrected_settings_that_are_wrong_again_are_wrong_since_then()
    {
        Server["billing"].Secret = "another";
        await using SettingsApp app = App();
        await app.Credentials.ConnectAsync("billing");

        app.Clock.Advance(Minute);
        app.Rewrite(Section("a third"));
        await app.Credentials.ConnectAsync("billing");

        Assert.Equal(app.Clock.GetUtcNow(), StatusOf(app).Since);
    }

    [Fact]
    [Trait("Scenario", "T100")]
    public async Task Nonsense_in_the_settings_is_an_error_since_it_came_while_the_last_good_ones_serve_on()
    {
        await using SettingsApp app = App();
        string token = await app.TokenAsync();

        app.Clock.Advance(Minute);
        app.Rewrite(Section(more: ", \"MaxRetries\": 11"));
        DateTimeOffset broken = app.Clock.GetUtcNow();
        app.Clock.Advance(Minute);
        app.Rewrite(Section(more: ", \"MaxRetries\": 12"));
        ClientStatus status = StatusOf(app);
        string meanwhile = await app.TokenAsync();
        app.Rewrite(Section());
        ClientStatus mended = StatusOf(app);

        Assert.Equal((ClientState.Error, FailureReason.NotConfigured, "Client 'billing': MaxRetries is 12; it must be 0 to 10.", broken), (status.State, status.Reason, status.Problem, status.Since));
        Assert.NotNull(status.TokenExpiresAt);
        Assert.Equal(token, meanwhile);
        Assert.Equal((ClientState.OK, null, null), (mended.State, mended.Problem, mended.Since));
    }

    [Fact]
    [Trait("Scenario", "T101")]
    public async Task What_is_wrong_with_one_kind_of_token_says_nothing_of_the_client()
    {
        Server["billing"].Scopes = ["a"];
        await using SettingsApp app = App();

        await app.FailureAsync(parameters: new() { Scopes = ["b"] });
        ClientStatus status = StatusOf(app);
        await app.TokenAsync();

        Assert.Equal((ClientState.NotYetUsed, null), (status.State, status.Problem));
        Assert.Equal(ClientState.OK, StatusOf(app).State);
    }

    [Fact]
    public async Task What_is_wrong_with_the_usual_kind_of_token_is_shown()
    {
        Server["billing"].Scopes = ["a"];
        await using SettingsApp app = App(", \"Scopes\": \"b\"");

        await app.FailureAsync();
        ClientStatus status = StatusOf(app);

        Assert.Equal((ClientState.Error, FailureReason.Refused), (status.State, status.Reason));
        Assert.Contains("invalid_scope", status.Problem, StringComparison.Ordinal);
        Assert.Contains("Compare Scopes with what the server's operator granted", status.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_that_is_told_tells_who_is_well_again()
    {
        await using SettingsApp app = App();
        List<(ClientState, bool)> told = [];
        app.Credentials.StatusChanged += (_, status) => told.Add((status.State, status.HasChangedSinceSuccess));
        Server.TokenEndpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");

        await app.FailureAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(7));
        await app.TokenAsync();
        app.Rewrite(Section(more: ", \"DisplayName\": \"Bills\""));
        await app.ToldAsync();

        Assert.Equal([(ClientState.Error, false), (ClientState.OK, false), (ClientState.OK, true)], told);
    }

    private static ClientStatus StatusOf(SettingsApp app) => Assert.Single(app.Credentials.Statuses);

    private string Section(string secret = "s3cret", string more = "") =>
        LiveJson.Billing($$"""{ "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "{{secret}}"{{more}} }""");

    private SettingsApp App(string more = "") => new(Section(more: more), server: Server);
}
