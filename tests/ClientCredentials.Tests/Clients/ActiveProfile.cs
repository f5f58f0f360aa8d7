using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Clients;

public class ActiveProfile
{
    private const string TwoProfiles = """{ "Profiles": { "Staging": { "ClientId": "staging" }, "Production": { "ClientId": "production" } } }""";

    [Theory]
    [InlineData("""{ "Profile": "production", "Profiles": { "Staging": {}, "Production": {} } }""", """{ "Profile": "Staging" }""", "Staging", "Production", "ClientCredentials:Clients:billing:Profile says so")]
    [InlineData(TwoProfiles, """{ "Profile": "PRODUCTION" }""", "Staging", "Production", "ClientCredentials:Profile says so")]
    [InlineData(TwoProfiles, """{ "Profile": "Staging" }""", null, "Staging", "ClientCredentials:Profile says so")]
    [InlineData(TwoProfiles, "{}", "staging", "Staging", "it is the host's environment")]
    [InlineData("{}", """{ "Profile": "Staging" }""", "Staging", "none", "it has no profiles")]
    public async Task It_is_the_client_s_own_else_the_common_one_else_the_environment(string settings, string others, string? environment, string active, string why)
    {
        await using SettingsApp app = new(LiveJson.Billing(settings, others), environment: environment);

        app.Options();
        app.Options();

        Assert.Equal([$"Client 'billing' uses profile '{active}': {why}."], app.Log.Of(LogLevel.Information));
        Assert.Equal(active, app.Live().Profile ?? "none");
    }

    [Fact]
    public async Task Code_may_say_which_it_is()
    {
        await using SettingsApp app = new(LiveJson.Billing(TwoProfiles), clients => clients.AddClient("billing", client => client.Profile = "Staging"), "Production");

        Assert.Equal("staging", app.Options().ClientId);
    }

    [Fact]
    public async Task It_is_told_at_the_start_of_the_app_for_every_client()
    {
        LogLines log = new();
        using var host = Startup.Host(
            LiveJson.Billing(TwoProfiles),
            clients => clients.AddClient("reports", client => (client.TokenUrl, client.ClientId, client.ClientSecret) = (new Uri("https://login.example.com"), "r", SettingsApp.Canary)),
            "Staging",
            log);

        await host.StartAsync();

        Assert.Equal(
            ["Client 'billing' uses profile 'Staging': it is the host's environment.", "Client 'reports' uses profile 'none': it has no profiles."],
            log.Of(LogLevel.Information));
    }

    [Fact]
    [Trait("Scenario", "T83")]
    public async Task One_that_the_client_does_not_have_stops_the_start()
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(LiveJson.Billing(TwoProfiles), environment: "Development");

        Assert.Equal(
            [
                "Client 'billing', profile 'Development': the active profile is 'Development' (it is the host's environment), but it has 'Production', 'Staging'; "
                + "set ClientCredentials:Profile (or ClientCredentials:Clients:billing:Profile) to one of them.",
            ],
            problems);
    }

    [Fact]
    public async Task With_neither_a_setting_nor_a_host_there_is_none_and_the_first_use_asks_for_it()
    {
        await using SettingsApp app = new(LiveJson.Billing(TwoProfiles));

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal(FailureReason.NotConfigured, failure.Reason);
        Assert.Equal(
            "Client 'billing': it has the profiles 'Production', 'Staging', and nothing says which is active; set ClientCredentials:Profile (or ClientCredentials:Clients:billing:Profile) to one of them.",
            failure.Message);
        Assert.Equal(["Client 'billing' uses profile 'none': neither a setting nor a host says which."], app.Log.Of(LogLevel.Information));
    }

    [Fact]
    public async Task Another_profile_is_there_for_the_asking()
    {
        await using SettingsApp app = new(LiveJson.Billing(TwoProfiles), environment: "Production");

        ClientCredentialsOptions staging = app.Options(profile: "STAGING");

        Assert.Equal(("staging", "production"), (staging.ClientId, app.Options().ClientId));
        Assert.Equal("Client 'billing': it has no profile 'Test'; it has 'Production', 'Staging'.", (await app.FailureAsync(parameters: new() { Profile = "Test" })).Message);
    }

    [Fact]
    public async Task It_is_read_once_and_a_later_change_is_a_warning()
    {
        await using SettingsApp app = new(LiveJson.Billing(TwoProfiles, """{ "Profile": "Staging" }"""));
        var before = app.Live().Current;

        app.Rewrite(LiveJson.Billing(TwoProfiles, """{ "Profile": "Production" }"""));

        Assert.Same(before, app.Live().Current);
        Assert.Equal(
            ["Client 'billing' goes on with profile 'Staging': the configuration now says 'Production', and the active profile is read once, at start. Restart the app to change it."],
            app.Log.Of(LogLevel.Warning));
    }
}
