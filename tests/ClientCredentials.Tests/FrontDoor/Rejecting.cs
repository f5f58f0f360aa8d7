using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;

namespace ClientCredentials.Tests.FrontDoor;

public class Rejecting : OneServer
{
    [Fact]
    public async Task A_rejected_token_is_not_handed_out_again()
    {
        await using SettingsApp app = App();
        AccessToken first = await app.Credentials.GetTokenAsync("billing");

        app.Credentials.Reject("BILLING", first);

        Assert.NotEqual(first.Reveal(), await app.TokenAsync());
        Assert.Equal(2, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_token_that_was_replaced_already_may_be_rejected_in_vain()
    {
        await using SettingsApp app = App();
        AccessToken first = await app.Credentials.GetTokenAsync("billing");
        app.Credentials.Reject("billing", first);
        string second = await app.TokenAsync();

        app.Credentials.Reject("billing", first);

        Assert.Equal(second, await app.TokenAsync());
        Assert.Equal(2, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task Only_the_kind_of_token_that_is_named_is_rejected()
    {
        await using SettingsApp app = App();
        TokenParameters asked = new() { Scopes = ["b", "a"] };
        string usual = await app.TokenAsync();
        AccessToken other = await app.Credentials.GetTokenAsync("billing", asked);

        app.Credentials.Reject("billing", other, new() { Scopes = ["a", "b"] });

        Assert.Equal(usual, await app.TokenAsync());
        Assert.NotEqual(other.Reveal(), await app.TokenAsync(parameters: asked));
    }

    [Fact]
    public async Task A_client_that_is_not_known_is_an_error()
    {
        await using SettingsApp app = App();
        AccessToken token = await app.Credentials.GetTokenAsync("billing");

        var failure = Assert.Throws<ClientCredentialsException>(() => app.Credentials.Reject("biling", token));

        Assert.Equal(FailureReason.NotConfigured, failure.Reason);
        Assert.Throws<ArgumentNullException>("token", () => app.Credentials.Reject("billing", null!));
    }

    private SettingsApp App() => new(LiveJson.Billing($$"""{ "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "s3cret" }"""), server: Server);
}
