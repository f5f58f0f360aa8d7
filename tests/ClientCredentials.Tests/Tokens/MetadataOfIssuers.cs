using System.Net;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Tokens;

/// <summary>A token endpoint that is found by the issuer's metadata: how long it is believed, and what is done where it fails or lies (RFC 8414).</summary>
public sealed class MetadataOfIssuers : OneClient
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    [Fact]
    [Trait("Scenario", "T64")]
    public async Task The_server_s_own_document_leads_to_its_token_endpoint()
    {
        Discover();

        AccessToken token = await AskAsync();

        Assert.Equal((1, 1), (Server.Metadata.Count, Endpoint.Succeeded));
        Assert.Equal("/.well-known/oauth-authorization-server", Server.Metadata.Received[0].Target);
        Assert.Equal(Server.TokenUrl.AbsolutePath, Endpoint.Received[0].Target);
        Assert.False(string.IsNullOrEmpty(token.Reveal()));
    }

    [Fact]
    public async Task A_document_is_asked_for_without_any_credential()
    {
        Discover();

        await AskAsync();

        Assert.Equal(("GET", "", null), (Server.Metadata.Received[0].Method, Server.Metadata.Received[0].Body, Server.Metadata.Received[0].Header("Authorization")));
        Assert.Equal("application/json", Server.Metadata.Received[0].Header("Accept"));
    }

    [Fact]
    public async Task One_document_is_enough_for_all_kinds_of_tokens_that_are_wanted_at_once()
    {
        Discover();
        IDisposable held = Server.Metadata.Hold();

        Task<AccessToken>[] calls = [.. Enumerable.Range(0, 20).Select(number => AskAsync(new TokenParameters { Audience = $"audience-{number}" }))];
        await Server.Metadata.WaitForAsync(1);
        held.Dispose();
        await Task.WhenAll(calls);

        Assert.Equal((1, 20), (Server.Metadata.Count, Endpoint.Succeeded));
    }

    [Fact]
    public async Task It_is_believed_for_an_hour_and_then_read_again()
    {
        Discover();
        await AskAsync();

        await AskAgainAsync(Kept - TimeSpan.FromSeconds(1));
        int before = Server.Metadata.Count;
        await AskAgainAsync(TimeSpan.FromSeconds(1));

        Assert.Equal((1, 2), (before, Server.Metadata.Count));
    }

    [Theory]
    [InlineData("away")]
    [InlineData("a lie")]
    public async Task What_was_known_serves_on_where_it_cannot_be_read_again(string trouble)
    {
        Discover();
        await AskAsync();
        if (trouble == "away")
        {
            Server.Metadata.Fail(HttpStatusCode.ServiceUnavailable, times: 10);
        }
        else
        {
            Server.Metadata.Answer(HttpStatusCode.OK, Document("https://elsewhere.example.com", "https://elsewhere.example.com/token"), times: 10);
        }

        await AskAgainAsync(Kept);

        Assert.Equal(2, Endpoint.Succeeded);
    }

    [Fact]
    public async Task What_was_known_serves_on_where_its_document_hangs()
    {
        Discover(("AttemptTimeout", "00:00:02"));
        await AskAsync();
        Server.Metadata.Hang(times: 10);
        Clock.Advance(Kept);

        Task<AccessToken> asking = AskAsync();
        await Server.Metadata.WaitForAsync(2);
        Advance(2);
        await PassPauseAsync(0.5);
        await asking.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((2, 2), (Server.Metadata.Count, Endpoint.Succeeded));
    }

    [Fact]
    public async Task A_failure_that_may_pass_is_tried_again_within_the_patience_of_the_client()
    {
        Discover();
        Server.Metadata.Fail(HttpStatusCode.ServiceUnavailable);

        Task<AccessToken> asking = AskAsync();
        await PassPauseAsync(0.5);
        await asking;

        Assert.Equal((2, 1), (Server.Metadata.Count, Endpoint.Count));
    }

    [Fact]
    public async Task A_server_that_has_no_document_is_not_asked_again_and_again()
    {
        Discover();
        Server.Metadata.Fail(HttpStatusCode.NotFound, times: 2);

        ClientCredentialsException error = await FailAsync();

        Assert.Equal(["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"], Server.Metadata.Received.Select(request => request.Target));
        Assert.Equal((FailureReason.InvalidResponse, "Compare Issuer with what the server writes, or set TokenUrl."), (error.Reason, error.Hint));
        Assert.Equal(0, Endpoint.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task A_server_that_is_busy_is_named_without_advice_and_not_asked_for_the_other_document(HttpStatusCode status)
    {
        Discover(("MaxRetries", "0"));
        Server.Metadata.Fail(status);

        ClientCredentialsException error = await FailAsync();

        Assert.Equal((FailureReason.Unreachable, true, null), (error.Reason, error.IsTransient, error.Hint));
        Assert.Contains($" of issuer '{Server.Issuer}' cannot be read: status {(int)status}.", error.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (Server.Metadata.Count, Endpoint.Count));
    }

    [Fact]
    public async Task A_connection_that_breaks_is_a_failure_that_may_pass()
    {
        Discover(("MaxRetries", "0"));
        Server.Metadata.Drop();

        ClientCredentialsException error = await FailAsync();

        Assert.Equal((FailureReason.Unreachable, true), (error.Reason, error.IsTransient));
        Assert.Contains($" of issuer '{Server.Issuer}' could not be reached: ", error.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (Server.Metadata.Count, Endpoint.Count));
    }

    [Theory]
    [InlineData(HttpStatusCode.MultipleChoices)]
    [InlineData(HttpStatusCode.BadRequest)]
    public async Task A_server_that_does_not_give_the_one_document_is_asked_for_the_other(HttpStatusCode status)
    {
        Discover();
        Server.Metadata.Fail(status);

        await AskAsync();

        Assert.Equal((2, 1), (Server.Metadata.Count, Endpoint.Succeeded));
    }

    [Fact]
    public async Task A_configured_token_URL_always_wins()
    {
        Set(("Issuer", Server.Issuer));

        await AskAsync();

        Assert.Equal((0, 1), (Server.Metadata.Count, Endpoint.Count));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        Discover();
        Server.Metadata.Redirect(new Uri("https://elsewhere.example.com/.well-known/oauth-authorization-server"), times: 2);

        ClientCredentialsException error = await FailAsync();

        Assert.Contains("cannot be read: status 307.", error.Message, StringComparison.Ordinal);
        Assert.Equal((2, 0), (Server.Metadata.Count, Endpoint.Count));
    }

    [Theory]
    [InlineData("a page")]
    [InlineData("a way to one")]
    public async Task A_site_that_has_a_page_for_everything_is_asked_for_the_other_document(string answer)
    {
        Discover();
        if (answer == "a page")
        {
            Server.Metadata.Answer(HttpStatusCode.OK, "<html>", "text/html");
        }
        else
        {
            Server.Metadata.Redirect(new Uri("https://elsewhere.example.com/"), HttpStatusCode.Found);
        }

        await AskAsync();

        Assert.Equal((2, 1), (Server.Metadata.Count, Endpoint.Succeeded));
    }

    [Fact]
    public async Task A_document_of_another_issuer_ends_the_search()
    {
        Discover();
        Server.Metadata.Answer(HttpStatusCode.OK, Document("https://elsewhere.example.com", "https://elsewhere.example.com/token"));

        await FailAsync();

        Assert.Equal((1, 0), (Server.Metadata.Count, Endpoint.Count));
    }

    [Fact]
    public async Task A_document_without_end_is_left_after_1_MiB()
    {
        Discover();
        Server.Metadata.AnswerEndlessly();

        ClientCredentialsException error = await FailAsync();

        Assert.Contains("is larger than 1048576 bytes.", error.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (Server.Metadata.Count, Endpoint.Count));
    }

    [Theory]
    [InlineData("<html>", "is no JSON.")]
    [InlineData("[]", "is no JSON object.")]
    [InlineData("{}", "names the issuer '(none)' and not 'http")]
    public async Task What_is_no_document_is_refused(string body, string problem)
    {
        Discover();
        Server.Metadata.Answer(HttpStatusCode.OK, body, times: 2);

        ClientCredentialsException error = await FailAsync();

        Assert.Equal(FailureReason.InvalidResponse, error.Reason);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, Endpoint.Count);
    }

    [Fact]
    public async Task A_document_that_hangs_ends_with_the_attempt()
    {
        Discover(("MaxRetries", "0"), ("AttemptTimeout", "00:00:02"));
        Server.Metadata.Hang();

        Task<ClientCredentialsException> failing = FailAsync();
        await Server.Metadata.WaitForAsync(1);
        Advance(2);
        ClientCredentialsException error = await failing;

        Assert.Equal(FailureReason.TimedOut, error.Reason);
        Assert.Contains($"the metadata of issuer '{Server.Issuer}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_endpoint_that_moves_to_another_origin_is_used_with_a_warning()
    {
        Discover();
        await AskAsync();
        Server.Metadata.Answer(HttpStatusCode.OK, Document(Server.Issuer, $"http://localhost:{Server.BaseUrl.Port}/oauth2/token"), times: 2);

        await AskAgainAsync(Kept);

        Assert.Equal(2, Endpoint.Succeeded);
        Assert.Contains(Log.Lines, line => line.Level == LogLevel.Warning
            && line.Text.Contains($"the issuer's token endpoint moved from {Server.Issuer} to http://localhost:{Server.BaseUrl.Port}; credentials go there from now on.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_method_that_is_not_offered_is_named_and_used_all_the_same()
    {
        Discover();
        Server.Metadata.Answer(HttpStatusCode.OK, Document(Server.Issuer, Server.TokenUrl.AbsoluteUri, "private_key_jwt", "client_secret_post"));

        await AskAsync();

        Assert.StartsWith("Basic ", Endpoint.Received[0].Header("Authorization"), StringComparison.Ordinal);
        Assert.Contains(Log.Lines, line => line.Level == LogLevel.Warning
            && line.Text.Contains("the server's metadata does not offer client_secret_basic; it offers private_key_jwt, client_secret_post.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_another_issuer_s_assertion_proves_the_client_the_offer_is_not_compared()
    {
        string assertion = Path.GetTempFileName();
        await File.WriteAllTextAsync(assertion, "one.two.three");
        Discover(("AuthenticationMethod", "federated_assertion"), ("ClientSecret", null), ("Assertion:File", assertion));
        Server.Metadata.Answer(HttpStatusCode.OK, Document(Server.Issuer, Server.TokenUrl.AbsoluteUri, "private_key_jwt"));
        Endpoint.Answer(HttpStatusCode.OK, Token("for-an-assertion"));

        await AskAsync();
        File.Delete(assertion);

        Assert.Equal("one.two.three", Endpoint.Received[0].FormValue("client_assertion"));
        Assert.DoesNotContain(Log.Lines, line => line.Text.Contains("does not offer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_method_that_is_offered_is_no_news()
    {
        Discover();

        await AskAsync();

        Assert.DoesNotContain(Log.Lines, line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task The_configured_query_goes_along()
    {
        Discover(("TokenRequest:Query:tenant", "blue"));

        await AskAsync();

        Assert.Equal("?tenant=blue", new Uri(Server.BaseUrl, Endpoint.Received[0].Target).Query);
    }

    private void Discover(params (string Setting, string? Value)[] settings) => Set([("TokenUrl", ""), ("Issuer", Server.Issuer), .. settings]);

    private async Task AskAgainAsync(TimeSpan later)
    {
        Clock.Advance(later);
        ConnectResult result = await Credentials.ConnectAsync("billing");
        Assert.True(result.IsOK, result.Problem);
    }

    private static string Document(string issuer, string tokenEndpoint, params string[] methods) =>
        System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["issuer"] = issuer,
            ["token_endpoint"] = tokenEndpoint,
            ["token_endpoint_auth_methods_supported"] = methods,
        });
}
