using System.Net;
using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;

namespace ClientCredentials.Tests.Tokens;

public class OddAnswers : OneServer
{
    [Fact]
    public async Task A_Date_that_no_clock_shows_is_overlooked()
    {
        await using SettingsApp app = App();
        Server.TokenEndpoint.Answer(HttpStatusCode.OK, """{ "access_token": "odd", "expires_in": 60 }""", headers: ("Date", "Fri, 31 Dec 9999 23:59:59 GMT"));
        await app.TokenAsync();
        app.Clock.Advance(TimeSpan.FromHours(1));

        string token = await app.TokenAsync();

        Assert.NotEqual("odd", token);
    }

    private SettingsApp App(Action<ClientCredentialsBuilder>? code = null)
    {
        Server["billing"].Secret = SettingsApp.Canary;
        return new(LiveJson.Billing($$"""{ "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing" }"""), code, server: Server);
    }
}
