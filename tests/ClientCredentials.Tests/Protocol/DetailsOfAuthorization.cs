using System.Net;

namespace ClientCredentials.Tests.Protocol;

/// <summary><c>authorization_details</c> (RFC 9396): one form value, whatever the JSON looks like.</summary>
public sealed class DetailsOfAuthorization
{
    private const string Payment = """[ { "type": "payment", "actions": [ "initiate" ], "amount": 1.10 } ]""";
    private const string PaymentOnTheWire = "authorization_details=%5B%7B%22actions%22%3A%5B%22initiate%22%5D%2C%22amount%22%3A1.10%2C%22type%22%3A%22payment%22%7D%5D";

    [Fact]
    public async Task They_are_one_form_value()
    {
        Sent sent = await OneClient.AskAsync(client => client.AuthorizationDetails = Payment);

        Assert.Equal($"grant_type=client_credentials&{PaymentOnTheWire}", sent.Body);
    }

    [Fact]
    public async Task A_request_s_own_go_instead_and_empty_ones_ask_for_none()
    {
        Sent own = await OneClient.AskAsync(client => client.AuthorizationDetails = """[{"type":"other"}]""", new TokenParameters { AuthorizationDetails = Payment });
        Sent none = await OneClient.AskAsync(client => client.AuthorizationDetails = Payment, new TokenParameters { AuthorizationDetails = "" });

        Assert.Equal($"grant_type=client_credentials&{PaymentOnTheWire}", own.Body);
        Assert.Equal("grant_type=client_credentials", none.Body);
    }

    [Fact]
    public async Task What_was_granted_is_with_the_token()
    {
        await using OneClient client = new("""{"access_token":"t0ken","token_type":"Bearer","expires_in":3600,"authorization_details":[{"type":"payment"}]}""", options => options.AuthorizationDetails = Payment);

        AccessToken token = await client.Credentials.GetTokenAsync("billing");

        Assert.Equal("payment", token.Response["authorization_details"][0].GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("payment", "is no JSON; it is an array of objects, each with a 'type' (RFC 9396 §2).")]
    [InlineData("[", "is no JSON; it is an array of objects, each with a 'type' (RFC 9396 §2).")]
    [InlineData("""[{"type":"a","type":"b"}]""", "is no JSON; it is an array of objects, each with a 'type' (RFC 9396 §2).")]
    [InlineData("""[{"type":"a","note":"\ud800"}]""", "is no JSON; it is an array of objects, each with a 'type' (RFC 9396 §2).")]
    [InlineData("""[{"type":"a","\ud800":1}]""", "is no JSON; it is an array of objects, each with a 'type' (RFC 9396 §2).")]
    [InlineData("""{"type":"a"}""", "is not a JSON array of objects (RFC 9396 §2).")]
    [InlineData("[]", "is not a JSON array of objects (RFC 9396 §2).")]
    [InlineData("""[{"type":"a"},{"actions":[]}]""", "has an element without a 'type' (RFC 9396 §2).")]
    [InlineData("""[{"type":7}]""", "has an element without a 'type' (RFC 9396 §2).")]
    [InlineData("""["a"]""", "has an element without a 'type' (RFC 9396 §2).")]
    public async Task What_is_none_is_refused_in_settings_and_for_a_request(string details, string problem)
    {
        await using OneClient wrong = new(options => options.AuthorizationDetails = details);
        await using OneClient client = new(_ => { });

        ClientCredentialsException settings = await wrong.FailureAsync();
        ClientCredentialsException request = await client.FailureAsync(new TokenParameters { AuthorizationDetails = details });

        Assert.Contains($"AuthorizationDetails {problem}", settings.Message, StringComparison.Ordinal);
        Assert.Contains($"TokenParameters.AuthorizationDetails {problem}", request.Message, StringComparison.Ordinal);
        Assert.Empty(wrong.Asked.Concat(client.Asked));
    }

    [Fact]
    public async Task Too_many_are_refused()
    {
        await using OneClient client = new(_ => { });

        ClientCredentialsException failure = await client.FailureAsync(new TokenParameters { AuthorizationDetails = $$"""[{"type":"{{new string('a', 32 * 1024)}}"}]""" });

        Assert.Contains("TokenParameters.AuthorizationDetails has 32781 characters; it may have 32768.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_parameter_of_that_name_is_refused()
    {
        await using OneClient client = new(options => options.TokenRequest.Form["authorization_details"] = "[]");

        ClientCredentialsException failure = await client.FailureAsync();

        Assert.Contains("TokenRequest:Form has 'authorization_details', which has a setting of its own: AuthorizationDetails.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_of_them_says_what_to_compare_and_leaves_other_tokens_alone()
    {
        int asked = 0;
        await using OneClient client = new(() => asked++ == 0
            ? new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent("""{"error":"invalid_authorization_details"}""") }
            : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(OneClient.Token) });

        ClientCredentialsException failure = await client.FailureAsync(new TokenParameters { AuthorizationDetails = Payment });
        AccessToken usual = await client.Credentials.GetTokenAsync("billing");

        Assert.Equal(("invalid_authorization_details", "Compare AuthorizationDetails with the types and fields that the server knows."), (failure.Error, failure.Hint));
        Assert.Equal("t0ken", usual.Reveal());
    }
}
