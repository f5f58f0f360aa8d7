namespace ClientCredentials.Tests.Protocol;

public sealed class RequestParameters
{
    [Fact]
    public async Task Scopes_audience_and_resources_go_instead_of_the_settings()
    {
        var sent = await OneClient.AskAsync(Configured, new TokenParameters { Scopes = ["x", "w"], Audience = "other", Resources = ["urn:b", "urn:a"] });

        Assert.Equal("grant_type=client_credentials&scope=x+w&audience=other&resource=urn%3Ab&resource=urn%3Aa&keep=1&change=2", sent.Body);
    }

    [Fact]
    public async Task Empty_ones_ask_for_none()
    {
        var sent = await OneClient.AskAsync(Configured, new TokenParameters { Scopes = [], Audience = "", Resources = [] });

        Assert.Equal("grant_type=client_credentials&keep=1&change=2", sent.Body);
    }

    [Fact]
    public async Task A_form_parameter_replaces_removes_or_adds()
    {
        var replaced = await OneClient.AskAsync(Configured, Form("change", "3"));
        var removed = await OneClient.AskAsync(Configured, Form("change", ""));
        var added = await OneClient.AskAsync(Configured, Form("new", "4"));

        Assert.EndsWith("&keep=1&change=3", replaced.Body, StringComparison.Ordinal);
        Assert.EndsWith("&keep=1", removed.Body, StringComparison.Ordinal);
        Assert.EndsWith("&keep=1&change=2&new=4", added.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scope", "Scopes")]
    [InlineData("grant_type", "TokenRequest:GrantType")]
    [InlineData("client_id", "ClientId")]
    [InlineData("client_assertion", "AuthenticationMethod")]
    public async Task A_form_parameter_that_has_a_setting_of_its_own_is_refused(string name, string setting)
    {
        await using var client = new OneClient(Configured);

        var failure = await client.FailureAsync(Form(name, "v4lue"));

        Assert.Contains($"TokenParameters.Form has '{name}', which has a setting of its own: {setting}.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("v4lue", failure.Message, StringComparison.Ordinal);
        Assert.Empty(client.Asked);
    }

    [Fact]
    public async Task A_resource_with_a_fragment_is_refused()
    {
        await using var client = new OneClient(Configured);

        var failure = await client.FailureAsync(new TokenParameters { Resources = ["https://r.example.com/#a"] });

        Assert.Contains("Resources has 'https://r.example.com/#a'; a resource is an absolute URI without a fragment (RFC 8707 §2).", failure.Message, StringComparison.Ordinal);
        Assert.Empty(client.Asked);
    }

    [Fact]
    public async Task Each_request_has_one_way_of_authentication_whatever_is_asked()
    {
        var sent = await OneClient.AskAsync(Configured, new TokenParameters { Scopes = ["a"] });

        Assert.DoesNotContain("client_", sent.Body.Replace("client_credentials", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Single(sent.Headers, line => line.StartsWith("Authorization", StringComparison.Ordinal));
    }

    private static TokenParameters Form(string name, string value) => new() { Form = new Dictionary<string, string> { [name] = value } };

    private static void Configured(ClientCredentialsOptions client)
    {
        client.Scopes.Add("s");
        client.Audience = "mine";
        client.Resources.Add("urn:r");
        client.TokenRequest.Form["keep"] = "1";
        client.TokenRequest.Form["change"] = "2";
    }
}
