using System.Net;

namespace ClientCredentials.Tests.Tokens;

public sealed class AheadOfTime : OneClient
{
    [Fact]
    [Trait("Scenario", "T46")]
    public async Task While_a_slow_server_renews_calls_go_on_with_the_old_token_at_once()
    {
        var old = await AskAsync();
        Advance(3543);
        var hold = Endpoint.Hold();

        var meanwhile = Enumerable.Range(0, 10).Select(_ => AskAtOnce()).ToArray();
        await ArriveAsync(2);
        hold.Dispose();
        await LandedAsync();

        Assert.All(meanwhile, token => Assert.Same(old, token));
        Assert.NotSame(old, AskAtOnce());
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    public async Task Under_steady_load_no_call_ever_waits_for_a_slow_server()
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(60);
        await AskAsync();
        IDisposable? hold = null;
        var (asked, renewals) = (0, 0);

        for (var second = 1; second <= 1000; second++)
        {
            Advance(1);
            switch (second - asked)
            {
                case 49:
                    hold = Endpoint.Hold();
                    AskAtOnce();
                    await ArriveAsync(1 + ++renewals);
                    break;
                case 54:
                    hold!.Dispose();
                    await LandedAsync();
                    asked += 49;
                    break;
            }

            AskAtOnce();
        }

        Assert.Equal(20, renewals);
        Assert.Equal((21, 1), (Endpoint.Count, Endpoint.MaxConcurrent));
    }

    [Fact]
    [Trait("Scenario", "T47")]
    public async Task While_the_server_is_down_the_old_token_serves_until_its_end_and_the_pause_doubles()
    {
        Set(("MaxRetries", "0"));
        var old = await AskAsync();
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable, times: int.MaxValue);
        Advance(3540);

        for (var second = 3541; second < 3595; second++)
        {
            Advance(1);
            Assert.Same(old, AskAtOnce());
            await LandedAsync();
        }

        Advance(1);
        var failure = await FailAsync();

