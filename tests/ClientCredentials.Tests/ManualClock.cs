namespace ClientCredentials.Tests;

/// <summary>
/// A clock that stands still until a test moves it. Its timers serve Task.Delay, CancellationTokenSource, WaitAsync and Polly;
/// they fire on the thread that calls <see cref="Advance"/>, in the order in which they fall due, each at its own moment.
/// </summary>
public sealed partial class ManualClock : TimeProvider
{
    // A test that waits for a timer nobody starts must fail with a sentence, not hang the run.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly IComparer<ManualTimer> ByDueTime = Comparer<ManualTimer>.Create(
        (a, b) => a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Sequence.CompareTo(b.Sequence));

    private readonly Lock _gate = new();
    private readonly SortedSet<ManualTimer> _pending = new(ByDueTime);
    private readonly List<(Func<bool> IsMet, TaskCompletionSource Met)> _waiters = [];
    private DateTimeOffset _origin;
    private long _ticks = TimeSpan.TicksPerDay; // not 0, so that a forgotten `default` timestamp is not "now"
    private long _target;
    private long _sequence;

    /// <summary>Starts the clock at <paramref name="start"/>. Defaults to 2026-01-01 00:00 UTC.</summary>
    public ManualClock(DateTimeOffset? start = null)
    {
        _origin = (start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).AddTicks(-_ticks);
        _target = _ticks;
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Ticks of <see cref="TimeSpan"/>: 10,000,000 a second.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The timers that will fire some day: a Task.Delay, a CancelAfter, an attempt timeout each count as one.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    /// <summary>How long until the next timer fires, or null when none is pending.</summary>
    public TimeSpan? NextTimerIn
    {
        get
        {
            lock (_gate)
            {
                return _pending.Min is { } next ? TimeSpan.FromTicks(Math.Max(0, next.Due - _ticks)) : null;
            }
        }
    }

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _origin.AddTicks(_ticks);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);

        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves both clocks forward and fires every timer that falls due on the way, those included that its callbacks start. Code that awaits
    /// a delay goes on inside this call, at the moment of the delay's end, until it awaits something else.
    /// </summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);

        long target;
        lock (_gate)
        {
            target = _target += by.Ticks;
        }

        // Timers know no synchronization context, and xunit's would make every continuation miss its moment.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (TakeDue(target) is { } due)
            {
                due.Fire();
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>Moves the wall clock only, forward or back, as NTP or waking from suspend does: timestamps and timers do not notice.</summary>
    public void JumpWallClock(TimeSpan by)
    {
        lock (_gate)
        {
            _origin += by;
        }
    }

    /// <summary>Completes once at least so many timers are pending.</summary>
    public Task WaitForTimersAsync(int atLeast = 1, CancellationToken cancellationToken = default)
        => WaitAsync(() => _pending.Count >= atLeast, $"{atLeast} timers", cancellationToken);

    /// <summary>Completes once a timer is pending that will fire no later than this from now: a retry's delay beside longer time limits.</summary>
    public Task WaitForTimerAsync(TimeSpan within, CancellationToken cancellationToken = default)
        => WaitAsync(() => _pending.Min is { } next && next.Due - _ticks <= within.Ticks, $"a timer within {within}", cancellationToken);

    private bool Schedule(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            if (timer.IsDisposed)
            {
                return false;
            }

            // The set sorts by the due time, so a timer leaves it before that changes.
            _pending.Remove(timer);
            timer.Period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Add(timer, _ticks + dueTime.Ticks);
                ReleaseWaiters();
            }
        }

        if (dueTime == TimeSpan.Zero)
        {
            // As the system's timers do: at once, but never inside the call that started it.
            ThreadPool.UnsafeQueueUserWorkItem(static clock => clock.Advance(TimeSpan.Zero), this, preferLocal: false);
        }

        return true;
    }

    private void Forget(ManualTimer timer)
    {
        lock (_gate)
        {
            timer.IsDisposed = true;
            _pending.Remove(timer);
        }
    }

    private ManualTimer? TakeDue(long target)
    {
        lock (_gate)
        {
            if (_pending.Min is not { } next || next.Due > target)
            {
                Interlocked.Exchange(ref _ticks, Math.Max(_ticks, target));
                ReleaseWaiters();
                return null;
            }

            _pending.Remove(next);
            Interlocked.Exchange(ref _ticks, Math.Max(_ticks, next.Due));
            if (next.Period > TimeSpan.Zero)
            {
                Add(next, next.Due + next.Period.Ticks);
            }

            return next;
        }
    }

    private void Add(ManualTimer timer, long due)
    {
        timer.Due = due;
        timer.Sequence = ++_sequence;
        _pending.Add(timer);
    }

    private async Task WaitAsync(Func<bool> isMet, string what, CancellationToken cancellationToken)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (isMet())
            {
                return;
            }

            _waiters.Add((isMet, met));
        }

        try
        {
            await met.Task.WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"ManualClock: waited {Patience} for {what}; {ActiveTimers} pending, the next in {NextTimerIn?.ToString() ?? "never"}.");
        }
    }

    private void ReleaseWaiters()
    {
        foreach (var (_, met) in _waiters.Where(waiter => waiter.IsMet()))
        {
            met.SetResult();
        }

        _waiters.RemoveAll(waiter => waiter.Met.Task.IsCompleted);
    }
}
