using System.Net;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tests.Protocol;

public sealed class Hints
{
    private const string Check = "Check ClientId and the secret, and that they are of this server and environment.";

    [Theory]
    [InlineData(AuthenticationMethod.ClientSecretBasic, BasicEncoding.FormUrlEncoded, " The server may also want the credentials in the body (AuthenticationMethod: client_secret_post), or a Basic header that is not form-encoded (BasicEncoding: Raw).")]
    [InlineData(AuthenticationMethod.ClientSecretBasic, BasicEncoding.Raw, " The server may also want the credentials in the body (AuthenticationMethod: client_secret_post), or a Basic header that is form-encoded (BasicEncoding: FormUrlEncoded).")]
    [InlineData(AuthenticationMethod.ClientSecretPost, BasicEncoding.FormUrlEncoded, " The server may also want the credentials in a Basic header (AuthenticationMethod: client_secret_basic).")]
    [InlineData(AuthenticationMethod.None, BasicEncoding.FormUrlEncoded, " The server may want a secret.")]
    public void Wrong_credentials_name_the_other_ways(AuthenticationMethod method, BasicEncoding encoding, string other)
    {
        var failure = Reading.Failure("""{"error":"invalid_client"}""", HttpStatusCode.BadRequest, configure: client =>
            (client.AuthenticationMethod, client.BasicEncoding) = (method, encoding));

        Assert.Equal(Check + other, failure.Hint);
    }

    [Theory]
    [InlineData(AuthenticationMethod.PrivateKeyJwt, "Check ClientId, that the server knows the key and its algorithm, what audience it expects (Issuer, Assertion:Audience), and this machine's clock.")]
    [InlineData(AuthenticationMethod.ClientSecretJwt, "Check ClientId, that the server knows the key and its algorithm, what audience it expects (Issuer, Assertion:Audience), and this machine's clock.")]
    [InlineData(AuthenticationMethod.FederatedAssertion, "Check ClientId, and that the server trusts the issuer, subject and audience of the assertion.")]
    [InlineData(AuthenticationMethod.Custom, "Check ClientId, and what UseAuthentication adds.")]
    [InlineData(AuthenticationMethod.TlsClientAuth, "Check ClientId.")]
    public void Where_there_is_no_secret_none_is_spoken_of(AuthenticationMethod method, string hint)
    {
        var failure = Reading.Failure("""{"error":"invalid_client"}""", HttpStatusCode.Unauthorized, configure: client => client.AuthenticationMethod = method);

        Assert.Equal(hint, failure.Hint);
    }

    [Theory]
    [InlineData("invalid_dpop_proof", false, "The server wants a proof of having a key: set Dpop:Enabled.")]
    [InlineData("use_dpop_nonce", false, "The server wants a proof of having a key: set Dpop:Enabled.")]
    [InlineData("invalid_dpop_proof", true, "Check this machine's clock, that the server knows itself by the TokenUrl, and that it supports Dpop:Algorithm.")]
    [InlineData("use_dpop_nonce", true, "The server does not take the nonces that it gives; a proxy between may answer for several servers.")]
    public void A_server_that_wants_or_refuses_a_proof_says_what_to_set(string error, bool isEnabled, string hint)
    {
        var failure = Reading.Failure($$"""{"error":"{{error}}"}""", HttpStatusCode.BadRequest, configure: client => client.Dpop.Enabled = isEnabled);

        Assert.Equal(hint, failure.Hint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"error":"unauthorized","error_description":"Bad credentials"}""")]
    [InlineData("""{"error":{"code":401}}""")]
    public void A_401_is_about_the_credentials_whatever_else_it_says(string body)
    {
        var failure = Reading.Failure(body, HttpStatusCode.Unauthorized);

        Assert.StartsWith(Check, failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Scenario", "T92")]
    public async Task A_403_without_a_word_is_about_credentials_or_scopes()
    {
        await using var client = new OneClient(() => OneClient.Answer("", HttpStatusCode.Forbidden, type: null));

        var failure = await client.FailureAsync();

        Assert.Equal((FailureReason.Refused, HttpStatusCode.Forbidden, false), (failure.Reason, failure.TokenEndpointStatus, failure.IsTransient));
        Assert.Equal(
            "Client 'billing': the token endpoint https://login.example.com/oauth2/token refused the request with status 403. " + Check +
            " The server may also want the credentials in the body (AuthenticationMethod: client_secret_post), or a Basic header that is not form-encoded (BasicEncoding: Raw)." +
            " Some servers answer like this to a scope that the client may not have.",
            failure.Message);
        Assert.Single(client.Asked);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("<h1>Not Found</h1>", "text/html")]
    [InlineData("""{"status":404,"error":"Not Found","path":"/oauth2/token"}""", "application/json")]
    [Trait("Scenario", "T94")]
    public async Task A_404_shows_the_url_that_was_asked(string body, string? type)
    {
        await using var client = new OneClient(() => OneClient.Answer(body, HttpStatusCode.NotFound, type));

        var failure = await client.FailureAsync();

        Assert.Equal((FailureReason.Refused, HttpStatusCode.NotFound, false), (failure.Reason, failure.TokenEndpointStatus, failure.IsTransient));
        Assert.StartsWith("Client 'billing': the token endpoint https://login.example.com/oauth2/token refused the request with status 404", failure.Message, StringComparison.Ordinal);
        Assert.Equal("Compare TokenUrl with the server's documentation, a slash at its end included.", failure.Hint);
        Assert.Single(client.Asked);
    }

    [Theory]
    [InlineData("unauthorized_client", 400, "does not let it use this grant type")]
    [InlineData("unauthorized_client", 401, "Check ClientId and the secret")]
    [InlineData("unauthorized_client", 401, "does not let the client use this grant type")]
    [InlineData("invalid_client_id", 400, "Check ClientId and the secret")]
    [InlineData("unsupported_grant_type", 400, "Set TokenRequest:GrantType")]
    [InlineData("invalid_scope", 401, "Compare Scopes with what the server's operator granted")]
    [InlineData("invalid_target", 400, "Compare Resources and Audience")]
    [InlineData("invalid_client", 500, "Check ClientId and the secret")]
    public void An_error_of_the_standard_says_what_may_help(string error, int status, string hint)
    {
        var failure = Reading.Failure($$"""{"error":"{{error}}"}""", (HttpStatusCode)status);

        Assert.Contains(hint, failure.Hint, StringComparison.Ordinal);
        Assert.EndsWith(failure.Hint!, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("invalid_client", 60, "behind")]
    [InlineData("invalid_grant", -60, "ahead of")]
    [InlineData("invalid_dpop_proof", 60, "behind")]
    public void A_wrong_clock_is_the_hint_where_there_is_no_other(string error, int seconds, string side)
    {
        var failure = new Failure(FailureReason.Refused, "no.") { Error = error };

        Assert.Equal($"This machine's clock is 0.00:01:00 {side} the server's; one of them is wrong.", ClockSkews.Hinted(failure, TimeSpan.FromSeconds(seconds)).Hint);
    }

    [Theory]
    [InlineData("""{"error":"made_up"}""", 400)]
    [InlineData("", 418)]
    [InlineData("", 503)]
    public void Where_nothing_comes_to_mind_nothing_is_said(string body, int status)
    {
        Assert.Null(Reading.Failure(body, (HttpStatusCode)status).Hint);
    }
}
