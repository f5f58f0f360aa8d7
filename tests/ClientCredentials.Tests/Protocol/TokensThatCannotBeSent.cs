namespace ClientCredentials.Tests.Protocol;

public sealed class TokensThatCannotBeSent
{
    [Theory]
    [InlineData("\"a\\r\\nX-Evil: 1\"")]
    [InlineData("\"a b\"")]
    [InlineData("\"\"")]
    [InlineData("\"ö\"")]
    [InlineData("\"a\\u0000\"")]
    [InlineData("\"a\\u007f\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\ud83d\\ude00\"")]
    [InlineData("17")]
    [InlineData("null")]
    [InlineData("{\"t\":1}")]
    [InlineData("[\"t\"]")]
    [Trait("Scenario", "T35")]
    public async Task A_token_that_no_header_can_carry_is_a_failure(string token)
    {
        await using var client = new OneClient($$"""{"access_token":{{token}},"token_type":"Bearer","expires_in":60}""");

        var failure = await Assert.ThrowsAsync<ClientCredentialsException>(client.CallAsync);

        Assert.Equal((FailureReason.InvalidResponse, false), (failure.Reason, failure.IsTransient));
        Assert.StartsWith("Client 'billing': the answer of https://login.example.com/oauth2/token has no access_token that a header can carry (status 200, media type application/json, ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Evil", failure.ToString(), StringComparison.Ordinal);
        Assert.Single(client.Asked);
        Assert.Empty(client.Called);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"accessToken":"t"}""")]
    [InlineData("""{"ACCESS_TOKEN":"t"}""")]
    public void No_token_is_a_failure(string body)
    {
        var failure = Reading.Failure(body);

        Assert.StartsWith("the answer of https://login.example.com/t has no access_token that a header can carry", failure.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"access_token":"a1","access_token":"b2","token_type":"Bearer"}""", "application/json")]
    [InlineData("""{"access_token":"a1","access\u005ftoken":"b2"}""", "application/json")]
    [InlineData("""{"access_token":"a1","access_token":null}""", "application/json")]
    [InlineData("access_token=a1&access_token=b2", "application/x-www-form-urlencoded")]
    [Trait("Scenario", "T36")]
    public void Two_tokens_are_a_failure(string body, string type)
    {
        var failure = Reading.Failure(body, type: type);

        Assert.Equal((FailureReason.InvalidResponse, false), (failure.Reason, failure.IsTransient));
        Assert.Equal("the answer of https://login.example.com/t has two access_token members, and nobody can say which is meant.", failure.Problem);
    }

    [Fact]
    public void Every_printable_character_can_be_in_a_token()
    {
        var printable = new string([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

        var token = Reading.Token($$"""{"access_token":{{System.Text.Json.JsonSerializer.Serialize(printable)}}}""");

        Assert.Equal(printable, token.Reveal());
    }
}
