namespace ClientCredentials.Tests.Clients;

public class RequestRules
{
    [Theory]
    [InlineData("scope", "Scopes")]
    [InlineData("audience", "Audience")]
    [InlineData("resource", "Resources")]
    [InlineData("grant_type", "TokenRequest:GrantType")]
    [InlineData("client_id", "ClientId")]
    [Trait("Scenario", "T13")]
    public async Task A_form_parameter_that_has_a_setting_of_its_own_stops_the_start(string parameter, string setting)
    {
        string problem = await Startup.ProblemAsync($$$"""{ "TokenRequest": { "Form": { "{{{parameter}}}": "x" } } }""");

        Assert.Equal($"Client 'billing': TokenRequest:Form has '{parameter}', which has a setting of its own: {setting}.", problem);
    }

    [Fact]
    public async Task The_id_in_the_form_beside_the_Basic_header_is_accepted_where_it_is_the_same()
    {
        Assert.Empty(await Startup.ProblemsAsync(LiveJson.Billing("""{ "TokenRequest": { "Form": { "client_id": "billing-app" } } }""")));
    }

    [Fact]
    public async Task A_query_parameter_that_the_token_URL_has_too_stops_the_start()
    {
        string problem = await Startup.ProblemAsync("""{ "TokenUrl": "https://login.example.com/t?p=a&q=b", "TokenRequest": { "Query": { "q": "c" } } }""");

        Assert.Equal("Client 'billing': TokenRequest:Query has 'q', which the query of TokenUrl has too; a parameter may be there once (RFC 6749 §3.2).", problem);
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("content-type")]
    [InlineData("DPoP")]
    [InlineData("Cookie")]
    public async Task A_header_that_the_package_sets_itself_stops_the_start(string header)
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(LiveJson.Billing(
            $$$"""{ "TokenRequest": { "Headers": { "{{{header}}}": "{{{SettingsApp.Canary}}}" } }, "ApiHeaders": { "{{{header}}}": "{{{SettingsApp.Canary}}}" } }"""));

        Assert.Equal(
            [
                $"Client 'billing': TokenRequest:Headers has '{header}', which this package or the connection sets itself.",
                $"Client 'billing': ApiHeaders has '{header}', which this package or the connection sets itself.",
            ],
            problems);
    }

    [Theory]
    [InlineData("X Key", "x", "ApiHeaders has a header whose name is empty or has characters that no header name has (RFC 9110 §5.6.2).")]
    [InlineData("X-Key", SettingsApp.Canary + "\\r\\nX-Evil: 1", "ApiHeaders:X-Key has a control character or one beyond ASCII, which a header cannot carry.")]
    [InlineData("Content-Language", "da", "ApiHeaders has 'Content-Language', which tells of a body and goes with a body only; set it on the content of the request.")]
    [InlineData("content-md5", SettingsApp.Canary, "ApiHeaders has 'content-md5', which tells of a body and goes with a body only; set it on the content of the request.")]
    [InlineData("Expires", "0", "ApiHeaders has 'Expires', which tells of a body and goes with a body only; set it on the content of the request.")]
    public async Task A_header_that_cannot_be_sent_stops_the_start(string header, string value, string expected)
    {
        string problem = await Startup.ProblemAsync($$$"""{ "ApiHeaders": { "{{{header}}}": "{{{value}}}" } }""");

        Assert.Equal($"Client 'billing': {expected}", problem);
    }

    [Theory]
    [InlineData("""{ "TokenRequest": { "GrantType": "" } }""", "TokenRequest:GrantType is empty or has characters that no grant type has; the usual one is 'client_credentials'.")]
    [InlineData("""{ "TokenTypeAliases": [ " " ] }""", "TokenTypeAliases has an empty value; a missing token_type is taken for Bearer anyway.")]
    [InlineData("""{ "Audience": "a\u0007b" }""", "Audience has a control character.")]
    [InlineData("""{ "Resources": [ "orders" ] }""", "Resources has 'orders'; a resource is an absolute URI without a fragment (RFC 8707 §2).")]
    [InlineData("""{ "Resources": [ "https://api.example.com/#a" ] }""", "Resources has 'https://api.example.com/#a'; a resource is an absolute URI without a fragment (RFC 8707 §2).")]
    [InlineData("""{ "RenewOn": [ 302 ] }""", "RenewOn has 302; only an error, 400 to 599, can mean that a token was refused.")]
    public async Task What_no_server_understands_stops_the_start(string settings, string expected)
    {
        string problem = await Startup.ProblemAsync(settings);

        Assert.Equal($"Client 'billing': {expected}", problem);
    }
}
