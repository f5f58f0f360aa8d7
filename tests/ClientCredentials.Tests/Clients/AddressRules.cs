namespace ClientCredentials.Tests.Clients;

public class AddressRules
{
    [Fact]
    [Trait("Scenario", "T09")]
    public async Task A_token_URL_with_a_fragment_stops_the_start()
    {
        string problem = await Startup.ProblemAsync("""{ "TokenUrl": "https://login.example.com/token?p=B2C_1A#frag" }""");

        Assert.Equal("Client 'billing': TokenUrl (https://login.example.com/token) has a fragment ('#…'), which is never sent (RFC 6749 §3.2).", problem);
    }

    [Theory]
    [InlineData("TokenUrl", "http://auth.example.com/token", "http://auth.example.com/token")]
    [InlineData("ApiUrl", "http://127.0.0.1.example.com/v1", "http://127.0.0.1.example.com/v1")]
    [InlineData("TokenUrl", "http://localhost.example.com/", "http://localhost.example.com/")]
    [InlineData("TokenUrl", "http://10.0.0.7:8080/t", "http://10.0.0.7:8080/t")]
    [Trait("Scenario", "T38")]
    public async Task Http_beyond_loopback_stops_the_start(string setting, string url, string shown)
    {
        string problem = await Startup.ProblemAsync($$"""{ "{{setting}}": "{{url}}" }""");

        Assert.Equal(
            $"Client 'billing': {setting} ({shown}) is http, so that what is sent there could be read on the way; use https, or set AllowInsecureHttp for a network you trust.",
            problem);
    }

    [Theory]
    [InlineData("http://localhost:5000")]
    [InlineData("http://LOCALHOST/token")]
    [InlineData("http://127.0.0.1:5000/token")]
    [InlineData("http://127.8.9.10/token")]
    [InlineData("http://[::1]:5000/token")]
    [InlineData("https://auth.example.com")]
    [Trait("Scenario", "T38")]
    public async Task Https_and_http_on_loopback_are_accepted(string url)
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(LiveJson.Billing($$"""{ "TokenUrl": "{{url}}", "ApiUrl": "{{url}}" }"""));

        Assert.Empty(problems);
    }

    [Fact]
    public async Task AllowInsecureHttp_covers_token_URL_API_and_origins_of_its_client_alone()
    {
        const string insecure = """{ "TokenUrl": "http://a.example.com", "ApiUrl": "http://b.example.com", "AllowedOrigins": [ "http://c.example.com" ], "ClientId": "x", "ClientSecret": "y" }""";
        string trusting = LiveJson.Billing(insecure.Replace("{", "{ \"AllowInsecureHttp\": true,", StringComparison.Ordinal));

        IReadOnlyList<string> problems = await Startup.ProblemsAsync(trusting, clients => clients.AddClient("other", client =>
        {
            client.TokenUrl = new Uri("http://a.example.com");
            client.ClientId = "other";
            client.ClientSecret = SettingsApp.Canary;
        }));

        Assert.StartsWith("Client 'other': TokenUrl (http://a.example.com/) is http", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TokenUrl", "", "TokenUrl is missing; it is the https URL of the server's token endpoint. With an Issuer it is found by itself.")]
    [InlineData("TokenUrl", "login.example.com/token", "TokenUrl is not an absolute https URL.")]
    [InlineData("TokenUrl", "/token", "TokenUrl is not an absolute https URL.")]
    [InlineData("TokenUrl", "ftp://login.example.com/", "TokenUrl is not an absolute https URL.")]
    [InlineData("TokenUrl", "https://id:" + SettingsApp.Canary + "@login.example.com/", "TokenUrl (https://login.example.com/) has user information before the host; id and secret have settings of their own.")]
    [InlineData("TokenUrl", "https://login.example.com/?client_secret=" + SettingsApp.Canary, "TokenUrl has 'client_secret' in its query, where credentials must never be (RFC 6749 §2.3.1).")]
    [InlineData("ApiUrl", "v1/", "ApiUrl is not an absolute https URL.")]
    [InlineData("ApiUrl", "https://api.example.com/?version=2", "ApiUrl has a query, which a base address cannot have.")]
    public async Task An_address_that_is_none_stops_the_start(string setting, string url, string expected)
    {
        string problem = await Startup.ProblemAsync($$"""{ "{{setting}}": "{{url}}" }""");

        Assert.Equal($"Client 'billing': {expected}", problem);
    }

    [Theory]
    [InlineData("api.example.com", "'api.example.com', which is not an origin")]
    [InlineData("https://api.example.com/v1", "'https://api.example.com/v1', which has a path")]
    [InlineData("https://*.com", "'https://*.com', which is too wide")]
    [InlineData("https://a.*.example.com", "'https://a.*.example.com', which is not an origin")]
    [InlineData("https://me:" + SettingsApp.Canary + "@api.example.com", "a value, which holds user information")]
    [InlineData("http://api.example.com", "'http://api.example.com', which is http beyond loopback")]
    public async Task An_origin_that_is_none_stops_the_start(string origin, string expected)
    {
        string problem = await Startup.ProblemAsync($$"""{ "AllowedOrigins": [ "{{origin}}" ] }""");

        Assert.StartsWith($"Client 'billing': AllowedOrigins has {expected}", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Origins_that_are_some_are_accepted()
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(LiveJson.Billing(
            """{ "AllowedOrigins": [ "*", "https://api.example.com", "https://api.example.com:8443", "https://*.my.example.com", "http://localhost:5000", "https://[2001:db8::1]" ] }"""));

        Assert.Empty(problems);
    }
}
