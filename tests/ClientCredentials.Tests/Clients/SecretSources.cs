using ClientCredentials.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Clients;

public class SecretSources : OneServer
{
    private const string Nameless = "\"ClientSecret\": \"\"";
    private const string Named = "\"ClientSecret\": \"\", \"ClientSecretName\": \"vault/billing\"";

    [Fact]
    public async Task UseSecret_is_asked_once_per_token_fetch_so_that_a_new_secret_counts_at_once()
    {
        int asked = 0;
        Server.AddClient("billing-app", "secret-1").AlternateSecrets = ["secret-2"];
        await using SettingsApp app = App(Nameless, clients => clients.UseSecret("Billing", _ => new($"secret-{++asked}")));

        await app.TokenAsync();
        await app.TokenAsync();
        await app.TokenAsync(parameters: new() { Scopes = ["b"] });

        Assert.Equal(2, asked);
        Assert.Equal([Basic("secret-1"), Basic("secret-2")], Server.TokenEndpoint.Received.Select(request => request.Header("Authorization")));
    }

    [Fact]
    public async Task One_fetch_asks_once_however_often_it_is_tried()
    {
        int asked = 0;
        Server.AddClient("billing-app", "secret");
        Server.TokenEndpoint.Fail(System.Net.HttpStatusCode.ServiceUnavailable, times: 2);
        await using SettingsApp app = App($"{Named}, \"RetryDelay\": \"00:00:00\"", clients => clients.UseSecretStore((_, _, _, _) =>
        {
            asked++;
            return new("secret");
        }));

        await app.TokenAsync();

        Assert.Equal((1, 3), (asked, Server.TokenEndpoint.Count));
    }

    [Fact]
    public async Task The_store_is_told_the_secret_s_name_the_client_and_its_profile()
    {
        List<string> asked = [];
        Server.AddClient("billing-app", "secret");
        await using SettingsApp app = new(
            LiveJson.Billing($$"""
                { "TokenUrl": "{{Server.TokenUrl}}", {{Named}}, "Profiles": { "Production": {}, "Staging": { "ClientSecretName": "vault/staging" } } }
                """),
            clients => clients.UseSecretStore((services, name, client, profile, _) =>
            {
                asked.Add($"{name} {client} {profile} {services.GetRequiredService<TimeProvider>().GetType().Name}");
                return new("secret");
            }),
            "Production",
            Server);

        await app.TokenAsync();
        await app.TokenAsync(parameters: new() { Profile = "staging" });

        Assert.Equal(["vault/billing billing Production ManualClock", "vault/staging billing Staging ManualClock"], asked);
    }

    [Fact]
    public async Task A_client_without_profiles_has_none_to_tell()
    {
        string? told = "something";
        Server.AddClient("billing-app", "secret");
        await using SettingsApp app = App(Named, clients => clients.UseSecretStore((_, _, profile, _) =>
        {
            told = profile;
            return new("secret");
        }));

        await app.TokenAsync();

        Assert.Null(told);
    }

    [Theory]
    [InlineData(Named, null, "the secret store, asked for 'vault/billing', gave no secret.")]
    [InlineData(Named, "", "the secret store, asked for 'vault/billing', gave no secret.")]
    [InlineData(Nameless, null, "the function given to UseSecret gave no secret.")]
    public async Task No_secret_is_no_token_and_no_request(string settings, string? secret, string expected)
    {
        await using SettingsApp app = App(settings, clients => Give(clients, settings, () => secret));

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal((FailureReason.NotConfigured, false), (failure.Reason, failure.IsTransient));
        Assert.Equal($"Client 'billing': {expected}", failure.Message);
        Assert.Equal(0, Server.TokenEndpoint.Count);
    }

    [Theory]
    [InlineData(Named, "the secret store, asked for 'vault/billing',")]
    [InlineData(Nameless, "the function given to UseSecret")]
    public async Task What_throws_may_work_the_next_time_and_says_nothing_of_what_it_threw(string settings, string from)
    {
        InvalidOperationException thrown = new(SettingsApp.Canary);
        await using SettingsApp app = App($"{settings}, \"MaxRetries\": 0", clients => Give(clients, settings, () => throw thrown));

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal((FailureReason.NotConfigured, true), (failure.Reason, failure.IsTransient));
        Assert.Equal($"Client 'billing': {from} failed with InvalidOperationException.", failure.Message);
        Assert.Same(thrown, failure.InnerException);
        Assert.DoesNotContain(app.Log.All, line => line.Text.Contains(SettingsApp.Canary, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_hangs_is_left_behind_at_MaxWait()
    {
        TaskCompletionSource<string?> never = new();
        await using SettingsApp app = App($"{Named}, \"MaxWait\": \"00:00:10\"", clients => clients.UseSecretStore((_, _, _, _) => new(never.Task)));
        Task<AccessToken> pending = app.Credentials.GetTokenAsync("billing").AsTask();
        await app.Clock.WaitForTimersAsync(2);

        app.Clock.Advance(TimeSpan.FromSeconds(9.9));
        bool endedBefore = pending.IsCompleted;
        app.Clock.Advance(TimeSpan.FromSeconds(0.1));
        ClientCredentialsException failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => pending);

        Assert.False(endedBefore);
        Assert.Equal((FailureReason.TimedOut, true, 0), (failure.Reason, failure.IsTransient, Server.TokenEndpoint.Count));
        Assert.StartsWith("Client 'billing': there was no token within MaxWait (00:00:10)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_functions_the_later_counts()
    {
        Server.AddClient("billing-app", "late");
        await using SettingsApp app = App(Nameless, clients => clients.UseSecret("billing", _ => new("early")).UseSecret("billing", _ => new("late")));

        await app.TokenAsync();

        Assert.Equal(Basic("late"), Assert.Single(Server.TokenEndpoint.Received).Header("Authorization"));
    }

    private SettingsApp App(string settings, Action<ClientCredentialsBuilder> code) =>
        new(LiveJson.Billing($$"""{ "TokenUrl": "{{Server.TokenUrl}}", {{settings}} }"""), code, server: Server);

    private static void Give(ClientCredentialsBuilder clients, string settings, Func<string?> secret) =>
        _ = settings == Named ? clients.UseSecretStore((_, _, _, _) => new(secret())) : clients.UseSecret("billing", _ => new(secret()));

    private static string Basic(string secret) => Caller.Basic("billing-app", secret);
}
