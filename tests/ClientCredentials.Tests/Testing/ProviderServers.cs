using System.Net;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Testing;

public class ProviderServers
{
    [Fact]
    public async Task A_name_is_enough_whatever_its_casing()
    {
        Provider? acted = null;
        await using TestAuthorizationServer server = await TestAuthorizationServer.StartAsync(options =>
        {
            acted = options.UseProvider("apigee");
            options.AddClient("billing-app", "s3cret");
        });
        using HttpClient http = new(server.CreateHandler());

        HttpResponseMessage response = await http.PostAsync(server.TokenUrl, Form("client_id=billing-app&client_secret=s3cret&grant_type=client_credentials"));
        string answer = await response.Content.ReadAsStringAsync();

        Assert.Equal("Apigee", acted!.Name);
        Assert.Contains("\"token_type\":\"BearerToken\"", answer, StringComparison.Ordinal);
        Assert.Contains("\"expires_in\":\"3599\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_names_the_known_ones()
    {
        KeyNotFoundException problem = Assert.Throws<KeyNotFoundException>(() => Provider.Named("Acme"));

        Assert.StartsWith("Provider 'Acme' is not known; known: 'AD FS', 'Apigee', 'Auth0', 'AWS Cognito', ", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Google", "Provider 'Google' is nothing that a server can act as: its service accounts use the JWT bearer grant, not client credentials.")]
    [InlineData("Sensedia", "Provider 'Sensedia' is nothing that a server can act as: no public source was found; test data only.")]
    public void What_has_no_source_or_no_such_grant_is_no_preset(string name, string message)
    {
        KeyNotFoundException problem = Assert.Throws<KeyNotFoundException>(() => Provider.Named(name));

        Assert.Equal(message, problem.Message);
        Assert.DoesNotContain(Provider.All, provider => provider.Name == name);
    }

    [Fact]
    public void Every_preset_has_a_source_and_no_secret()
    {
        Assert.All(Provider.All, provider => Assert.NotEmpty(provider.Sources));
        Assert.All(Provider.All, provider => Assert.DoesNotContain(provider.Settings.Keys, key => key.Contains("Secret", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(Provider.Corpus.Count, Provider.Corpus.DistinctBy(provider => provider.Name).Count());
    }

    [Fact]
    public async Task A_method_that_the_provider_does_not_take_is_refused_as_a_wrong_secret_is()
    {
        await using ProviderApp app = await ProviderApp.StartAsync(Provider.Named("Twitch"));
        using HttpClient http = new(app.Server.CreateHandler());
        using HttpRequestMessage request = new(HttpMethod.Post, app.Server.TokenUrl) { Content = Form("grant_type=client_credentials") };
        request.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String("your-client-id:s3cret%2B%2F%25%3D%26+~"u8));

        HttpResponseMessage response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("\"invalid client secret\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Zoom", "grant_type=client_credentials&account_id=1", "Zoom wants the parameter 'grant_type' to be 'account_credentials'.")]
    [InlineData("Zoom", "grant_type=account_credentials", "Zoom wants the parameter 'account_id'.")]
    [InlineData("Azure AD B2C", "grant_type=client_credentials&scope=a", "Azure AD B2C wants the query parameter 'p'.")]
    public async Task A_request_that_lacks_what_the_provider_wants_is_refused(string name, string form, string description)
    {
        Provider provider = Provider.Named(name);
        await using ProviderApp app = await ProviderApp.StartAsync(provider);
        using HttpClient http = new(app.Server.CreateHandler());
        using HttpRequestMessage request = new(HttpMethod.Post, app.Server.TokenUrl);
        bool isBasic = provider.Expectation!.Authentication == "client_secret_basic";
        request.Content = Form(isBasic ? form : $"{form}&client_id={provider.Settings["ClientId"]}&client_secret=s3cret%2B%2F%25%3D%26+~");
        if (isBasic)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String("your-client-id:s3cret%2B%2F%25%3D%26+~"u8));
        }

        HttpResponseMessage response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(description.Replace("'", "\\u0027", StringComparison.Ordinal), await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scope_that_is_not_allowed_is_refused_in_the_words_of_the_provider()
    {
        await using ProviderApp app = await ProviderApp.StartAsync(Provider.Named("Microsoft Entra ID"), client: client => client.Scopes = ["another"]);

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal("invalid_scope", failure.Error);
        Assert.StartsWith("AADSTS70011: ", failure.ErrorDescription, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_shorter_tokens_is_told_so_in_the_form_of_the_provider()
    {
        await using ProviderApp app = await ProviderApp.StartAsync(Provider.Named("Apigee"), client: client => client.TokenLifetime = TimeSpan.FromMinutes(2));

        AccessToken token = await app.TokenAsync();

        Assert.Equal("\"120\"", token.Response["expires_in"].GetRawText());
        Assert.Equal(TimeSpan.FromMinutes(2), token.ExpiresAt - app.Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_provider_that_gives_the_same_token_again_counts_down()
    {
        await using ProviderApp app = await ProviderApp.StartAsync(Provider.Named("PayPal"));
        AccessToken first = await app.TokenAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(349));

        await app.Credentials.ConnectAsync("billing");
        AccessToken second = await app.TokenAsync();

        Assert.Equal(first.Reveal(), second.Reveal());
        Assert.Equal((31349, 31000), (first.Response["expires_in"].GetInt32(), second.Response["expires_in"].GetInt32()));
    }

    [Fact]
    public async Task A_provider_whose_new_token_ends_the_last_one_does_so()
    {
        await using ProviderApp app = await ProviderApp.StartAsync(Provider.Named("WSO2 API Manager"));
        await app.TokenAsync();

        await app.Credentials.ConnectAsync("billing");

        Assert.Equal((2, 1), (app.Server.TokenEndpoint.Count, app.Server.ActiveTokens));
    }

    [Fact]
    public async Task An_error_without_a_source_is_answered_only_where_a_script_asks_for_it()
    {
        Provider provider = Provider.Named("PayPal");
        await using ProviderApp app = await ProviderApp.StartAsync(provider, secret: "wrong");

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Null(provider.Errors["wrong secret"].Source);
        Assert.Equal("Client authentication failed.", failure.ErrorDescription);
    }

    private static StringContent Form(string form) => new(form, null, "application/x-www-form-urlencoded");
}
