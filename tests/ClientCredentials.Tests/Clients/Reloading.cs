using ClientCredentials.Clients;
using ClientCredentials.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ClientCredentials.Tests.Clients;

public class Reloading
{
    [Fact]
    public async Task A_valid_change_takes_effect_and_is_told()
    {
        await using SettingsApp app = new(LiveJson.Billing("""{ "Audience": "a" }"""));
        app.Options();
        app.Log.Clear();

        app.Rewrite(LiveJson.Billing("""{ "Audience": "b" }"""));

        Assert.Equal("b", app.Options().Audience);
        LogLine line = Assert.Single(app.Log.All);
        Assert.Equal((LogLevel.Information, "Client 'billing' (profile 'none'): the settings changed and are in effect."), (line.Level, line.Text));
    }

    [Fact]
    public async Task What_has_nothing_to_do_with_a_client_changes_nothing()
    {
        string section = LiveJson.Billing("""{ "Scopes": [ "a", "b" ], "TokenRequest": { "Form": { "x": "1", "y": "2" } }, "ApiHeaders": { "k": "v" } }""");
        await using SettingsApp app = new(section);
        Settings before = app.Live().Current!;
        List<LiveSettings> changes = [];
        app.Settings.Changed += changes.Add;
        app.Log.Clear();

        app.Rewrite(section, unrelated: "something else");

        Assert.Same(before, app.Live().Current);
        Assert.Empty(changes);
        Assert.Empty(app.Log.All);
    }

    [Fact]
    public async Task A_change_of_one_client_leaves_the_snapshot_of_the_other()
    {
        const string a = """{ "TokenUrl": "https://a.example.com", "ClientId": "a", "AuthenticationMethod": "none" }""";
        string b = a.Replace("a\"", "b\"", StringComparison.Ordinal);
        await using SettingsApp app = new($$"""{ "Clients": { "a": {{a}}, "b": {{a}} } }""");
        (Settings ofA, Settings ofB) = (app.Live("a").Current!, app.Live("b").Current!);

        app.Rewrite($$"""{ "Clients": { "a": {{a}}, "b": {{b}} } }""");

        Assert.Same(ofA, app.Live("a").Current);
        Assert.NotSame(ofB, app.Live("b").Current);
    }

    [Fact]
    [Trait("Scenario", "T100")]
    public async Task After_a_bad_reload_the_last_good_settings_serve_on_until_a_good_one()
    {
        await using var server = await TestAuthorizationServer.StartInMemoryAsync(o =>
        {
            o.AddClient("billing-app", SettingsApp.Canary);
            o.AddClient("other-app", SettingsApp.Canary);
        });
        string Section(string more) => LiveJson.Billing($$"""{ "TokenUrl": "{{server.TokenUrl}}", {{more}} }""");
        await using SettingsApp app = new(Section("\"Scopes\": \"a\""), server: server);
        await app.TokenAsync();
        app.Log.Clear();

        app.Rewrite(Section("\"ClientId\": \"other-app\", \"MaxWait\": 60, \"ClientSecert\": \"canary+8f31\""));
        await app.TokenAsync();
        await app.TokenAsync(parameters: new() { Scopes = ["b"] });
        ClientStatus bad = app.Credentials.Statuses[0];
        LogLine error = Assert.Single(app.Log.All, line => line.Level == LogLevel.Error);
        app.Rewrite(Section("\"ClientId\": \"other-app\", \"Scopes\": \"c\""));
        await app.TokenAsync();
        ClientStatus good = app.Credentials.Statuses[0];

        const string problems = "'ClientSecert' is not a setting; perhaps 'ClientSecret' is meant. MaxWait is not a duration; write hours, minutes and seconds as hh:mm:ss, so that one minute is '00:01:00' (.NET reads a bare number as days).";
        Assert.Equal($"Client 'billing' (profile 'none') goes on with its last good settings, because the changed ones are wrong: {problems}", error.Text);
        Assert.Equal((ClientState.Error, FailureReason.NotConfigured, $"Client 'billing': {problems}"), (bad.State, bad.Reason, bad.Problem));
        Assert.Equal(["billing-app a", "billing-app b", "other-app c"], server.TokenEndpoint.Received.Select(request => $"{request.ClientId} {request.FormValue("scope")}"));
        Assert.Equal((ClientState.OK, null), (good.State, good.Problem));
    }

    [Fact]
    [Trait("Scenario", "T100")]
    public async Task Going_back_to_the_settings_before_the_bad_ones_keeps_the_snapshot()
    {
        await using SettingsApp app = new(LiveJson.Billing());
        Settings before = app.Live().Current!;

        app.Rewrite(LiveJson.Billing("""{ "MaxRetries": 99 }"""));
        Settings meanwhile = app.Live().Current!;
        app.Rewrite(LiveJson.Billing());

        Assert.Same(before, meanwhile);
        Assert.Same(before, app.Live().Current);
        Assert.Empty(app.Live().Problems);
    }

