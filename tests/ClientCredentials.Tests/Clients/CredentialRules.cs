using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Clients;

public class CredentialRules
{
    [Fact]
    [Trait("Scenario", "T03")]
    public async Task A_colon_in_the_id_stops_the_start_where_Basic_is_raw()
    {
        string problem = await Startup.ProblemAsync("""{ "ClientId": "my client:1", "BasicEncoding": "Raw" }""");

        Assert.Equal("Client 'billing': ClientId has a ':', which a Basic header cannot carry when BasicEncoding is Raw (RFC 7617 §2); use FormUrlEncoded, or client_secret_post.", problem);
    }

    [Theory]
    [InlineData("""{ "ClientId": "my-client:1", "BasicEncoding": "FormUrlEncoded" }""")]
    [InlineData("""{ "ClientId": "my-client:1", "BasicEncoding": "Raw", "AuthenticationMethod": "client_secret_post" }""")]
    public async Task A_colon_in_the_id_is_fine_elsewhere(string settings)
    {
        Assert.Empty(await Startup.ProblemsAsync(LiveJson.Billing(settings)));
    }

    [Theory]
    [InlineData("client_secret_basic", "client_secret", "ClientSecret with AuthenticationMethod client_secret_post")]
    [InlineData("client_secret_post", "client_secret", "ClientSecret with AuthenticationMethod client_secret_post")]
    [InlineData("client_secret_basic", "client_assertion", "AuthenticationMethod")]
    [InlineData("client_secret_basic", "client_assertion_type", "AuthenticationMethod")]
    [Trait("Scenario", "T07")]
    public async Task A_second_way_of_authentication_in_the_form_stops_the_start(string method, string parameter, string own)
    {
        string problem = await Startup.ProblemAsync(
            $$$"""{ "AuthenticationMethod": "{{{method}}}", "TokenRequest": { "Form": { "{{{parameter}}}": "{{{SettingsApp.Canary}}}" } } }""");

        Assert.Equal($"Client 'billing': TokenRequest:Form has '{parameter}', which has a setting of its own: {own}.", problem);
    }

    [Fact]
    [Trait("Scenario", "T07")]
    public async Task A_secret_in_the_query_stops_the_start()
    {
        string problem = await Startup.ProblemAsync($$$"""{ "TokenRequest": { "Query": { "client_secret": "{{{SettingsApp.Canary}}}" } } }""");

        Assert.Equal("Client 'billing': TokenRequest:Query has 'client_secret', which must never be in a URL (RFC 6749 §2.3.1); use ClientSecret.", problem);
    }

    [Theory]
    [InlineData("ClientId", " billing-app", "ClientId begins or ends with white space.")]
    [InlineData("ClientId", "billing-app ", "ClientId begins or ends with white space.")]
    [InlineData("ClientId", "", "ClientId is missing; the server's operator gives it to you.")]
    [InlineData("ClientSecret", " " + SettingsApp.Canary, "ClientSecret begins or ends with white space, which was probably copied with it.")]
    [InlineData("ClientSecret", SettingsApp.Canary + "\\n", "ClientSecret begins or ends with white space, which was probably copied with it.")]
    [InlineData(
        "ClientSecret",
        "",
        "a secret is missing: set ClientSecret (by user secrets, an environment variable or a vault, not in a file that is checked in), or ClientSecretName with UseSecretStore, or call UseSecret.")]
    [Trait("Scenario", "T86")]
    public async Task White_space_around_it_and_nothing_at_all_stop_the_start(string setting, string value, string expected)
    {
        string problem = await Startup.ProblemAsync($$"""{ "{{setting}}": "{{value}}" }""");

        Assert.Equal($"Client 'billing': {expected}", problem);
    }

    [Fact]
    [Trait("Scenario", "T86")]
    public async Task White_space_inside_the_id_is_a_warning()
    {
        await using SettingsApp app = new(LiveJson.Billing("""{ "ClientId": "billing app" }"""));

        app.Options();

        Assert.Equal("Client 'billing' (profile 'none'): ClientId has white space inside; was something else copied with it?", Assert.Single(app.Log.Of(LogLevel.Warning)));
    }

    [Theory]
    [InlineData("ClientId", "bïlling", "A.1")]
    [InlineData("ClientSecret", "ö" + SettingsApp.Canary, "A.2")]
    public async Task Characters_that_many_servers_refuse_are_a_warning(string setting, string value, string appendix)
    {
        await using SettingsApp app = new(LiveJson.Billing($$"""{ "{{setting}}": "{{value}}" }"""));

        app.Options();

        Assert.Equal(
            $"Client 'billing' (profile 'none'): {setting} has characters outside the printable ASCII that RFC 6749 Appendix {appendix} allows; many servers refuse it.",
            Assert.Single(app.Log.Of(LogLevel.Warning)));
    }

    [Fact]
    public async Task Two_secrets_stop_the_start()
    {
        string problem = await Startup.ProblemAsync(
            """{ "ClientSecretName": "billing-secret" }""",
            clients => clients.UseSecretStore((_, _, _, _) => new("x")).UseSecret("billing", _ => new(SettingsApp.Canary)));

        Assert.Equal("Client 'billing': ClientSecret and ClientSecretName and UseSecret are both set, and only one can be the secret; an empty value in a later layer clears an earlier one.", problem);
    }

    [Fact]
    public async Task A_secret_for_a_client_that_sends_none_stops_the_start()
    {
        string problem = await Startup.ProblemAsync("""{ "AuthenticationMethod": "none" }""");

        Assert.Equal("Client 'billing': ClientSecret is set, but AuthenticationMethod is none, which sends no secret.", problem);
    }

    [Fact]
    public async Task The_name_of_a_secret_without_a_store_stops_the_start()
    {
        string problem = await Startup.ProblemAsync("""{ "ClientSecret": "", "ClientSecretName": "billing-secret" }""");

        Assert.Equal("Client 'billing': ClientSecretName is set, but there is no secret store; call UseSecretStore.", problem);
    }
}
