using System.Net;

namespace ClientCredentials.Tests.Tokens;

public sealed class Refusal : OneClient
{
    [Fact]
    [Trait("Scenario", "T45")]
    public async Task After_a_permanent_no_callers_fail_at_once_with_the_reason()
    {
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client", description: "No such client.", times: int.MaxValue);
        await FailAsync();
        Advance(1);

        var call = Credentials.GetTokenAsync("billing");
        var failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => call.AsTask());

        Assert.True(call.IsFaulted);
        Assert.Contains("invalid_client (No such client.) (Remembered since 2026-01-01 00:00:00Z; tried again in 4 s.) Check ClientId", failure.Message, StringComparison.Ordinal);
        Assert.Equal((0, TimeSpan.FromSeconds(4)), (failure.Attempts, failure.RetryAfter));
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task The_log_says_when_it_is_tried_again()
    {
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");

        await FailAsync();

        Assert.StartsWith("Client 'billing' (profile 'none') gets no new token, and is tried again in 00:00:05: ", Assert.Single(Log.Of(11)), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Scenario", "T45")]
    public async Task The_server_is_asked_again_after_five_seconds_doubling_to_five_minutes()
    {
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client", times: int.MaxValue);
        await FailAsync();

        for (var second = 0; second < 1300; second++)
        {
            Advance(1);
            await FailAsync();
        }

        Assert.Equal([0, 5, 15, 35, 75, 155, 315, 615, 915, 1215], AskedAt);
    }

    [Fact]
    public async Task One_caller_probes_and_the_others_fail_at_once_meanwhile()
    {
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client", times: 2);
        await FailAsync();
        Advance(5);
        var hold = Endpoint.Hold();

        var probe = AskAsync();
        await ArriveAsync(2);
        var others = AskTimes(10);

        Assert.All(others, other => Assert.True(other.IsFaulted));
        Assert.False(probe.IsCompleted);
        hold.Dispose();
        await Assert.ThrowsAsync<ClientCredentialsException>(() => probe);
        Assert.Equal(2, Endpoint.Count);
        Assert.All(others, other => Assert.NotNull(other.Exception));
    }

    [Fact]
    public async Task A_probe_that_brings_a_token_ends_the_refusal()
    {
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");
        await FailAsync();
        var refused = Assert.Single(Credentials.Statuses);
        Advance(5);

        await AskAsync();
        var well = Assert.Single(Credentials.Statuses);

        Assert.Equal((ClientState.Error, FailureReason.Refused, Clock.GetUtcNow()), (refused.State, refused.Reason, refused.NextProbe));
        Assert.Equal((ClientState.OK, null, null, null), (well.State, well.Problem, well.Since, well.NextProbe));
        Assert.Equal(["Client 'billing' (profile 'none') is well again."], Log.Of(14));
    }

    [Fact]
    public async Task A_probe_whose_caller_left_is_given_back()
    {
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");
        await FailAsync();
        Advance(5);
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable);
        using var leaving = new CancellationTokenSource();
        var hold = Endpoint.Hold();
        var probe = AskAsync(cancellationToken: leaving.Token);
        await ArriveAsync(2);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);
        hold.Dispose();
        await LandedAsync();

        Advance(10);

        Assert.NotNull(await AskAsync());
    }

    [Fact]
    public async Task A_probe_tries_once_whatever_the_retries()
    {
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");
        await FailAsync();
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable, times: int.MaxValue);
        Advance(5);

        var failure = await FailAsync();

        Assert.Equal((FailureReason.Unreachable, 1), (failure.Reason, failure.Attempts));
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    public async Task One_failed_flight_of_an_outage_refuses_nobody_and_the_second_does()
    {
        Set(("MaxRetries", "0"));
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable, times: int.MaxValue);

        await FailAsync();
        await FailAsync();
        var third = await FailAsync();

