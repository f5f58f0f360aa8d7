using System.Net;
using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Tokens;

public class WhatIsSaidOfAFailure : OneServer
{
    [Fact]
    public async Task An_outage_that_callers_felt_is_a_warning_with_what_the_server_said()
    {
        await using SettingsApp app = App();
        Server.TokenEndpoint.Answer(HttpStatusCode.ServiceUnavailable, "");

        await app.FailureAsync();

        LogLine line = Assert.Single(app.Log.All, line => line.Level >= LogLevel.Warning);
        Assert.Equal(
            (LogLevel.Warning, $"Client 'billing' (profile 'none') got no token: the token endpoint {Server.TokenUrl} cannot serve now with status 503."),
            (line.Level, line.Text));
    }

    [Fact]
    public async Task A_profile_that_nobody_knows_is_named_by_the_failure()
    {
        await using SettingsApp app = App();

        ClientCredentialsException failure = await Assert.ThrowsAsync<ClientCredentialsException>(
            async () => await app.Credentials.GetTokenAsync("billing", new TokenParameters { Profile = "Nowhere" }));

        Assert.Equal((FailureReason.NotConfigured, "billing", "Nowhere"), (failure.Reason, failure.Client, failure.Profile));
    }

    private SettingsApp App() =>
        new(LiveJson.Billing($$"""{ "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "s3cret", "MaxRetries": 0 }"""), server: Server);
}
