using System.Net;
using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;
using ClientCredentials.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.FrontDoor;

public class ForgettingAClient : OneServer
{
    [Fact]
    public async Task Its_tokens_of_every_kind_and_profile_are_forgotten()
    {
        await using SettingsApp app = App();
        TokenParameters scoped = new() { Scopes = ["a"] };
        TokenParameters test = new() { Profile = "Test" };
        string[] before = [await app.TokenAsync(), await app.TokenAsync(parameters: scoped), await app.TokenAsync(parameters: test)];

        app.Credentials.Forget("BILLING");
        string[] after = [await app.TokenAsync(), await app.TokenAsync(parameters: scoped), await app.TokenAsync(parameters: test)];

        Assert.Empty(before.Intersect(after));
        Assert.Equal(6, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task Settings_that_are_reloaded_meanwhile_are_not_lost()
    {
        await using SettingsApp app = new(LiveJson.Billing());
        Assert.Single(app.Credentials.Statuses);

        for (int version = 1; version <= 300; version++)
        {
            Task forgetting = Task.Run(() =>
            {
                for (int time = 0; time < 100; time++)
                {
                    app.Credentials.Forget("billing");
                }
            });
            app.Rewrite(LiveJson.Billing($$"""{ "ClientSecret": "s3cret-{{version}}" }"""));
            await forgetting;

            Assert.Equal($"s3cret-{version}", app.Options().ClientSecret);
        }
    }

    [Fact]
    public async Task The_tokens_of_others_are_kept()
    {
        await using SettingsApp app = App();
        string before = await app.TokenAsync("reports");

        app.Credentials.Forget("billing");

        Assert.Equal(before, await app.TokenAsync("reports"));
    }

    [Fact]
    public async Task That_the_server_refused_it_is_forgotten()
    {
        await using SettingsApp app = App();
        Server.TokenEndpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");
        await app.FailureAsync();

        app.Credentials.Forget("billing");
        ClientStatus status = app.Credentials.Statuses.Single(status => status is { Client: "billing", IsActive: true });

        Assert.Equal((ClientState.NotYetUsed, null, null), (status.State, status.Problem, status.NextProbe));
        Assert.NotEmpty(await app.TokenAsync());
    }

    [Fact]
    public async Task Its_settings_are_no_others_for_that()
    {
        await using SettingsApp app = App();
        await app.TokenAsync();

        app.Credentials.Forget("billing");
        ClientStatus status = app.Credentials.Statuses.Single(status => status is { Client: "billing", IsActive: true });

        Assert.Equal((ClientState.OK, false, null), (status.State, status.HasChangedSinceSuccess, status.TokenExpiresAt));
    }

    [Fact]
    public async Task A_token_on_its_way_is_for_those_who_wait_and_for_nobody_else()
    {
        await using SettingsApp app = App();
        IDisposable hold = Server.TokenEndpoint.Hold();
        Task<string> waiting = app.TokenAsync();
        await Server.TokenEndpoint.WaitForAsync(1);

        app.Credentials.Forget("billing");
        hold.Dispose();
        string early = await waiting;

        Assert.NotEqual(early, await app.TokenAsync());
    }

    [Fact]
    public async Task One_that_code_finds_is_looked_up_again()
    {
        await using TenantsApp app = new(Server);
        string before = await app.TokenAsync("tenant-1");
        string other = await app.TokenAsync("tenant-2");

        app.Credentials.Forget("Tenant-1");

        Assert.NotEqual(before, await app.TokenAsync("tenant-1"));
        Assert.Equal(other, await app.TokenAsync("tenant-2"));
        Assert.Equal(["tenant-1", "tenant-2", "tenant-1"], app.LookedUp);
    }

    [Fact]
    public async Task One_that_code_finds_has_no_token_left_for_those_who_still_hold_it_either()
    {
        await using TenantsApp app = new(Server);
        TokenSource held = await app.Services.GetRequiredService<TokenSources>().SourceAsync("tenant-1", asked: null, profile: null, default);
        AccessToken before = await held.GetTokenAsync(default);

        app.Credentials.Forget("tenant-1");

        Assert.NotEqual(before.Reveal(), (await held.GetTokenAsync(default)).Reveal());
        Assert.Equal(2, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task One_that_is_not_known_is_no_error()
    {
        await using SettingsApp app = App();
        await using TenantsApp tenants = new(Server);

        app.Credentials.Forget("nobody");
        tenants.Credentials.Forget("nobody");

        Assert.Empty(tenants.LookedUp);
    }

    private SettingsApp App() => new(
        LiveJson.Billing(
            $$"""{ "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "Profile": "Live", "Profiles": { "Live": { "ClientSecret": "s3cret" }, "Test": { "ClientSecret": "s3cret" } } }""")
            .Replace("\"billing\":", $$"""
                "reports": { "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "s3cret" }, "billing":
                """, StringComparison.Ordinal),
        server: Server);
}
