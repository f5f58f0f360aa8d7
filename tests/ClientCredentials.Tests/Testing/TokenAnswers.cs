namespace ClientCredentials.Tests.Testing;

public sealed class TokenAnswers : OneServer
{
    [Fact]
    public async Task A_token_answer_has_the_members_of_the_standard_and_is_not_stored()
    {
        var response = await Caller.AskAsync(more: "&scope=a+b");

        var json = await Caller.JsonAsync(response);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal(["access_token", "token_type", "expires_in", "scope"], json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(43, json.GetProperty("access_token").GetString()!.Length);
        Assert.Equal("Bearer", json.GetProperty("token_type").GetString());
        Assert.Equal(3600, json.GetProperty("expires_in").GetInt32());
        Assert.Equal("a b", json.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task A_client_that_asks_for_no_scope_gets_all_of_its_own()
    {
        Server["billing"].Scopes = ["a", "b"];

        var response = await Caller.AskAsync();

        Assert.Equal("a b", (await Caller.JsonAsync(response)).GetProperty("scope").GetString());
    }

    [Fact]
    public async Task The_clients_lifetime_goes_before_the_servers()
    {
        Server.TokenLifetime = TimeSpan.FromMinutes(10);
        Server.AddClient("short", "s", client => client.TokenLifetime = TimeSpan.FromSeconds(45));

        var byServer = await Caller.JsonAsync(await Caller.AskAsync());
        var byClient = await Caller.JsonAsync(await Caller.AskAsync("short", "s"));

        Assert.Equal(600, byServer.GetProperty("expires_in").GetInt32());
        Assert.Equal(45, byClient.GetProperty("expires_in").GetInt32());
    }

    [Fact]
    public async Task A_client_can_have_an_odd_answer()
    {
        var client = Server["billing"];
        client.TokenType = "Application Access Token";
        client.OmitExpiresIn = true;
        client.ExtraResponse = new Dictionary<string, object?> { ["instance_url"] = "https://na1.example.com", ["refresh_token"] = null, ["scope"] = new[] { "x" } };

        var json = await Caller.JsonAsync(await Caller.AskAsync(more: "&scope=a"));

        Assert.Equal("""{"token_type":"Application Access Token","scope":["x"],"instance_url":"https://na1.example.com","refresh_token":null}""",
            System.Text.RegularExpressions.Regex.Replace(json.GetRawText(), "\"access_token\":\"[^\"]+\",", ""));
    }

    [Fact]
    public async Task A_standard_member_can_be_replaced()
    {
        Server["billing"].ExtraResponse["expires_in"] = "3599";

        var json = await Caller.JsonAsync(await Caller.AskAsync());

        Assert.Equal("3599", json.GetProperty("expires_in").GetString());
    }

    [Fact]
    public async Task Each_request_gets_another_token()
    {
        var first = await Caller.TokenAsync();
        var second = await Caller.TokenAsync();

        Assert.NotEqual(first, second);
        Assert.Equal(2, Server["billing"].TokensIssued);
        Assert.Equal(2, Server.ActiveTokens);
    }

    [Fact]
    public async Task A_client_can_get_the_same_token_again_while_it_lives()
    {
        Server["billing"].ReissuesToken = true;
        var first = await Caller.TokenAsync("&scope=a");
        Clock.Advance(TimeSpan.FromMinutes(50));

        var again = await Caller.JsonAsync(await Caller.AskAsync(more: "&scope=a"));
        var other = await Caller.TokenAsync("&scope=b");
        Clock.Advance(TimeSpan.FromMinutes(10));
        var later = await Caller.TokenAsync("&scope=a");

        Assert.Equal(first, again.GetProperty("access_token").GetString());
        Assert.Equal(600, again.GetProperty("expires_in").GetInt32());
        Assert.Equal(3, new HashSet<string> { first, other, later }.Count);
        Assert.Equal(3, Server["billing"].TokensIssued);
    }

    [Fact]
    public async Task A_new_token_can_revoke_the_one_before()
    {
        Server["billing"].RevokesPrevious = true;
        var first = await Caller.TokenAsync();

        var second = await Caller.TokenAsync();

        Assert.Equal(1, Server.ActiveTokens);
        Assert.False(Server.Revoke(first));
        Assert.True(Server.Revoke(second));
    }
}
