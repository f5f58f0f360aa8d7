using System.Net;

namespace ClientCredentials.Tests.Protocol;

public sealed class RefusedByTheServer
{
    [Fact]
    [Trait("Scenario", "T27")]
    public async Task Success_that_says_error_is_a_refusal()
    {
        await using var client = new OneClient("""{"error":"incorrect_client_credentials","error_description":"The client_id is wrong."}""");

        var failure = await client.FailureAsync();

        Assert.Equal(("incorrect_client_credentials", "The client_id is wrong."), (failure.Error, failure.ErrorDescription));
        Assert.Equal((FailureReason.Refused, HttpStatusCode.OK, false), (failure.Reason, failure.TokenEndpointStatus, failure.IsTransient));
        Assert.Equal(
            "Client 'billing': the token endpoint https://login.example.com/oauth2/token refused the request with status 200: incorrect_client_credentials (The client_id is wrong.)",
            failure.Message);
        Assert.Single(client.Asked);
    }

    [Fact]
    [Trait("Scenario", "T28")]
    public async Task A_refusal_that_holds_a_token_is_a_refusal()
    {
        await using var client = new OneClient(() => OneClient.Answer(OneClient.Token, HttpStatusCode.BadRequest));

        var failure = await Assert.ThrowsAsync<ClientCredentialsException>(client.CallAsync);

        Assert.Equal((FailureReason.Refused, HttpStatusCode.BadRequest), (failure.Reason, failure.TokenEndpointStatus));
        Assert.DoesNotContain("t0ken", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(client.Called);
        Assert.Single(client.Asked);
    }

    [Fact]
    [Trait("Scenario", "T29")]
    public async Task A_401_of_the_token_endpoint_is_final_and_costs_one_request()
    {
        await using var client = new OneClient(() =>
        {
            var answer = OneClient.Answer("""{"error":"invalid_client"}""", HttpStatusCode.Unauthorized);
            answer.Headers.TryAddWithoutValidation("WWW-Authenticate", "Basic realm=\"token\"");
            return answer;
        });

        var failure = await Assert.ThrowsAsync<ClientCredentialsException>(client.CallAsync);

        Assert.Equal(("invalid_client", FailureReason.Refused, false, 1), (failure.Error, failure.Reason, failure.IsTransient, failure.Attempts));
        Assert.Single(client.Asked);
        Assert.Empty(client.Called);
    }

    [Fact]
    [Trait("Scenario", "T30")]
    public async Task A_401_is_final_whatever_error_it_names()
    {
        await using var client = new OneClient(() => OneClient.Answer("""{"error":"server_error","error_description":"access_denied"}""", HttpStatusCode.Unauthorized));

        var failure = await client.FailureAsync();

        Assert.Equal(("server_error", "access_denied", false), (failure.Error, failure.ErrorDescription, failure.IsTransient));
        Assert.StartsWith("Check ClientId and the secret, and that they are of this server and environment.", failure.Hint, StringComparison.Ordinal);
        Assert.Single(client.Asked);
    }

    [Theory]
    [InlineData("""{"error":{"code":401,"message":"bad"}}""", "401", "bad")]
    [InlineData("""{"error":{"status":400,"message":"bad"}}""", "400", "bad")]
    [InlineData("""{"errorCode":"invalid_client","errorSummary":"x"}""", "invalid_client", "x")]
    [InlineData("""{"ErrorCode":"invalid_request","Error":"y"}""", "invalid_request", "y")]
    [InlineData("""{"fault":{"faultstring":"z"}}""", null, "z")]
    [InlineData("""{"status":403,"message":"invalid client secret"}""", null, "invalid client secret")]
    [InlineData("""{"reason":"Bad client","error":"invalid_client"}""", "invalid_client", "Bad client")]
    [InlineData("""{"reason":"less","error_description":"more","error":"invalid_client"}""", "invalid_client", "more")]
    [InlineData("""{"error":{"status":"b","code":"a"}}""", "a", null)]
    [InlineData("""{"error":17,"error_description":18}""", "17", "18")]
    [InlineData("""{"error":true,"message":"m"}""", null, "m")]
    [InlineData("""{"error":"","error_description":"d"}""", null, null)]
    [InlineData("""{"error":["a"]}""", null, null)]
    [InlineData("""["error"]""", null, null)]
    [InlineData("\"error\"", null, null)]
    [InlineData("null", null, null)]
    [InlineData("{", null, null)]
    [InlineData("", null, null)]
    [Trait("Scenario", "T31")]
    public void An_error_is_read_in_the_shapes_there_are(string body, string? code, string? description)
    {
        var failure = Reading.Failure(body, HttpStatusCode.BadRequest);

        Assert.Equal((code, description, FailureReason.Refused), (failure.Error, failure.Description, failure.Reason));
    }

    [Theory]
    [InlineData("""{"error":{"message":"no"},"access_token":"t"}""", false)]
    [InlineData("""{"error":true,"access_token":"t"}""", false)]
    [InlineData("""{"error":"x","access_token":"t"}""", false)]
    [InlineData("""{"error":{"message":"no"}}""", false)]
    [InlineData("""{"fault":{"faultstring":"no"}}""", false)]
    [InlineData("""{"error":7,"access_token":"t"}""", false)]
    [InlineData("""{"error":["no"],"access_token":"t"}""", false)]
    [InlineData("""{"error":0,"access_token":"t"}""", true)]
    [InlineData("""{"error":{},"access_token":"t"}""", true)]
    [InlineData("""{"error":null,"access_token":"t"}""", true)]
    [InlineData("""{"error":"","access_token":"t"}""", true)]
    [InlineData("""{"error":false,"access_token":"t"}""", true)]
    [InlineData("""{"errorCode":0,"message":"success","access_token":"t"}""", true)]
    public void Beside_a_token_only_an_error_that_says_something_counts(string body, bool isToken)
    {
        var reply = Reading.Read(body);

        Assert.Equal((isToken, isToken ? null : FailureReason.Refused), (reply.Token is not null, reply.Failure?.Reason));
    }

    [Theory]
    [InlineData("invalid_scope", true)]
    [InlineData("invalid_target", true)]
    [InlineData("invalid_request", true)]
    [InlineData("invalid_authorization_details", true)]
    [InlineData("invalid_client", false)]
    [InlineData("unauthorized_client", false)]
    [InlineData("invalid_grant", false)]
    [InlineData("unsupported_grant_type", false)]
    [InlineData("access_denied", false)]
    public void A_final_error_is_final_on_any_status_and_belongs_to_the_request_or_to_the_client(string code, bool isOfOneRequest)
    {
        var failure = Reading.Failure($$"""{"error":"{{code}}"}""", HttpStatusCode.InternalServerError);

        Assert.Equal((FailureReason.Refused, false, isOfOneRequest), (failure.Reason, failure.IsTransient, failure.IsOfOneRequest));
    }

    [Theory]
    [InlineData("{}", ".")]
    [InlineData("""{"error":"no_app"}""", ": no_app.")]
    [InlineData("""{"message":"No such app."}""", ": No such app.")]
    [InlineData("""{"error":"no_app","error_description":"No such app."}""", ": no_app (No such app.)")]
    public void The_problem_ends_in_the_server_s_own_words(string body, string end)
    {
        Assert.EndsWith($" refused the request with status 400{end}", Reading.Failure(body, HttpStatusCode.BadRequest).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"error":"invalid_client"}""", HttpStatusCode.BadRequest, true)]
    [InlineData("", HttpStatusCode.Unauthorized, true)]
    [InlineData("""{"error":"a_word_of_its_own"}""", HttpStatusCode.Unauthorized, true)]
    [InlineData("", HttpStatusCode.BadRequest, false)]
    [InlineData("", HttpStatusCode.ServiceUnavailable, false)]
    public void The_credential_is_to_blame_for_a_401_and_where_the_server_says_so(string body, HttpStatusCode status, bool isBlamed)
    {
        Assert.Equal(isBlamed, Reading.Failure(body, status).BlamesCredential);
    }

    [Theory]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData((HttpStatusCode)999)]
    public async Task What_may_pass_is_tried_again(HttpStatusCode status)
    {
        await using var client = new OneClient(() => OneClient.Answer("""{"error":"temporarily_unavailable"}""", status));

        var failure = await client.FailureAsync();

        Assert.Equal((FailureReason.Unreachable, true, 4, status), (failure.Reason, failure.IsTransient, failure.Attempts, failure.TokenEndpointStatus));
        Assert.Equal($"Client 'billing': the token endpoint https://login.example.com/oauth2/token cannot serve now with status {(int)status}: temporarily_unavailable.", failure.Message);
        Assert.Equal(4, client.Asked.Count);
    }
}
