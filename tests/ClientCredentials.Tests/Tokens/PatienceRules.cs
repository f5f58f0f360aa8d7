using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Tokens;

public sealed class PatienceRules : OneClient
{
    private readonly TaskCompletionSource _storeAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override void Register(IServiceCollection services, ClientCredentialsBuilder builder)
        => builder.UseSecretStore(async (_, _, _, _) =>
        {
            _storeAsked.TrySetResult();
            await new TaskCompletionSource().Task;
            return "never";
        });

    [Fact]
    [Trait("Scenario", "T39")]
    public async Task Two_answers_of_500_are_got_over()
    {
        Endpoint.Fail(HttpStatusCode.InternalServerError, times: 2);

        var call = AskAsync();
        await PassPauseAsync(0.5);
        await PassPauseAsync(1);
        await call;

        Assert.Equal([0, 0.5, 1.5], AskedAt);
        Assert.Equal([500, 500, 200], Endpoint.Received.Select(request => request.StatusCode));
    }

    [Fact]
    public async Task After_the_last_retry_the_last_failure_is_the_answer()
    {
        Endpoint.Fail(HttpStatusCode.InternalServerError, times: 3);
        Endpoint.Fail(HttpStatusCode.BadGateway);

        var call = AskAsync();
        await PassPauseAsync(0.5);
        await PassPauseAsync(1);
        await PassPauseAsync(2);
        var failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => call);

