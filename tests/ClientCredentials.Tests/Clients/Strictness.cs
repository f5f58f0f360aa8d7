namespace ClientCredentials.Tests.Clients;

public class Strictness
{
    [Theory]
    [InlineData("""{ "ClientSecert": "canary+8f31" }""", "'ClientSecert' is not a setting; perhaps 'ClientSecret' is meant.")]
    [InlineData("""{ "clientSecret2": "canary+8f31" }""", "'clientSecret2' is not a setting; perhaps 'ClientSecret' is meant.")]
    [InlineData("""{ "Profils": {} }""", "'Profils' is not a setting; perhaps 'Profile' is meant.")]
    [InlineData("""{ "TokenReqest": { "GrantType": "x" } }""", "'TokenReqest' is not a setting; perhaps 'TokenRequest' is meant.")]
    [InlineData("""{ "TokenRequest": { "GrantTyp": "x" } }""", "'TokenRequest:GrantTyp' is not a setting; perhaps 'TokenRequest:GrantType' is meant.")]
    [Trait("Scenario", "T98")]
    public async Task An_unknown_key_of_a_client_stops_the_start_and_names_the_nearest(string settings, string expected)
    {
        string problem = await Startup.ProblemAsync(settings);

        Assert.Equal($"Client 'billing': {expected}", problem);
    }

    [Fact]
    public async Task A_key_that_resembles_nothing_is_answered_with_all_there_are()
    {
        string problem = await Startup.ProblemAsync("""{ "TokenRequest": { "Xyzzy": "canary+8f31" } }""");

        Assert.Equal(
            "Client 'billing': 'TokenRequest:Xyzzy' is not a setting; the settings here are TokenRequest:Form, TokenRequest:GrantType, TokenRequest:Headers, TokenRequest:Query.",
            problem);
    }

    [Theory]
    [InlineData("""{ "Client": {} }""", "ClientCredentials: 'Client' is not a setting; perhaps 'Clients' is meant.")]
    [InlineData("""{ "ValidateAtStart": false }""", "ClientCredentials: 'ValidateAtStart' is not a setting; perhaps 'ValidateOnStart' is meant.")]
    [InlineData("""{ "Secret": "canary+8f31" }""", "ClientCredentials: 'Secret' is not a setting; the settings here are AllowedTokenHosts, Clients, ConnectOnStart, Profile, ValidateOnStart.")]
    [InlineData("""{ "ValidateOnStart": "no" }""", "ClientCredentials: ValidateOnStart is neither 'true' nor 'false'.")]
    public async Task An_unknown_key_beside_the_clients_stops_the_start(string others, string expected)
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(LiveJson.Billing(others: others));