    [Fact]
    public async Task The_same_mistake_is_told_once_however_often_the_file_is_saved()
    {
        await using SettingsApp app = new(LiveJson.Billing());
        app.Options();
        string bad = LiveJson.Billing("""{ "MaxRetries": 99 }""");

        app.Rewrite(bad, "1");
        app.Rewrite(bad, "2");

        Assert.Single(app.Log.All, line => line.Level == LogLevel.Error);
    }

    [Fact]
    public async Task Settings_that_were_never_right_do_not_claim_that_older_ones_serve_on()
    {
        await using SettingsApp app = new(LiveJson.Billing("""{ "MaxRetries": 98 }"""));
        await app.FailureAsync();

        app.Rewrite(LiveJson.Billing("""{ "MaxRetries": 99 }"""));

        Assert.Equal(
            ["Client 'billing' (profile 'none') cannot be used: its settings are still wrong. MaxRetries is 99; it must be 0 to 10."],
            app.Log.Of(LogLevel.Error));
    }

    [Fact]
    public async Task Settings_that_come_by_options_code_are_read_again_when_their_source_says_so()
    {
        using CancellationTokenSource change = new();
        string audience = "a";
        await using SettingsApp app = new(LiveJson.Billing(), clients =>
        {
            clients.AddClient("billing", client => client.Audience = audience);
            clients.Services.AddSingleton<IOptionsChangeTokenSource<ClientCredentialsOptions>>(new Told(change.Token));
        });
        app.Options();

        audience = "b";
        await change.CancelAsync();

        Assert.Equal("b", app.Options().Audience);
    }

    [Fact]
    public async Task A_client_that_is_switched_off_while_running_sends_nothing_more()
    {
        await using var server = await TestAuthorizationServer.StartInMemoryAsync(o => o.AddClient("billing-app", SettingsApp.Canary));
        string url = $"\"TokenUrl\": \"{server.TokenUrl}\"";
        await using SettingsApp app = new(LiveJson.Billing($$"""{ {{url}} }"""), server: server);
        await app.TokenAsync();

        app.Rewrite(LiveJson.Billing($$"""{ {{url}}, "Enabled": false }"""));
        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal((FailureReason.Disabled, "Client 'billing': it is switched off by Enabled: false; no request is made for it."), (failure.Reason, failure.Message));
        Assert.Equal(1, server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_client_that_is_added_while_the_names_are_read_is_found()
    {
        using SlowNames slow = new();
        await using ServiceProvider app = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().Add(slow).Build()).AddClientCredentials().Services.BuildServiceProvider();
        ClientSettings settings = app.GetRequiredService<ClientSettings>();
        slow.Set("ClientCredentials:Clients:early:ClientId", "a");
        slow.Load();
        slow.Hold();
        Task<(string? Client, string Problem)> reader = Task.Run(() => settings.Find("early"));
        await slow.HasRead;

        slow.Set("ClientCredentials:Clients:late:ClientId", "b");
        Thread reload = new(slow.Load);
        reload.Start();
        // Either it does not wait for the reader, or it does and stands.
        bool isTime = SpinWait.SpinUntil(() => !reload.IsAlive || reload.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromSeconds(30));
        slow.GoOn();
        reload.Join();
        await reader;

        Assert.True(isTime);
        Assert.Equal("late", settings.Find("late").Client);
    }

    /// <summary>Settings whose names, once read, are handed over when the test says so.</summary>
    private sealed class SlowNames : ConfigurationProvider, IConfigurationSource, IDisposable
    {
        private readonly ManualResetEventSlim _goOn = new(initialState: true);
        private readonly TaskCompletionSource _hasRead = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task HasRead => _hasRead.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override void Load() => OnReload();

        public void Hold() => _goOn.Reset();

        public void GoOn() => _goOn.Set();

        public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
        {
            string[] keys = [.. base.GetChildKeys(earlierKeys, parentPath)];
            if (!_goOn.IsSet && parentPath == "ClientCredentials:Clients")
            {
                _hasRead.TrySetResult();
                _goOn.Wait(CancellationToken.None);
            }

            return keys;
        }

        public void Dispose() => _goOn.Dispose();
    }

    private sealed class Told(CancellationToken change) : IOptionsChangeTokenSource<ClientCredentialsOptions>
    {
        public string Name => "billing";

        public IChangeToken GetChangeToken() => change.IsCancellationRequested ? new CancellationChangeToken(CancellationToken.None) : new CancellationChangeToken(change);
    }
}