        Assert.Equal(2, Endpoint.Count);
        Assert.Equal((true, 0), (third.IsTransient, third.Attempts));
        Assert.Single(Log.Of(11));
    }

    [Fact]
    public async Task A_success_between_two_failures_begins_anew()
    {
        Set(("MaxRetries", "0"));
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable);
        Endpoint.Answer(HttpStatusCode.OK, Token("once", 0));
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable);

        await FailAsync();
        await AskAsync();
        await FailAsync();

        Assert.NotNull(await AskAsync());
        Assert.Empty(Log.Of(11));
    }

    [Fact]
    public async Task A_failed_renewal_does_not_count_towards_a_refusal()
    {
        Set(("MaxRetries", "0"));
        await AskAsync();
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable, times: 3);
        foreach (var moment in (double[])[3543, 5, 47])
        {
            Advance(moment);
            await Record.ExceptionAsync(() => AskAsync());
            await LandedAsync();
        }

        Assert.NotNull(await AskAsync());
        Assert.Equal([0, 3543, 3548, 3595, 3595], AskedAt);
    }

    [Fact]
    public async Task A_client_that_another_kind_of_request_found_refused_is_not_renewed_before_the_next_probe()
    {
        var token = await AskAsync();
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client", times: int.MaxValue);
        foreach (var moment in (double[])[3500, 5, 10, 20])
        {
            Advance(moment);
            await FailAsync(new TokenParameters { Audience = "other" });
        }

        Advance(8);
        var served = AskAtOnce();
        await LandedAsync();

        Assert.Same(token, served);
        Assert.Equal([0, 3500, 3505, 3515, 3535], AskedAt);
    }

    [Fact]
    public async Task A_refused_client_hands_out_the_token_it_has_and_pauses_its_renewal()
    {
        var token = await AskAsync();
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client", times: int.MaxValue);
        Advance(3543);

        for (var second = 3543; second < 3595; second++)
        {
            Assert.Same(token, AskAtOnce());
            await LandedAsync();
            Advance(1);
        }

        Assert.Equal([0, 3543, 3548, 3558, 3578], AskedAt);
        Assert.Equal("invalid_client", (await FailAsync()).Error);
    }

    [Theory]
    [Trait("Scenario", "T101")]
    [InlineData("invalid_scope")]
    [InlineData("invalid_target")]
    [InlineData("invalid_request")]
    [InlineData("invalid_authorization_details")]
    public async Task What_is_wrong_with_one_kind_of_request_does_not_refuse_the_client(string error)
    {
        var parameters = new TokenParameters { Scopes = ["not.granted"], Audience = "other" };
        Endpoint.Fail(HttpStatusCode.BadRequest, error: error);
        await FailAsync(parameters);

        var usual = await AskAsync();
        var again = await FailAsync(parameters);

        Assert.NotNull(usual);
        Assert.Equal((error, 0), (again.Error, again.Attempts));
        Assert.Equal(2, Endpoint.Count);
        Assert.Equal(ClientState.OK, Assert.Single(Credentials.Statuses).State);
    }

    [Fact]
    public async Task What_is_wrong_with_the_client_refuses_all_its_kinds_of_request()
    {
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");
        await FailAsync();

        var failure = await FailAsync(new TokenParameters { Audience = "other" });

        Assert.Equal("invalid_client", failure.Error);
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task A_probe_of_one_kind_of_request_that_the_client_may_not_make_is_given_back()
    {
        var parameters = new TokenParameters { Audience = "other" };
        Endpoint.Fail(HttpStatusCode.BadRequest, error: "invalid_target");
        await FailAsync(parameters);
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");
        Advance(2);
        await FailAsync();
        Advance(4);

        var refused = await FailAsync(parameters);
        Advance(1);
        await AskAsync();
        var token = await AskAsync(parameters);

        Assert.Equal("invalid_client", refused.Error);
        Assert.NotNull(token);
    }

    [Fact]
    public async Task A_probe_of_one_kind_of_request_that_meets_an_outage_is_given_back()
    {
        var parameters = new TokenParameters { Audience = "other" };
        Endpoint.Fail(HttpStatusCode.BadRequest, error: "invalid_target");
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable);
        await FailAsync(parameters);
        Advance(5);
        await FailAsync(parameters);

        var token = await AskAsync(parameters);

        Assert.NotNull(token);
        Assert.Equal([0, 5, 5], AskedAt);
    }
}
