using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace ClientCredentials.Tests.Testing;

public sealed class ManualClockBehaviour
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Time_moves_only_by_advance()
    {
        var start = (_clock.GetUtcNow(), Stamp: _clock.GetTimestamp());

        _clock.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal(TimeSpan.FromSeconds(90), _clock.GetElapsedTime(start.Stamp));
        Assert.Equal(start.Item1.AddSeconds(90), _clock.GetUtcNow());
        Assert.Equal(10_000_000, _clock.TimestampFrequency);
    }

    [Fact]
    public void A_jump_of_the_wall_clock_moves_neither_timestamps_nor_timers()
    {
        var start = (Wall: _clock.GetUtcNow(), Stamp: _clock.GetTimestamp());
        var delay = Task.Delay(TimeSpan.FromSeconds(1), _clock);

        _clock.JumpWallClock(TimeSpan.FromHours(-1));

        Assert.Equal(start.Wall.AddHours(-1), _clock.GetUtcNow());
        Assert.Equal(start.Stamp, _clock.GetTimestamp());
        Assert.False(delay.IsCompleted);
    }

    [Fact]
    public void Timers_fire_in_the_order_they_fall_due_each_at_its_own_moment()
    {
        var start = _clock.GetTimestamp();
        var fired = new List<string>();
        foreach (var (name, seconds) in new[] { ("c", 3), ("a", 1), ("b1", 2), ("b2", 2) })
        {
            _clock.CreateTimer(_ => fired.Add($"{name}@{_clock.GetElapsedTime(start).TotalSeconds}"), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
        }

        _clock.Advance(TimeSpan.FromSeconds(2.5));
        var before = fired.ToArray();
        _clock.Advance(TimeSpan.FromSeconds(0.5));

        Assert.Equal(["a@1", "b1@2", "b2@2"], before);
        Assert.Equal(["a@1", "b1@2", "b2@2", "c@3"], fired);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void A_periodic_timer_fires_every_period_until_it_is_disposed()
    {
        var fired = 0;
        var timer = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _clock.Advance(TimeSpan.FromSeconds(5));
        timer.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(3, fired);
        Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void A_timer_can_be_moved_and_stopped()
    {
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        timer.Change(TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromSeconds(5));
        var next = _clock.NextTimerIn;
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromSeconds(50));

        Assert.Equal(0, fired);
        Assert.Equal(TimeSpan.FromSeconds(5), next);
        Assert.Null(_clock.NextTimerIn);
    }

    [Fact]
    public void What_a_timer_starts_fires_in_the_same_advance()
    {
        var delays = DelayTwiceAsync();

        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.True(delays.IsCompletedSuccessfully);

        async Task DelayTwiceAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(1), _clock).ConfigureAwait(false);
            await Task.Delay(TimeSpan.FromSeconds(1), _clock).ConfigureAwait(false);
        }
    }

    [Fact]
    public void A_cancellation_source_is_cancelled_when_its_time_is_up()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(10), _clock);

        _clock.Advance(TimeSpan.FromSeconds(9));
        var early = source.IsCancellationRequested;
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(early);
        Assert.True(source.IsCancellationRequested);
    }

    [Fact]
    public async Task A_wait_times_out()
    {
        var wait = new TaskCompletionSource().Task.WaitAsync(TimeSpan.FromSeconds(1), _clock);

        _clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<TimeoutException>(() => wait);
    }

    [Fact]
    public async Task Retries_of_polly_come_when_the_clock_says_so()
    {
        var start = _clock.GetTimestamp();
        var attempts = new List<double>();
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = _clock }
            .AddTimeout(TimeSpan.FromSeconds(10))
            .AddRetry(new RetryStrategyOptions { MaxRetryAttempts = 9, Delay = TimeSpan.FromSeconds(1), BackoffType = DelayBackoffType.Exponential })
            .AddTimeout(TimeSpan.FromSeconds(5))
            .Build();
        var run = pipeline.ExecuteAsync(_ =>
        {
            attempts.Add(_clock.GetElapsedTime(start).TotalSeconds);
            throw new InvalidOperationException();
        }).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(60));

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => run);
        Assert.Equal([0, 1, 3, 7], attempts);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public async Task A_timer_due_now_fires_by_itself_but_not_inside_the_call()
    {
        var fired = new TaskCompletionSource<int>();
        var caller = Environment.CurrentManagedThreadId;
        var inside = true;

        using var timer = _clock.CreateTimer(_ => fired.SetResult(Volatile.Read(ref inside) && Environment.CurrentManagedThreadId == caller ? 1 : 0), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        Volatile.Write(ref inside, false);

        Assert.Equal(0, await fired.Task);
    }

    [Fact]
    public async Task A_test_can_wait_until_a_delay_is_pending()
    {
        var two = _clock.WaitForTimersAsync(2);
        var soon = _clock.WaitForTimerAsync(within: TimeSpan.FromSeconds(1));

        _ = Task.Delay(TimeSpan.FromSeconds(60), _clock);
        var early = two.IsCompleted || soon.IsCompleted;
        _ = Task.Delay(TimeSpan.FromSeconds(1), _clock);

        Assert.False(early);
        await two;
        await soon;
        Assert.Equal(2, _clock.ActiveTimers);
    }

    [Fact]
    public async Task A_callback_sees_the_context_of_who_started_it()
    {
        var local = new AsyncLocal<string> { Value = "starter" };
        var seen = new TaskCompletionSource<string?>();
        using var timer = _clock.CreateTimer(_ => seen.SetResult(local.Value), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        local.Value = "advancer";
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("starter", await seen.Task);
    }

    [Fact]
    public void A_delay_too_long_for_the_systems_timers_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.CreateTimer(_ => { }, null, TimeSpan.FromDays(50), Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task Many_threads_may_use_it_at_once()
    {
        var delays = Task.WhenAll(Enumerable.Range(0, 2000).Select(i => Task.Run(() => Task.Delay(TimeSpan.FromSeconds(1 + (i % 50)), _clock))));
        var start = _clock.GetTimestamp();

        await _clock.WaitForTimersAsync(2000);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => _clock.Advance(TimeSpan.FromSeconds(15)))));
        await delays;

        Assert.Equal(TimeSpan.FromSeconds(60), _clock.GetElapsedTime(start));
        Assert.Equal(0, _clock.ActiveTimers);
    }
}