        Assert.Equal(FailureReason.Unreachable, failure.Reason);
        Assert.Equal([0, 3543, 3548, 3558, 3578, 3595], AskedAt);
        Assert.Equal(4, Log.Of(13).Count());
    }

    [Fact]
    public async Task A_background_flight_tries_once_whatever_the_retries()
    {
        await AskAsync();
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable);
        Advance(3543);

        AskAtOnce();
        await LandedAsync();

        Assert.Equal(2, Endpoint.Count);
        Assert.Equal(0, Clock.ActiveTimers);
    }

    [Fact]
    public async Task A_background_flight_waits_as_long_as_the_server_asks()
    {
        await AskAsync();
        Endpoint.Fail(HttpStatusCode.TooManyRequests, retryAfter: TimeSpan.FromSeconds(30));
        Advance(3543);

        for (var second = 3543; second <= 3580; second++)
        {
            AskAtOnce();
            await LandedAsync();
            Advance(1);
        }

        Assert.Equal([0, 3543, 3573], AskedAt);
    }

    [Theory]
    [InlineData(3600, "00:20:00", 2916)]
    [InlineData(10_000, "00:30:00", 8290)]
    public async Task A_background_flight_waits_for_no_more_than_five_minutes_whatever_the_server_asks(int lifetime, string refreshBefore, double due)
    {
        Set(("RefreshBefore", refreshBefore));
        Server.TokenLifetime = TimeSpan.FromSeconds(lifetime);
        await AskAsync();
        Endpoint.Fail(HttpStatusCode.TooManyRequests, retryAfter: TimeSpan.FromHours(1));

        foreach (var moment in (double[])[due, .. Enumerable.Repeat(10, 29), 9, 1, 10])
        {
            Advance(moment);
            AskAtOnce();
            await LandedAsync();
        }

        Assert.Equal([0, due, due + 300], AskedAt);
    }

    [Fact]
    public async Task A_token_of_a_short_life_gets_a_few_tries_at_its_renewal()
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(20);
        await AskAsync();
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable, times: int.MaxValue);
        Advance(16.15);

        // It is renewed from 16.2 s on and ends at 18 s: a quarter of that is the first pause, where a long life has 5 s.
        for (var step = 0; step < 36; step++)
        {
            Advance(0.05);
            AskAtOnce();
            await LandedAsync();
        }

        Assert.Equal([0, 16.2, 16.65, 17.55], AskedAt);
    }

    [Fact]
    public async Task After_a_success_the_pause_begins_anew()
    {
        await AskAsync();
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable, times: 2);
        Endpoint.Answer(HttpStatusCode.OK, Token("renewed"));
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable, times: int.MaxValue);
        foreach (var moment in (double[])[3543, 5, 10, 3543, 5, 4, 1])
        {
            Advance(moment);
            AskAtOnce();
            await LandedAsync();
        }

        Assert.Equal([0, 3543, 3548, 3558, 7101, 7106], AskedAt);
    }

    [Fact]
    [Trait("Scenario", "T104")]
    public async Task When_the_renewal_hangs_until_the_token_ends_callers_get_one_with_full_patience()
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(20);
        await AskAsync();
        Endpoint.Hang();
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable);
        Advance(16.2);
        AskAtOnce();
        await ArriveAsync(2);

        Advance(1.8);
        var calls = AskTimes(10);
        Advance(8.2);
        await ArriveAsync(3);
        await PassPauseAsync(0.5);
        var tokens = await Task.WhenAll(calls);

        Assert.Single(tokens.Distinct());
        Assert.Equal([0, 16.2, 26.2, 26.7], AskedAt);
    }

    [Fact]
    public async Task A_permanent_no_to_a_renewal_is_the_answer_for_those_who_joined_it()
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(20);
        await AskAsync();
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client", times: int.MaxValue);
        var hold = Endpoint.Hold();
        Advance(16.2);
        AskAtOnce();
        await ArriveAsync(2);

        Advance(1.8);
        var calls = AskTimes(3);
        hold.Dispose();

        Assert.All(await Task.WhenAll(calls.Select(call => Assert.ThrowsAsync<ClientCredentialsException>(() => call))), failure => Assert.Equal("invalid_client", failure.Error));
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    public async Task A_renewed_token_that_ends_no_later_makes_the_source_pause()
    {
        Endpoint.Answer(HttpStatusCode.OK, Token("long", 3600));
        Endpoint.Answer(HttpStatusCode.OK, Token("short", 6));
        await AskAsync();
        Advance(3543);

        // Without the pause of 5 s the short one would be renewed when it is due, after 4.86 s.
        for (var step = 0; step < 52; step++)
        {
            AskAtOnce();
            await LandedAsync();
            Advance(0.1);
        }

        Assert.Equal([0, 3543, 3548], AskedAt);
    }

    [Fact]
    public async Task A_renewed_token_that_ends_within_the_same_second_makes_it_pause_too()
    {
        Endpoint.Answer(HttpStatusCode.OK, Token("first", 10));
        Endpoint.Answer(HttpStatusCode.OK, Token("second", 2));
        Endpoint.Answer(HttpStatusCode.OK, Token("third", 10));
        await AskAsync();
        Advance(8.1);
        AskAtOnce();
        await LandedAsync();

        // It ends at 10.1 s, and the one before at 10.
        for (var step = 0; step < 18; step++)
        {
            AskAtOnce();
            await LandedAsync();
            Advance(0.1);
        }

        Assert.Equal([0, 8.1], AskedAt);
    }

    [Fact]
    public async Task A_renewed_token_of_the_same_text_makes_the_source_pause_whatever_end_it_claims()
    {
        Endpoint.Answer(HttpStatusCode.OK, Token("same", 10));
        Endpoint.Answer(HttpStatusCode.OK, Token("same", 4));
        await AskAsync();

        // Without the pause of 5 s it would be renewed again when it is due, at 11.34 s.
        for (var step = 0; step < 115; step++)
        {
            Advance(0.1);
            AskAtOnce();
            await LandedAsync();
        }

        Assert.Equal([0, 8.1], AskedAt);
    }

    [Fact]
    public async Task A_renewal_that_brings_a_token_of_no_life_makes_the_source_pause()
    {
        Endpoint.Answer(HttpStatusCode.OK, Token("long", 3600));
        Endpoint.Answer(HttpStatusCode.OK, Token("nothing", 0), times: int.MaxValue);
        await AskAsync();
        Advance(3543);

        for (var second = 3543; second < 3560; second++)
        {
            Assert.Equal("long", AskAtOnce().Reveal());
            await LandedAsync();
            Advance(1);
        }

        Assert.Equal([0, 3543, 3548, 3558], AskedAt);
    }

    [Fact]
    public async Task An_idle_client_asks_for_nothing()
    {
        await AskAsync();

        Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(1, Endpoint.Count);
        Assert.Equal(0, Clock.ActiveTimers);
    }
}
