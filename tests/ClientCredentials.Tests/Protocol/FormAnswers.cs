namespace ClientCredentials.Tests.Protocol;

public sealed class FormAnswers
{
    private const string Form = "application/x-www-form-urlencoded";

    [Theory]
    [InlineData(Form)]
    [InlineData("Application/X-WWW-Form-Urlencoded; charset=utf-8")]
    [Trait("Scenario", "T33")]
    public async Task A_form_is_read_where_the_type_says_so(string type)
    {
        await using var client = new OneClient(() => OneClient.Answer("access_token=a%2Bb&token_type=bearer&expires_in=60&scope=x+y&note=%C3%B6&flag", type: type));

        var token = await client.TokenAsync();

        Assert.Equal("a+b", token.Reveal());
        Assert.Equal(("Bearer", client.Clock.GetUtcNow() + TimeSpan.FromSeconds(60)), (token.Type, token.ExpiresAt));
        Assert.Equal(["x", "y"], token.Scopes);
        Assert.Equal(("ö", ""), (token.Response["note"].GetString(), token.Response["flag"].GetString()));
    }

    [Fact]
    public void An_error_in_a_form_is_an_error()
    {
        var failure = Reading.Failure("error=bad_verification_code&error_description=The+code+passed+is+incorrect%2E", type: Form);

        Assert.Equal(("bad_verification_code", "The code passed is incorrect."), (failure.Error, failure.Description));
    }

    [Theory]
    [InlineData("&&access_token=t&=&=x&y&z==&")]
    [InlineData("access_token=t&broken=%&more=%zz&half=%C3&surrogate=%ED%A0%80")]
    [InlineData("access_token=t&expires_in=soon&scope=&token_type=")]
    public void Odd_pairs_do_no_harm(string body)
    {
        var token = Reading.Token(body, type: Form);

        Assert.Equal("t", token.Reveal());
    }

    [Theory]
    [InlineData("access_token=t", "text/plain")]
    [InlineData("access_token=t", null)]
    [InlineData("access_token=t", "application/json")]
    [InlineData("access_token=", Form)]
    [InlineData("access_token", Form)]
    [InlineData("access_token=a+b", Form)]
    [InlineData("access_token=%0D%0AX-Evil:1", Form)]
    [InlineData("{\"access_token\":\"t\"}", Form)]
    [InlineData("", Form)]
    public void What_is_no_form_or_has_no_token_is_a_failure(string body, string? type)
    {
        Assert.Equal(FailureReason.InvalidResponse, Reading.Failure(body, type: type).Reason);
    }
}