        Assert.Equal((HttpStatusCode.BadGateway, 4, true), (failure.TokenEndpointStatus, failure.Attempts, failure.IsTransient));
        Assert.Equal([0, 0.5, 1.5, 3.5], AskedAt);
    }

    [Fact]
    public async Task No_retries_means_one_request()
    {
        Set(("MaxRetries", "0"));
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable);

        var failure = await FailAsync();

        Assert.Equal($"Client 'billing': the token endpoint {Server.TokenUrl} cannot serve now with status 503.", failure.Message);
        Assert.Equal((1, 1), (failure.Attempts, Endpoint.Count));
    }

    [Fact]
    public async Task A_changed_number_of_retries_goes_for_the_next_flight()
    {
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable, times: 3);
        Set(("MaxRetries", "0"));
        await FailAsync();

        Set(("MaxRetries", "1"));
        var call = AskAsync();
        await PassPauseAsync(0.5);
        var failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => call);

        Assert.Equal((2, 3), (failure.Attempts, Endpoint.Count));
    }

    [Fact]
    [Trait("Scenario", "T40")]
    public async Task Retry_After_in_seconds_goes_before_the_pause_of_our_own()
    {
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable, retryAfter: TimeSpan.FromSeconds(2));

        var call = AskAsync();
        await PassPauseAsync(2);
        await call;

        Assert.Equal([0, 2], AskedAt);
    }

    [Fact]
    [Trait("Scenario", "T40")]
    public async Task Retry_After_as_a_date_is_waited_for()
    {
        Endpoint.Answer(HttpStatusCode.ServiceUnavailable, "", headers: ("Retry-After", Clock.GetUtcNow().AddSeconds(7).ToString("R")));

        var call = AskAsync();
        await PassPauseAsync(7);
        await call;

        Assert.Equal([0, 7], AskedAt);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("Wed, 31 Dec 2025 23:00:00 GMT")]
    [InlineData("1")]
    public async Task Retry_After_that_is_shorter_than_the_pause_of_our_own_does_not_shorten_it(string retryAfter)
    {
        Endpoint.Answer(HttpStatusCode.ServiceUnavailable, "");
        Endpoint.Answer(HttpStatusCode.ServiceUnavailable, "");
        Endpoint.Answer(HttpStatusCode.ServiceUnavailable, "", headers: ("Retry-After", retryAfter));

        var call = AskAsync();
        await PassPauseAsync(0.5);
        await PassPauseAsync(1);
        await PassPauseAsync(2);
        await call;

        Assert.Equal([0, 0.5, 1.5, 3.5], AskedAt);
    }

    [Fact]
    [Trait("Scenario", "T40")]
    public async Task Retry_After_that_is_longer_than_MaxWait_fails_at_once_and_says_so()
    {
        Set(("MaxWait", "00:00:10"));
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable, retryAfter: TimeSpan.FromHours(1));

        var failure = await FailAsync();

        Assert.EndsWith(" The next try is due in 3600 s, and only 10 s of MaxWait (00:00:10) are left.", failure.Message);
        Assert.Equal((TimeSpan.FromHours(1), true, 1), (failure.RetryAfter, failure.IsTransient, Endpoint.Count));
    }

    [Fact]
    [Trait("Scenario", "T42")]
    public async Task A_server_that_hangs_is_waited_for_as_long_as_MaxWait_says()
    {
        Set(("MaxWait", "00:00:03"), ("AttemptTimeout", "00:00:03"));
        Endpoint.Hang();
        var call = AskAsync();
        await ArriveAsync(1);

        Advance(2.999);
        var isWaiting = !call.IsCompleted;
        Advance(0.001);
        var failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => call);

        Assert.True(isWaiting);
        Assert.Equal((FailureReason.TimedOut, true), (failure.Reason, failure.IsTransient));
        Assert.IsType<TimeoutException>(failure.InnerException);
        Assert.Equal($"Client 'billing': there was no token within MaxWait (00:00:03), in 1 attempt(s); the token endpoint {Server.TokenUrl} was asked last.", failure.Message);
    }

    [Fact]
    [Trait("Scenario", "T42")]
    public async Task A_flight_that_hangs_ends_by_MaxWait_and_not_by_a_caller_that_leaves()
    {
        Set(("MaxWait", "00:00:03"), ("AttemptTimeout", "00:00:03"));
        Endpoint.Hang();
        using var leaving = new CancellationTokenSource();
        var first = AskAsync(cancellationToken: leaving.Token);
        await ArriveAsync(1);
        Advance(1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        var second = AskAsync();
        Advance(2);
        var failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => second);

        Assert.Equal(FailureReason.TimedOut, failure.Reason);
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task When_time_runs_out_in_an_attempt_the_last_real_failure_is_told()
    {
        Set(("MaxWait", "00:00:03"), ("AttemptTimeout", "00:00:03"));
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable, error: "temporarily_unavailable");
        Endpoint.Hang();
        var call = AskAsync();
        await PassPauseAsync(0.5);
        await ArriveAsync(2);

        Advance(2.5);
        var failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => call);

        Assert.EndsWith(
            $"in 2 attempt(s); the token endpoint {Server.TokenUrl} was asked last. The last failure before: the token endpoint {Server.TokenUrl} cannot serve now with status 503: temporarily_unavailable.",
            failure.Message);
        Assert.Equal((FailureReason.TimedOut, "temporarily_unavailable", HttpStatusCode.ServiceUnavailable), (failure.Reason, failure.Error, failure.TokenEndpointStatus));
    }

    [Fact]
    public async Task A_pause_that_would_outlast_MaxWait_is_not_waited_for()
    {
        Set(("MaxWait", "00:00:02"), ("AttemptTimeout", "00:00:02"), ("RetryDelay", "00:00:02"));
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable);

        var failure = await FailAsync();

        Assert.EndsWith("The next try is due in 2 s, and only 2 s of MaxWait (00:00:02) are left.", failure.Message);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (failure.TokenEndpointStatus, Endpoint.Count));
    }

    [Fact]
    public async Task What_has_gone_by_already_is_taken_off_MaxWait()
    {
        Set(("MaxWait", "00:00:12"), ("RetryDelay", "00:00:03"));
        Endpoint.Hang();
        var call = FailAsync();
        await ArriveAsync(1);

        Advance(10);
        var failure = await call;

        Assert.EndsWith("The next try is due in 3 s, and only 2 s of MaxWait (00:00:12) are left.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_tried_again()
    {
        Endpoint.Hang();
        var call = AskAsync();
        await ArriveAsync(1);

        Advance(10);
        await PassPauseAsync(0.5);
        await call;

        Assert.Equal([0, 10.5], AskedAt);
    }

    [Fact]
    public async Task An_attempt_that_took_too_long_says_so()
    {
        Set(("MaxRetries", "0"));
        Endpoint.Hang();
        var call = AskAsync();
        await ArriveAsync(1);

        Advance(10);
        var failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => call);

        Assert.Equal($"Client 'billing': the token endpoint {Server.TokenUrl} did not answer within AttemptTimeout (00:00:10).", failure.Message);
        Assert.Equal((FailureReason.TimedOut, true, 1), (failure.Reason, failure.IsTransient, failure.Attempts));
        Assert.IsType<TimeoutException>(failure.InnerException);
    }

    [Fact]
    public async Task A_secret_store_that_hangs_is_waited_for_as_long_as_MaxWait_says()
    {
        Set(("ClientSecret", ""), ("ClientSecretName", "billing-secret"), ("MaxWait", "00:00:03"), ("AttemptTimeout", "00:00:03"));
        var call = AskAsync();
        await _storeAsked.Task;

        Advance(3);
        var failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => call);

        Assert.Equal((FailureReason.TimedOut, true), (failure.Reason, failure.IsTransient));
        Assert.Equal(0, Endpoint.Count);
    }
}
