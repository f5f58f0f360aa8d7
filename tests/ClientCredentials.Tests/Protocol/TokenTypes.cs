namespace ClientCredentials.Tests.Protocol;

public sealed class TokenTypes
{
    [Theory]
    [InlineData("bEaReR")]
    [InlineData("BEARER")]
    [InlineData("bearer")]
    [Trait("Scenario", "T14")]
    public async Task Whatever_the_servers_casing_the_api_sees_bearer(string type)
    {
        await using var client = new OneClient($$"""{"access_token":"t0ken","token_type":"{{type}}","expires_in":60}""");

        await client.CallAsync();

        Assert.Equal("Bearer t0ken", Assert.Single(client.Called).Header("Authorization"));
    }

    [Theory]
    [InlineData("Application Access Token")]
    [InlineData("BearerToken")]
    [Trait("Scenario", "T15")]
    public async Task An_alias_is_sent_as_bearer(string type)
    {
        await using var client = new OneClient(Typed(type), options => options.TokenTypeAliases.Add(type.ToUpperInvariant()));

        await client.CallAsync();

        Assert.Equal("Bearer v^1.1#i^1#p^3", Assert.Single(client.Called).Header("Authorization"));
        Assert.Empty(client.Log.Warnings);
    }

    [Fact]
    [Trait("Scenario", "T15")]
    public async Task A_type_that_is_not_understood_is_never_sent_and_the_failure_names_the_option()
    {
        await using var client = new OneClient(Typed("Application Access Token"));

        var failure = await Assert.ThrowsAsync<ClientCredentialsException>(client.CallAsync);

        Assert.Equal((FailureReason.UnsupportedTokenType, false), (failure.Reason, failure.IsTransient));
        Assert.Equal(
            "Client 'billing': the server gave a token of type 'Application Access Token', which this client does not understand (RFC 6749 §7.1). " +
            "If it is sent as Bearer all the same, add the type to TokenTypeAliases.",
            failure.Message);
        Assert.Single(client.Asked);
        Assert.Empty(client.Called);
    }

    [Theory]
    [InlineData("""{"access_token":"t0ken","expires_in":60}""")]
    [InlineData("""{"access_token":"t0ken","expires_in":60,"token_type":""}""")]
    [InlineData("""{"access_token":"t0ken","expires_in":60,"token_type":null}""")]
    [Trait("Scenario", "T16")]
    public async Task No_type_is_taken_for_bearer_with_a_warning(string answer)
    {
        await using var client = new OneClient(answer);

        await client.CallAsync();

        Assert.Equal("Bearer t0ken", Assert.Single(client.Called).Header("Authorization"));
        Assert.Contains("the server did not name the token's type; it is taken for Bearer.", Assert.Single(client.Log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("17")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[\"Bearer\"]")]
    [InlineData("\"\\ud800\"")]
    public void A_type_that_is_no_text_is_a_failure(string type)
    {
        var failure = Reading.Failure($$"""{"access_token":"t0ken","token_type":{{type}}}""");

        Assert.Equal(FailureReason.UnsupportedTokenType, failure.Reason);
        Assert.Contains("of type 'something that is no text'", failure.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_that_holds_the_token_or_the_secret_does_not_show_it()
    {
        var failure = Reading.Failure($$"""{"access_token":"t0ken-abc","token_type":"MAC t0ken-abc\n{{OneClient.Secret}}"}""");

        Assert.Contains("of type 'MAC *** ***'", failure.Problem, StringComparison.Ordinal);
    }

    private static string Typed(string type) => $$"""{"access_token":"v^1.1#i^1#p^3","token_type":"{{type}}","expires_in":7200}""";
}
