using System.Net;
using System.Text;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tests.Protocol;

public sealed class NoTokenResponse
{
    private const string LoginPage = "<html><body>Please sign in, session s3ssion</body></html>";

    [Theory]
    [InlineData(LoginPage, "text/html; charset=utf-8", "text/html, 57 bytes")]
    [InlineData("", "application/json", "application/json, 0 bytes")]
    [InlineData("", null, "none, 0 bytes")]
    [InlineData("null", "application/json", "application/json, 4 bytes")]
    [InlineData("[]", "application/json", "application/json, 2 bytes")]
    [InlineData("{\"", "application/json", "application/json, 2 bytes")]
    [InlineData("{\"access_token\":\"s3ssion\"}", "application/octet-stream", "application/octet-stream, 26 bytes")]
    [Trait("Scenario", "T32")]
    public async Task The_failure_names_status_media_type_and_length_and_nothing_of_the_body(string body, string? type, string shape)
    {
        await using var client = new OneClient(() => OneClient.Answer(body, type: type));

        var failure = await client.FailureAsync();

        Assert.Equal((FailureReason.InvalidResponse, false, HttpStatusCode.OK), (failure.Reason, failure.IsTransient, failure.TokenEndpointStatus));
        Assert.Equal($"Client 'billing': the answer of https://login.example.com/oauth2/token is no token response (status 200, media type {shape}).", failure.Message);
        Assert.DoesNotContain("s3ssion", failure.ToString(), StringComparison.Ordinal);
        Assert.Single(client.Asked);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [Trait("Scenario", "T32")]
    public async Task An_error_page_of_a_proxy_is_tried_again(HttpStatusCode status)
    {
        var first = true;
        await using var client = new OneClient(() =>
        {
            var answer = first ? OneClient.Answer(LoginPage, status, "text/html") : OneClient.Answer(OneClient.Token);
            first = false;
            return answer;
        });

        var token = await client.TokenAsync();

        Assert.Equal("t0ken", token.Reveal());
        Assert.Equal(2, client.Asked.Count);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON")]
    [InlineData("application/problem+json")]
    [InlineData("application/vnd.x+JSON;v=1")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("application/json; charset=")]
    [InlineData("text/plain")]
    [InlineData("text/html")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task Json_is_read_where_the_type_allows_it(string? type)
    {
        await using var client = new OneClient(() => OneClient.Answer(" \r\n\t" + OneClient.Token + "\n", type: type));

        Assert.Equal("t0ken", (await client.TokenAsync()).Reveal());
    }

    [Fact]
    public void A_byte_order_mark_is_no_obstacle()
    {
        var answer = new ServerAnswer(HttpStatusCode.OK, "text/plain", Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(OneClient.Token)).ToArray());

        Assert.Equal("t0ken", Reading.Read(answer).Token?.Reveal());
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-32")]
    public void Another_encoding_than_utf8_is_no_json(string encoding)
    {
        var answer = new ServerAnswer(HttpStatusCode.OK, "application/json", Encoding.GetEncoding(encoding).GetBytes(OneClient.Token));

        Assert.Equal(FailureReason.InvalidResponse, Reading.Read(answer).Failure?.Reason);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void Json_as_deep_as_a_well_is_no_token_response(int depth)
    {
        var body = $$"""{"access_token":"t","x":{{new string('[', depth)}}{{new string(']', depth)}}}""";

        Assert.Equal(FailureReason.InvalidResponse, Reading.Failure(body).Reason);
    }

    [Fact]
    public async Task A_media_type_that_holds_the_secret_does_not_show_it()
    {
        await using var client = new OneClient(() => OneClient.Answer("", type: "text/s3cret-s3cret"), options => options.ClientSecret = "s3cret-s3cret");

        var failure = await client.FailureAsync();

        Assert.Contains("media type text/***, 0 bytes", failure.Message, StringComparison.Ordinal);
    }
}
