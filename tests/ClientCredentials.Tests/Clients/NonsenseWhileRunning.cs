using ClientCredentials.Tests.Testing;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Clients;

public class NonsenseWhileRunning : OneServer
{
    [Theory]
    [Trait("Scenario", "T100")]
    [InlineData("{}")]
    [InlineData("""{ "Clients": "none" }""")]
    [InlineData("""{ "Clients": { "billing": "x" } }""")]
    [InlineData("""{ "Clients": { "billing": { "TokenUrl": [ 1 ], "ClientId": { "a": "b" } } } }""")]
    [InlineData("""{ "Clients": { "billing": { "TokenUrl": "ftp://nowhere", "ClientId": "billing", "ClientSecret": "s3cret" } } }""")]
    [InlineData("""{ "Clients": { "billing": { "TokenUrl": "https://login.example.com/token", "ClientId": "billing" } } }""")]
    [InlineData("""{ "Clients": { "billing": { "Profiles": { "Test": {} } } } }""")]
    public async Task The_last_good_settings_go_on_getting_tokens(string nonsense)
    {
        await using SettingsApp app = new(Good(), server: Server);
        AccessToken before = await app.Credentials.GetTokenAsync("billing");

        app.Rewrite(nonsense);
        AccessToken kept = await app.Credentials.GetTokenAsync("billing");
        app.Credentials.Reject("billing", kept);
        AccessToken next = await app.Credentials.GetTokenAsync("billing");

        Assert.Same(before, kept);
        Assert.NotSame(kept, next);
        Assert.Equal(2, Server.TokenEndpoint.Succeeded);
    }

    [Theory]
    [Trait("Scenario", "T100")]
    [InlineData("""{ "Clients": { "billing": { "TokenUrl": "ftp://nowhere", "ClientId": "billing", "ClientSecret": "s3cret" } } }""", "Client 'billing': TokenUrl is not an absolute https URL.")]
    [InlineData("""{ "Clients": { "billing": { "ClientId": "billing", "ClientSecret": "s3cret" } } }""", "Client 'billing': TokenUrl is missing; it is the https URL of the server's token endpoint. With an Issuer it is found by itself.")]
    public async Task The_status_says_what_is_wrong_until_it_is_mended(string nonsense, string problem)
    {
        await using SettingsApp app = new(Good(), server: Server);
        await app.TokenAsync();

        app.Rewrite(nonsense);
        ClientStatus wrong = Assert.Single(app.Credentials.Statuses);
        app.Rewrite(Good());
        ClientStatus mended = Assert.Single(app.Credentials.Statuses);

        Assert.Equal((ClientState.Error, FailureReason.NotConfigured, problem), (wrong.State, wrong.Reason, wrong.Problem));
        Assert.Equal((ClientState.OK, null), (mended.State, mended.Problem));
        Assert.Single(app.Log.All, line => line is { Level: LogLevel.Error, Id: 4 });
    }

    private string Good() => LiveJson.Billing($$"""{ "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "s3cret" }""");
}
