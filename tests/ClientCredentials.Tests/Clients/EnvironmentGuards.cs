using System.Buffers.Text;
using System.Text;
using ClientCredentials.Tests.Testing;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Clients;

public class EnvironmentGuards : OneServer
{
    [Fact]
    public async Task In_production_with_another_profile_active_although_there_is_one_for_it_is_warned_of()
    {
        await using SettingsApp app = App("\"ClientSecret\": \"s3cret\", \"Profile\": \"Staging\"", "\"Staging\": {}, \"production\": {}", "Production");

        _ = app.Credentials.Statuses;

        Assert.Equal(["Client 'billing' (profile 'Staging'): the host's environment is Production, and the active profile is 'Staging', although there is a profile 'Production'."], Warnings(app));
    }

    [Theory]
    [InlineData("\"Profile\": \"Live\"", "\"Live\": {}, \"Test\": {}", "Production")]
    [InlineData("\"Profile\": \"Staging\"", "\"Staging\": {}, \"Production\": {}", "Staging")]
    [InlineData("\"Profile\": \"production\"", "\"Staging\": {}, \"Production\": {}", "PRODUCTION")]
    [InlineData("\"Profile\": \"Staging\"", "\"Staging\": {}, \"Production\": {}", null)]
    public async Task What_fits_together_is_no_warning(string profile, string profiles, string? environment)
    {
        await using SettingsApp app = App($"\"ClientSecret\": \"s3cret\", {profile}", profiles, environment);

        Assert.All(app.Credentials.Statuses, status => Assert.Equal(ClientState.NotYetUsed, status.State));

        Assert.Empty(Warnings(app));
    }

    [Fact]
    public async Task The_same_id_and_secret_in_two_profiles_is_warned_of_without_showing_them()
    {
        await using SettingsApp app = App("\"Profile\": \"Live\"", $$"""
            "Live": { "ClientSecret": "{{SettingsApp.Canary}}" }, "Test": { "ClientSecret": "{{SettingsApp.Canary}}" }, "Other": { "ClientSecret": "another" },
            "Stranger": { "ClientSecret": "{{SettingsApp.Canary}}", "ClientId": "another" }
            """);

        _ = app.Credentials.Statuses;

        Assert.Equal(["Client 'billing' (profile 'Live'): the profiles 'Live' and 'Test' have the same id and secret: whoever has the one environment has the other."], Warnings(app));
    }

    [Fact]
    public async Task What_comes_about_while_the_app_runs_is_warned_of_once_as_long_as_it_lasts()
    {
        string well = Section("\"Profile\": \"Live\"", "\"Live\": { \"ClientSecret\": \"a\" }, \"Test\": { \"ClientSecret\": \"b\" }");
        string mixedUp = well.Replace("\"b\"", "\"a\"", StringComparison.Ordinal);
        await using SettingsApp app = new(well, server: Server);
        _ = app.Credentials.Statuses;

        string[] before = Warnings(app);
        app.Rewrite(mixedUp);
        app.Rewrite(mixedUp, "something else");
        app.Rewrite(mixedUp.Replace("\"Test\":", "\"Test\": { \"ClientSecret\": \"a\" }, \"Other\":", StringComparison.Ordinal).Replace("\"billing\",", "\"billing\", \"MaxRetries\": 1,", StringComparison.Ordinal));
        _ = app.Credentials.Statuses;
        string[] lasting = Warnings(app);
        app.Rewrite(well);
        app.Rewrite(mixedUp);

        const string warning = "Client 'billing' (profile 'Live'): the profiles 'Live' and 'Test' have the same id and secret: whoever has the one environment has the other.";
        Assert.Empty(before);
        Assert.Equal(
            [
                warning,
                warning.Replace("'Test'", "'Other'", StringComparison.Ordinal),
                warning.Replace("'Live' and 'Test'", "'Test' and 'Other'", StringComparison.Ordinal),
            ],
            lasting);
        Assert.Equal(lasting.Append(warning), Warnings(app));
    }

    [Fact]
    public async Task A_secret_of_the_client_itself_is_in_no_second_profile()
    {
        await using SettingsApp app = App("\"Profile\": \"Live\", \"ClientSecret\": \"s3cret\"", "\"Live\": {}, \"Test\": {}");

        _ = app.Credentials.Statuses;

        Assert.Empty(Warnings(app));
    }

    [Theory]
    [InlineData("\"https://api.test.example.com\"")]
    [InlineData("\"https://api.test.example.com/\"")]
    [InlineData("[\"x\",\"urn:test\"]")]
    [InlineData("\"urn:test-too\"")]
    public async Task A_token_that_is_meant_for_another_profile_is_warned_of(string audience)
    {
        await using SettingsApp app = WithApis(audience);

        await app.TokenAsync();

        Assert.Equal(["Client 'billing' (profile 'Live'): the token is meant for the API of profile 'Test'; are the settings of the two mixed up?"], Warnings(app));
    }

    [Theory]
    [InlineData("\"https://api.example.com\"")]
    [InlineData("[\"https://api.test.example.com/\",\"https://api.example.com/\"]")]
    [InlineData("\"urn:nobody\"")]
    [InlineData("null")]
    public async Task A_token_that_is_meant_for_its_own_or_for_nobody_known_is_not(string audience)
    {
        await using SettingsApp app = WithApis(audience);

        await app.TokenAsync();

        Assert.Empty(Warnings(app));
    }

    private static string[] Warnings(SettingsApp app) => [.. app.Log.Of(LogLevel.Warning)];

    private SettingsApp WithApis(string audience)
    {
        string claims = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"aud":{{audience}}}"""));
        Server["billing"].ExtraResponse = new Dictionary<string, object?> { ["access_token"] = $"e30.{claims}.c2ln" };
        return App("\"Profile\": \"Live\"", """
            "Live": { "ClientSecret": "s3cret", "ApiUrl": "https://api.example.com/" },
            "Test": { "ClientSecret": "s3cret-too", "ApiUrl": "https://api.test.example.com/", "Audience": "urn:test", "Resources": [ "urn:test-too" ] }
            """);
    }

    private SettingsApp App(string profile, string profiles, string? environment = null) => new(Section(profile, profiles), environment: environment, server: Server);

    private string Section(string profile, string profiles) =>
        $$"""{ "Clients": { "billing": { "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", {{profile}}, "Profiles": { {{profiles}} } } } }""";
}
