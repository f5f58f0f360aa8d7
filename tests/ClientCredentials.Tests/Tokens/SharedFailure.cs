using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Tokens;

public sealed class SharedFailure : OneClient
{
    [Fact]
    [Trait("Scenario", "T45")]
    public async Task Ten_waiters_get_ten_exceptions_of_the_same_content()
    {
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client", description: "No such client.");
        var hold = Endpoint.Hold();
        var calls = AskTimes(10);
        await ArriveAsync(1);

        hold.Dispose();
        var failures = await Task.WhenAll(calls.Select(call => Assert.ThrowsAsync<ClientCredentialsException>(() => call)));

        Assert.Equal(10, failures.Distinct().Count());
        var message = Assert.Single(failures.Select(failure => failure.Message).Distinct());
        Assert.StartsWith($"Client 'billing': the token endpoint {Server.TokenUrl} refused the request with status 401: invalid_client (No such client.)", message);
        Assert.All(failures, failure => Assert.Equal((FailureReason.Refused, "invalid_client", HttpStatusCode.Unauthorized, false), (failure.Reason, failure.Error, failure.TokenEndpointStatus, failure.IsTransient)));
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    [Trait("Scenario", "T41")]
    public async Task Ten_concurrent_callers_share_one_patience_when_the_server_says_429()
    {
        Endpoint.Fail(HttpStatusCode.TooManyRequests, times: 2, retryAfter: TimeSpan.FromSeconds(1));
        var hold = Endpoint.Hold();
        var calls = AskTimes(10);
        await ArriveAsync(1);

        hold.Dispose();
        await PassPauseAsync(1);
        await ArriveAsync(2);
        await PassPauseAsync(1);
        var tokens = await Task.WhenAll(calls);

        Assert.Single(tokens.Distinct());
        Assert.Equal([0, 1, 2], AskedAt);
    }

    [Theory]
    [Trait("Scenario", "T78")]
    [InlineData("down", FailureReason.Unreachable)]
    [InlineData("refuses", FailureReason.Refused)]
    [InlineData("answers HTML", FailureReason.InvalidResponse)]
    public async Task Without_a_token_the_api_sees_no_request(string server, FailureReason reason)
    {
        Set(("MaxRetries", "0"));
        switch (server)
        {
            case "down":
                Endpoint.Drop();
                break;
            case "refuses":
                Endpoint.Fail(HttpStatusCode.BadRequest, error: "unauthorized_client");
                break;
            default:
                Endpoint.Answer(HttpStatusCode.OK, "<html>Sign in</html>", "text/html");
                break;
        }

        var http = App.GetRequiredService<IHttpClientFactory>().CreateClient("invoices");
        var failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => http.GetAsync("invoices"));

        Assert.Equal(reason, failure.Reason);
        Assert.Equal(0, Server.Api.Count);
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task A_failure_that_nobody_waited_for_is_not_left_unobserved()
    {
        using var unobserved = new Unobserved();
        await FailUnseenAsync();

        var seen = unobserved.Collect();

        Assert.Empty(seen);
    }

    private async Task FailUnseenAsync()
    {
        using var leaving = new CancellationTokenSource();
        Endpoint.Fail(HttpStatusCode.BadRequest, error: "invalid_client");
        var hold = Endpoint.Hold();
        var call = AskAsync(cancellationToken: leaving.Token);
        await ArriveAsync(1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        hold.Dispose();
        await LandedAsync();
    }
}
