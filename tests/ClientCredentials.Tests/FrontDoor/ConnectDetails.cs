using System.Buffers.Text;
using System.Net;
using System.Text;
using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;

namespace ClientCredentials.Tests.FrontDoor;

public class ConnectDetails : OneServer
{
    [Fact]
    public async Task Whom_a_jwt_is_for_and_from_is_told_unverified()
    {
        string jwt = Jwt("""{"iss":"https://login.example.com/","aud":["https://api.example.com","invoices"]}""");
        Server["billing"].ExtraResponse = new Dictionary<string, object?> { ["access_token"] = jwt };
        await using SettingsApp app = App();

        ConnectResult result = await app.Credentials.ConnectAsync("billing");

        Assert.Equal("https://login.example.com/", result.UnverifiedIssuer);
        Assert.Equal(["https://api.example.com", "invoices"], result.UnverifiedAudiences);
        Assert.DoesNotContain(jwt, result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_jwt_says_is_cleaned_like_all_that_a_server_says()
    {
        string jwt = Jwt($$"""{"iss":"https://login.example.com/\r\nerror: \u202Eall is lost","aud":["a\u0000b","{{new string('x', 600)}}","knows s3cret"," \n"]}""");
        Server["billing"].ExtraResponse = new Dictionary<string, object?> { ["access_token"] = jwt };
        await using SettingsApp app = App();

        ConnectResult result = await app.Credentials.ConnectAsync("billing");

        Assert.Equal("https://login.example.com/  error:  all is lost", result.UnverifiedIssuer);
        Assert.Equal(["a b", new string('x', 500), "knows ***"], result.UnverifiedAudiences);
    }

    [Theory]
    [InlineData("opaque")]
    [InlineData("a.b.c")]
    [InlineData("a.W10.c")]
    public async Task A_token_that_is_no_jwt_tells_nothing(string token)
    {
        Server["billing"].ExtraResponse = new Dictionary<string, object?> { ["access_token"] = token };
        await using SettingsApp app = App();

        ConnectResult result = await app.Credentials.ConnectAsync("billing");

        Assert.True(result.IsOK);
        Assert.Null(result.UnverifiedIssuer);
        Assert.Empty(result.UnverifiedAudiences);
    }

    [Fact]
    public async Task Scopes_granted_stand_beside_those_that_were_asked_for()
    {
        Server["billing"].ExtraResponse = new Dictionary<string, object?> { ["scope"] = "a" };
        await using SettingsApp app = App(", \"Scopes\": \"a b\"");

        ConnectResult result = await app.Credentials.ConnectAsync("billing");

        Assert.Equal(["a", "b"], result.ScopesAsked);
        Assert.Equal(["a"], result.ScopesGranted);
    }

    [Fact]
    public async Task Attempts_and_their_time_are_told()
    {
        Server.TokenEndpoint.Fail(HttpStatusCode.ServiceUnavailable, times: 2, retryAfter: TimeSpan.FromSeconds(2));
        await using SettingsApp app = App();

        Task<ConnectResult> pending = app.Credentials.ConnectAsync("billing");
        for (int pause = 0; pause < 2; pause++)
        {
            await app.Clock.WaitForTimerAsync(TimeSpan.FromSeconds(2));
            app.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        ConnectResult result = await pending;
        Assert.Equal((true, 3, TimeSpan.FromSeconds(4)), (result.IsOK, result.Attempts, result.Duration));
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.Unauthorized)]
    public async Task The_server_s_clock_is_compared_whether_it_gives_a_token_or_not(HttpStatusCode status)
    {
        await using SettingsApp app = App();
        string date = (app.Clock.GetUtcNow() - TimeSpan.FromMinutes(10)).ToString("R");
        Server.TokenEndpoint.Answer(status, status == HttpStatusCode.OK ? """{"access_token":"a","token_type":"Bearer"}""" : """{"error":"invalid_client"}""", headers: ("Date", date));

        ConnectResult result = await app.Credentials.ConnectAsync("billing");

        Assert.Equal(TimeSpan.FromMinutes(-10), result.ClockSkew);
    }

    [Fact]
    public async Task Code_that_has_no_secret_is_a_result()
    {
        await using SettingsApp throws = App(", \"MaxRetries\": 0", code: clients => clients.UseSecret("billing", _ => throw new InvalidOperationException("hunter2")), secret: "");
        await using SettingsApp empty = App(code: clients => clients.UseSecret("billing", _ => new((string?)null)), secret: "");

        ConnectResult thrown = await throws.Credentials.ConnectAsync("billing");
        ConnectResult nothing = await empty.Credentials.ConnectAsync("billing");

        Assert.Equal((false, FailureReason.NotConfigured, "Client 'billing': the function given to UseSecret failed with InvalidOperationException.", 0), (thrown.IsOK, thrown.Reason, thrown.Problem, thrown.Attempts));
        Assert.Equal((false, FailureReason.NotConfigured, "Client 'billing': the function given to UseSecret gave no secret.", 0), (nothing.IsOK, nothing.Reason, nothing.Problem, nothing.Attempts));
        Assert.Equal(0, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_flight_in_the_air_is_waited_out_and_another_follows()
    {
        await using SettingsApp app = App();
        IDisposable hold = Server.TokenEndpoint.Hold();
        Task<string> waiting = app.TokenAsync();
        await Server.TokenEndpoint.WaitForAsync(1);

        Task<ConnectResult> connecting = app.Credentials.ConnectAsync("billing");
        hold.Dispose();
        string first = await waiting;
        ConnectResult result = await connecting;

        Assert.True(result.IsOK);
        Assert.Equal((2, 1), (Server.TokenEndpoint.Count, Server.TokenEndpoint.MaxConcurrent));
        Assert.NotEqual(first, await app.TokenAsync());
    }

    [Fact]
    public async Task Two_who_connect_at_a_time_share_one_request()
    {
        await using SettingsApp app = App();
        IDisposable hold = Server.TokenEndpoint.Hold();

        Task<ConnectResult>[] both = [app.Credentials.ConnectAsync("billing"), app.Credentials.ConnectAsync("billing")];
        await Server.TokenEndpoint.WaitForAsync(1);
        hold.Dispose();

        Assert.All(await Task.WhenAll(both), result => Assert.True(result.IsOK));
        Assert.Equal(1, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task An_answer_about_the_settings_before_is_none_about_the_corrected_ones()
    {
        Server["billing"].Secret = "another";
        await using SettingsApp app = App();
        IDisposable hold = Server.TokenEndpoint.Hold();
        Task<ConnectResult> before = app.Credentials.ConnectAsync("billing");
        await Server.TokenEndpoint.WaitForAsync(1);

        app.Rewrite(Section("another", ""));
        Task<ConnectResult> after = app.Credentials.ConnectAsync("billing");
        hold.Dispose();

        Assert.False((await before).IsOK);
        Assert.True((await after).IsOK);
    }

    [Theory]
    [InlineData(", \"Enabled\": false", FailureReason.Disabled)]
    [InlineData(", \"MaxRetries\": 11", FailureReason.NotConfigured)]
    public async Task What_could_not_be_asked_says_for_which_profile(string settings, FailureReason reason)
    {
        await using SettingsApp app = App($"{settings}, \"Profile\": \"Live\", \"Profiles\": {{ \"Live\": {{}} }}");

        ConnectResult result = await app.Credentials.ConnectAsync("BILLING");

        Assert.Equal(("billing", "Live", reason), (result.Client, result.Profile, result.Reason));
    }

    [Fact]
    public async Task A_caller_that_leaves_is_the_only_thing_that_throws()
    {
        await using SettingsApp app = App();
        using IDisposable hold = Server.TokenEndpoint.Hold();
        using CancellationTokenSource leaving = new();
        Task<ConnectResult> connecting = app.Credentials.ConnectAsync("billing", cancellationToken: leaving.Token);
        await Server.TokenEndpoint.WaitForAsync(1);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    private static string Jwt(string claims) => $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.c2ln";

    private string Section(string secret, string more) =>
        LiveJson.Billing($$"""{ "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "{{secret}}"{{more}} }""");

    private SettingsApp App(string more = "", Action<ClientCredentialsBuilder>? code = null, string secret = "s3cret") => new(Section(secret, more), code, server: Server);
}