        Assert.Equal([expected], problems);
    }

    [Theory]
    [InlineData("""{ "ClientSecert": "canary+8f31" }""", "'ClientSecert' is not a setting; perhaps 'ClientSecret' is meant.")]
    [InlineData("""{ "Profiles": { "Deeper": {} } }""", "'Profiles' is not a setting; the settings here are ")]
    [InlineData("""{ "Profile": "Staging" }""", "'Profile' is not a setting; the settings here are ")]
    public async Task An_unknown_key_of_a_profile_stops_the_start(string staging, string expected)
    {
        string problem = await Startup.ProblemAsync($$"""{ "Profiles": { "Production": {}, "Staging": {{staging}} } }""");

        Assert.StartsWith($"Client 'billing', profile 'Staging': {expected}", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case_does_not_matter_in_keys()
    {
        await using SettingsApp app = new(LiveJson.Billing("""{ "maxwait": "00:00:30", "tokenrequest": { "FORM": { "a": "b" } } }"""));

        ClientCredentialsOptions options = app.Options();

        Assert.Equal(TimeSpan.FromSeconds(30), options.MaxWait);
        Assert.Equal("b", options.TokenRequest.Form["a"]);
    }

    [Theory]
    [InlineData("MaxWait", "60")]
    [InlineData("MaxWait", "\"60\"")]
    [InlineData("RetryDelay", "\"1.5\"")]
    [InlineData("RefreshBefore", "\"1m\"")]
    [InlineData("AttemptTimeout", "\"\"")]
    [InlineData("DefaultTokenLifetime", "\"canary+8f31\"")]
    [InlineData("MaxTokenLifetime", "3600")]
    [Trait("Scenario", "T98")]
    public async Task A_duration_that_is_none_stops_the_start_and_shows_the_notation(string setting, string value)
    {
        string problem = await Startup.ProblemAsync($$"""{ "{{setting}}": {{value}} }""");

        Assert.Equal(
            $"Client 'billing': {setting} is not a duration; write hours, minutes and seconds as hh:mm:ss, so that one minute is '00:01:00' (.NET reads a bare number as days).",
            problem);
    }

    [Theory]
    [InlineData("AuthenticationMethod", "\"client_secret_header\"", "is none of 'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'federated_assertion', 'tls_client_auth', 'self_signed_tls_client_auth', 'none', 'custom'.")]
    [InlineData("AuthenticationMethod", "1", "is none of 'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'federated_assertion', 'tls_client_auth', 'self_signed_tls_client_auth', 'none', 'custom'.")]
    [InlineData("BasicEncoding", "\"Latin1\"", "is none of 'FormUrlEncoded', 'Raw'.")]
    [InlineData("Enabled", "\"canary+8f31\"", "is neither 'true' nor 'false'.")]
    [InlineData("MaxRetries", "\"canary+8f31\"", "is not a whole number.")]
    [InlineData("MaxRetries", "1.5", "is not a whole number.")]
    [InlineData("RenewOn", "[ 401, \"sometimes\" ]", "is not an HTTP status, such as 401.")]
    [InlineData("ClientSecret", "[ \"canary+8f31\" ]", "is a list or an object where one value is wanted.")]
    [InlineData("ApiHeaders", "\"canary+8f31\"", "is one value where names with values are wanted.")]
    [Trait("Scenario", "T98")]
    public async Task A_value_of_the_wrong_kind_stops_the_start_and_names_what_there_is(string setting, string value, string expected)
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(LiveJson.Billing($$"""{ "{{setting}}": {{value}} }"""));

        Assert.StartsWith($"Client 'billing': {setting} ", problems[0], StringComparison.Ordinal);
        Assert.EndsWith(expected, problems[0], StringComparison.Ordinal);
        Assert.DoesNotContain(problems, problem => problem.Contains(SettingsApp.Canary, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("client_secret_post")]
    [InlineData("ClientSecretPost")]
    [InlineData("CLIENT_SECRET_POST")]
    public async Task A_method_may_be_written_as_the_field_does_or_as_code_does(string written)
    {
        await using SettingsApp app = new(LiveJson.Billing($$"""{ "AuthenticationMethod": "{{written}}" }"""));

        Assert.Equal(AuthenticationMethod.ClientSecretPost, app.Options().AuthenticationMethod);
    }

    [Theory]
    [InlineData("""{ "TokenRequest": { "Form": { "a": [ "canary+8f31", "y" ] } } }""", "TokenRequest:Form has 'a', which is a list or an object where one value is wanted")]
    [InlineData("""{ "TokenRequest": { "Form": { "urn:example": "canary+8f31" } } }""", "TokenRequest:Form has 'urn', which is a list or an object where one value is wanted (a name with a ':' in it can only be given by code)")]
    [InlineData("""{ "Scopes": [ { "name": "canary+8f31" } ] }""", "Scopes has an item that is a list or an object")]
    [InlineData("""{ "TokenRequest": "canary+8f31" }""", "TokenRequest is one value where names with values are wanted")]
    [InlineData("""{ "Profiles": "canary+8f31" }""", "Profiles is one value where names with values are wanted")]
    public async Task Nothing_that_is_written_is_passed_over(string settings, string expected)
    {
        string problem = await Startup.ProblemAsync(settings);

        Assert.StartsWith($"Client 'billing': {expected}", problem, StringComparison.Ordinal);
    }
}
