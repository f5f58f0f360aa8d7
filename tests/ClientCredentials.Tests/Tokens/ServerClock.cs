using System.Net;
using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Tokens;

public class ServerClock : OneServer
{
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    [Theory]
    [Trait("Scenario", "T69")]
    [InlineData(10, "behind")]
    [InlineData(-10, "ahead of")]
    public async Task A_wrong_clock_is_warned_of_once_and_shortens_no_token(int minutes, string side)
    {
        await using SettingsApp app = App();
        Answer(app, TimeSpan.FromMinutes(minutes));
        Answer(app, TimeSpan.FromMinutes(minutes));

        AccessToken token = await app.Credentials.GetTokenAsync("billing");
        app.Clock.Advance(TimeSpan.FromSeconds(3594));
        string atTheEnd = await app.TokenAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(6));
        await app.Credentials.ConnectAsync("billing");

        Assert.Equal(token.Reveal(), atTheEnd);
        LogLine warning = Assert.Single(app.Log.All, line => line.Level == LogLevel.Warning);
        Assert.Equal($"Client 'billing' (profile 'none'): This machine's clock is 0.00:10:00 {side} the server's; one of them is wrong.", warning.Text);
    }

    [Theory]
    [InlineData(59)]
    [InlineData(-59)]
    public async Task A_clock_that_is_a_little_wrong_is_not_worth_a_word(int seconds)
    {
        await using SettingsApp app = App();
        Answer(app, TimeSpan.FromSeconds(seconds));

        ConnectResult result = await app.Credentials.ConnectAsync("billing");

        Assert.Equal(TimeSpan.FromSeconds(seconds), result.ClockSkew);
        Assert.DoesNotContain(app.Log.All, line => line.Level >= LogLevel.Warning);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public async Task Less_than_a_date_can_tell_is_nothing(int seconds)
    {
        await using SettingsApp app = App();
        Answer(app, TimeSpan.FromSeconds(seconds));

        Assert.Equal(TimeSpan.Zero, (await app.Credentials.ConnectAsync("billing")).ClockSkew);
    }

    [Fact]
    public async Task A_server_that_names_no_time_is_not_compared()
    {
        await using SettingsApp app = App();
        Server.TokenEndpoint.Do(context =>
        {
            // Present and empty, or the server would add its own.
            context.Response.Headers.Date = "";
            return Task.FromResult(false);
        });

        Assert.Null((await app.Credentials.ConnectAsync("billing")).ClockSkew);
    }

    [Fact]
    public async Task The_time_of_the_way_is_halved()
    {
        await using SettingsApp app = App();
        string date = (app.Clock.GetUtcNow() + TimeSpan.FromSeconds(4)).ToString("R");
        Server.TokenEndpoint.Do(context =>
        {
            app.Clock.Advance(TimeSpan.FromSeconds(8));
            context.Response.Headers.Date = date;
            return Task.FromResult(false);
        });

        Assert.Equal(TimeSpan.Zero, (await app.Credentials.ConnectAsync("billing")).ClockSkew);
    }

    [Theory]
    [Trait("Scenario", "T69")]
    [InlineData("invalid_client", true)]
    [InlineData("invalid_scope", false)]
    public async Task A_refusal_that_smells_of_it_names_it(string error, bool isNamed)
    {
        await using SettingsApp app = App();
        Server.TokenEndpoint.Answer(HttpStatusCode.BadRequest, $$"""{"error":"{{error}}"}""", headers: ("Date", (app.Clock.GetUtcNow() - TenMinutes).ToString("R")));

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal(isNamed, failure.Hint!.EndsWith(" This machine's clock is 0.00:10:00 ahead of the server's; one of them is wrong.", StringComparison.Ordinal));
        Assert.Equal(isNamed, failure.Message.Contains("This machine's clock", StringComparison.Ordinal));
    }

    private static string Date(SettingsApp app, TimeSpan ahead) => (app.Clock.GetUtcNow() + ahead).ToString("R");

    private void Answer(SettingsApp app, TimeSpan ahead)
    {
        string token = $$"""{"access_token":"{{Guid.NewGuid():N}}","token_type":"Bearer","expires_in":3600}""";
        Server.TokenEndpoint.Do(async context =>
        {
            context.Response.Headers.Date = Date(app, ahead);
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(token));
            return true;
        });
    }

    private SettingsApp App() => new(LiveJson.Billing($$"""{ "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "s3cret" }"""), server: Server);
}
