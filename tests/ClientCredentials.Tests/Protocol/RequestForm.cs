namespace ClientCredentials.Tests.Protocol;

public sealed class RequestForm
{
    [Fact]
    [Trait("Scenario", "T08")]
    public async Task The_query_of_the_token_url_stays_and_further_parameters_follow_it()
    {
        var sent = await OneClient.AskAsync(client =>
        {
            client.TokenUrl = new Uri("https://h.example.com/t?p=B2C_1A&x=a%2Fb");
            client.TokenRequest.Query["account_id"] = "1 2";
            client.TokenRequest.Query["empty"] = "";
        });

        Assert.Equal("https://h.example.com/t?p=B2C_1A&x=a%2Fb&account_id=1%202", sent.Url);
    }

    [Theory]
    [InlineData("https://h.example.com/t", "https://h.example.com/t?a=1")]
    [InlineData("https://h.example.com/t?", "https://h.example.com/t?a=1")]
    [InlineData("https://h.example.com/t?b=2&", "https://h.example.com/t?b=2&a=1")]
    [InlineData("https://h.example.com/t?b=2?", "https://h.example.com/t?b=2?&a=1")]
    [InlineData("https://h.example.com", "https://h.example.com/?a=1")]
    public async Task A_parameter_joins_whatever_query_there_is(string url, string expected)
    {
        var sent = await OneClient.AskAsync(client =>
        {
            client.TokenUrl = new Uri(url);
            client.TokenRequest.Query["a"] = "1";
        });

        Assert.Equal(expected, sent.Url);
    }

    [Fact]
    [Trait("Scenario", "T10")]
    public async Task An_empty_value_is_not_sent()
    {
        var sent = await OneClient.AskAsync(client =>
        {
            client.Audience = "";
            client.TokenRequest.Form["empty"] = "";
            client.TokenRequest.Form["full"] = "ä &";
        });

        Assert.Equal("grant_type=client_credentials&full=%C3%A4+%26", sent.Body);
    }

    [Fact]
    [Trait("Scenario", "T11")]
    public async Task Each_resource_is_a_parameter_of_its_own_in_order()
    {
        var sent = await OneClient.AskAsync(client =>
        {
            client.Resources.Add("https://z.example.com/");
            client.Resources.Add("https://a.example.com/?q=1");
        });

        Assert.Equal("grant_type=client_credentials&resource=https%3A%2F%2Fz.example.com%2F&resource=https%3A%2F%2Fa.example.com%2F%3Fq%3D1", sent.Body);
    }

    [Fact]
    [Trait("Scenario", "T12")]
    public async Task Another_grant_type_goes_instead_and_once()
    {
        var sent = await OneClient.AskAsync(client =>
        {
            client.TokenRequest.GrantType = "account_credentials";
            client.TokenRequest.Form["account_id"] = "abc";
        });

        Assert.Equal("grant_type=account_credentials&account_id=abc", sent.Body);
    }

    [Fact]
    [Trait("Scenario", "T88")]
    public async Task Scopes_can_be_kept_back()
    {
        var sent = await OneClient.AskAsync(client =>
        {
            client.Scopes.Add("invoices.read");
            client.IncludeScope = false;
        });

        Assert.Equal("grant_type=client_credentials", sent.Body);
    }

    [Fact]
    public async Task Scopes_keep_their_order_and_are_sent_once_each()
    {
        var sent = await OneClient.AskAsync(client =>
        {
            foreach (var scope in new[] { "b", "a", "b", "B" })
            {
                client.Scopes.Add(scope);
            }
        });

        Assert.Equal("grant_type=client_credentials&scope=b+a+B", sent.Body);
    }

    [Fact]
    public async Task Headers_are_added_and_may_replace_accept()
    {
        var sent = await OneClient.AskAsync(client =>
        {
            client.TokenRequest.Headers["X-CF-ENCODED-CREDENTIALS"] = "true";
            client.TokenRequest.Headers["accept"] = "application/vnd.example+json";
            client.TokenRequest.Headers["User-Agent"] = "not a / valid (agent";
        });

        Assert.Equal("true", sent.Header("X-CF-ENCODED-CREDENTIALS"));
        Assert.Equal("application/vnd.example+json", sent.Header("Accept"));
        Assert.Equal("not a / valid (agent", sent.Header("User-Agent"));
    }

    [Theory]
    [InlineData("Content-Language", "en")]
    [InlineData("Expires", "0")]
    public async Task A_header_of_the_body_is_sent_like_any_other(string name, string value)
    {
        var sent = await OneClient.AskAsync(client => client.TokenRequest.Headers[name] = value);

        Assert.Equal(value, sent.Header(name));
    }
}
