using System.Net;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Http;

public class WithoutAToken
{
    [Theory]
    [Trait("Scenario", "T78")]
    [InlineData(401, """{"error":"invalid_client"}""", "application/json", FailureReason.Refused)]
    [InlineData(400, """{"error":"invalid_scope"}""", "application/json", FailureReason.Refused)]
    [InlineData(503, "", "text/plain", FailureReason.Unreachable)]
    [InlineData(200, "<html>Sign in</html>", "text/html", FailureReason.InvalidResponse)]
    [InlineData(200, """{"access_token":"t","token_type":"mac"}""", "application/json", FailureReason.UnsupportedTokenType)]
    public async Task Whatever_the_token_endpoint_answers_instead_the_api_sees_no_request(int status, string body, string mediaType, FailureReason reason)
    {
        await using App app = new(client => client.MaxRetries = 0);
        app.Tokens.Otherwise = _ => new((HttpStatusCode)status) { Content = new StringContent(body, System.Text.Encoding.UTF8, mediaType) };

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("x"));

        Assert.Equal(reason, exception.Reason);
        Assert.Equal("billing", exception.Client);
        Assert.Equal(0, app.Api.Count);
    }

    [Fact]
    [Trait("Scenario", "T78")]
    public async Task Where_the_token_endpoint_is_down_the_api_sees_no_request()
    {
        await using TestAuthorizationServer server = await App.StartServerAsync();
        await using App app = new(client => client.MaxRetries = 0, server: server);
        server.TokenEndpoint.Drop();

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("x"));

        Assert.Equal((FailureReason.Unreachable, true), (exception.Reason, exception.IsTransient));
        Assert.Equal(0, server.Api.Count);
    }

    [Fact]
    [Trait("Scenario", "T29")]
    public async Task A_401_of_the_token_endpoint_is_not_taken_for_one_of_the_api()
    {
        await using TestAuthorizationServer server = await App.StartServerAsync();
        await using App app = new(client => client.ClientSecret = "wrong", server: server);

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("x"));

        Assert.Equal("Basic", Assert.Single(server.TokenEndpoint.Received).Header("Authorization")!.Split(' ')[0]);
        Assert.Equal((FailureReason.Refused, "invalid_client", HttpStatusCode.Unauthorized), (exception.Reason, exception.Error, exception.TokenEndpointStatus));
        Assert.False(exception.IsTransient);
        Assert.Equal(1, exception.Attempts);
        Assert.Equal((1, 0), (server.TokenEndpoint.Count, server.Api.Count));
        Assert.Empty(app.Log.Of(20));
    }

    [Fact]
    [Trait("Scenario", "T102")]
    public async Task A_404_of_the_token_endpoint_is_not_taken_for_one_of_the_api()
    {
        await using App app = new();
        app.Tokens.Otherwise = _ => new(HttpStatusCode.NotFound);

        HttpRequestException exception = await Assert.ThrowsAnyAsync<HttpRequestException>(() => app.Caller.GetAsync("x"));

        Assert.Null(exception.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, Assert.IsType<ClientCredentialsException>(exception).TokenEndpointStatus);
    }

    [Fact]
    public async Task A_client_that_is_switched_off_sends_nothing_cached_token_or_not()
    {
        bool isEnabled = true;
        Reloading reloading = new();
        await using App app = new(client => client.Enabled = isEnabled);
        reloading.AddTo(app.Services);
        await app.Caller.GetAsync("x");

        isEnabled = false;
        reloading.Reload();
        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("x"));

        Assert.Equal(FailureReason.Disabled, exception.Reason);
        Assert.Equal((1, 1), (app.Api.Count, app.Tokens.Count));
    }

    [Fact]
    public async Task A_request_whose_origin_is_struck_off_while_its_token_is_fetched_is_not_sent()
    {
        Uri apiUrl = new("https://api.example.com/");
        Reloading reloading = new();
        await using App app = new(client => client.ApiUrl = apiUrl);
        reloading.AddTo(app.Services);
        app.Tokens.Answer(_ =>
        {
            apiUrl = new Uri("https://moved.example.com/");
            reloading.Reload();
            return Wire.Json(HttpStatusCode.OK, """{"access_token":"t","token_type":"Bearer","expires_in":3600}""");
        });

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("https://api.example.com/x"));

        Assert.Equal(FailureReason.OriginNotAllowed, exception.Reason);
        Assert.Equal(0, app.Api.Count);
    }

    [Fact]
    public async Task A_request_whose_origin_is_struck_off_before_its_second_try_is_not_sent_again()
    {
        Uri apiUrl = new("https://api.example.com/");
        Reloading reloading = new();
        await using App app = new(client => client.ApiUrl = apiUrl);
        reloading.AddTo(app.Services);
        app.Api.Answer(_ =>
        {
            apiUrl = new Uri("https://moved.example.com/");
            reloading.Reload();
            return new(HttpStatusCode.Unauthorized);
        });

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("https://api.example.com/x"));

        Assert.Equal(FailureReason.OriginNotAllowed, exception.Reason);
        Assert.Equal(["Bearer token-1"], app.Api.Tokens);
    }
}
