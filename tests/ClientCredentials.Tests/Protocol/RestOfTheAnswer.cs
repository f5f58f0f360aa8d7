using System.Net;
using System.Text.Json;

namespace ClientCredentials.Tests.Protocol;

public sealed class RestOfTheAnswer
{
    [Fact]
    [Trait("Scenario", "T23")]
    public async Task A_refresh_token_is_ignored()
    {
        await using var client = new OneClient("""{"access_token":"t","token_type":"Bearer","expires_in":0,"refresh_token":"r3fresh"}""");

        await client.TokenAsync();
        await client.TokenAsync();

        Assert.Equal(["grant_type=client_credentials", "grant_type=client_credentials"], client.Asked.Select(asked => asked.Body));
    }

    [Fact]
    [Trait("Scenario", "T24")]
    public async Task Members_nobody_knows_can_be_read()
    {
        await using var client = new OneClient("""{"access_token":"t","token_type":"bearer","expires_in":60,"instance_url":"https://eu1.example.com","n":null,"deep":{"a":[1]}}""");

        var token = await client.TokenAsync();

        Assert.Equal("https://eu1.example.com", token.Response["instance_url"].GetString());
        Assert.Equal(JsonValueKind.Null, token.Response["n"].ValueKind);
        Assert.Equal("[1]", token.Response["deep"].GetProperty("a").GetRawText());
        Assert.Equal(["deep", "expires_in", "instance_url", "n", "token_type"], token.Response.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_token_is_among_the_members_that_can_be_read_however_it_is_spelt()
    {
        var token = Reading.Token("""{"access\u005ftoken":"t","refresh_token":"r","\u0069d_token":"i","x":1}""");

        Assert.Equal("t", token.Reveal());
        Assert.Equal(["x"], token.Response.Keys);
    }

    [Fact]
    public void Of_a_member_that_comes_twice_the_last_counts()
    {
        var reply = Reading.Read("""{"access_token":"t","expires_in":1,"expires_in":2,"x":1,"x":2}""");

        Assert.Equal(TimeSpan.FromSeconds(2), reply.Lifetime);
        Assert.Equal(2, reply.Token!.Response["x"].GetInt32());
    }

    [Fact]
    [Trait("Scenario", "T25")]
    public async Task A_smaller_grant_is_shown_and_warned_of()
    {
        await using var client = new OneClient("""{"access_token":"t","token_type":"Bearer","expires_in":60,"scope":"a"}""", Asking);

        var token = await client.TokenAsync();

        Assert.Equal(["a"], token.Scopes);
        Assert.Contains("the server granted less than was asked for: not 'b'.", Assert.Single(client.Log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["a","b"]""", new[] { "a", "b" })]
    [InlineData("""["b a", "", 7, null, "c"]""", new[] { "b", "a", "c" })]
    [InlineData("\" b   a \"", new[] { "b", "a" })]
    [InlineData("null", new[] { "a", "b" })]
    [InlineData("17", new[] { "a", "b" })]
    [InlineData("{}", new[] { "a", "b" })]
    [InlineData("\"\\ud800\"", new[] { "a", "b" })]
    [Trait("Scenario", "T25")]
    public void A_list_is_joined_and_no_text_means_as_asked(string scope, string[] granted)
    {
        var reply = Reading.Read($$"""{"access_token":"t","token_type":"Bearer","scope":{{scope}}}""", configure: Asking);

        Assert.Equal(granted, reply.Token!.Scopes);
        Assert.Empty(reply.Oddities);
    }

    [Fact]
    public void A_scope_that_was_demanded_and_is_not_granted_is_a_refusal_of_this_request_alone()
    {
        var failure = Reading.Failure("""{"access_token":"t","token_type":"Bearer","scope":"a c"}""", configure: client =>
        {
            Asking(client);
            client.RequiredScopes.Add("b");
        });

        Assert.Equal("the server did not grant 'b', which RequiredScopes demands.", failure.Problem);
        Assert.Equal((FailureReason.Refused, true, false), (failure.Reason, failure.IsOfOneRequest, failure.IsTransient));
    }

    [Fact]
    public async Task A_scope_cannot_write_a_line_of_its_own_into_the_log()
    {
        await using var client = new OneClient("""{"access_token":"t","token_type":"Bearer","expires_in":60,"scope":"a\nb\u202Ec"}""");

        var token = await client.TokenAsync();

        Assert.DoesNotContain(client.Log.All, line => line.Contains('\n', StringComparison.Ordinal) || line.Contains('\u202e', StringComparison.Ordinal));
        Assert.Equal(["a", "b c"], token.Scopes);
    }

    [Theory]
    [InlineData(HttpStatusCode.Created)]
    [InlineData(HttpStatusCode.Accepted)]
    [InlineData((HttpStatusCode)299)]
    [Trait("Scenario", "T26")]
    public void Every_status_of_success_is_one(HttpStatusCode status)
    {
        var token = Reading.Token(OneClient.Token, status);

        Assert.Equal("t0ken", token.Reveal());
    }

    private static void Asking(ClientCredentialsOptions client)
    {
        client.Scopes.Add("a");
        client.Scopes.Add("b");
    }
}
