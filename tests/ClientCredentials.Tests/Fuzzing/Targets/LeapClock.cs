namespace ClientCredentials.Tests.Fuzzing;

/// <summary>A clock on which nobody waits: at a pause shorter than a time limit it leaps to the pause's end, and to the time limits only where all else hangs.</summary>
/// <param name="limit">As long as this, or longer, is a time limit; anything shorter is a pause.</param>
internal sealed class LeapClock(TimeSpan limit) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<Timer> _limits = [];
    private long _now = TimeSpan.TicksPerDay;

    private TimeSpan Limit => limit;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Leaps to the next time limit: the code that is tested waits for what never comes.</summary>
    public void LeapToLimit()
    {
        Timer? next;
        lock (_gate)
        {
            next = _limits.MinBy(timer => timer.Due);
        }

        if (next is not null)
        {
            Leap(next.Due);
        }
    }

    public void Advance(TimeSpan by) => Leap(GetTimestamp() + by.Ticks);

    private void Leap(long to)
    {
        Timer[] due;
        lock (_gate)
        {
            _now = Math.Max(_now, to);
            due = [.. _limits.Where(timer => timer.Due <= _now).OrderBy(timer => timer.Due)];
            _limits.RemoveAll(due.Contains);
        }

        Array.ForEach(due, timer => timer.Fire());
    }

    private sealed class Timer(LeapClock clock, TimerCallback callback, object? state) : ITimer
    {
        private int _version;

        public long Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                int version = ++_version;
                clock._limits.Remove(this);
                if (dueTime < TimeSpan.Zero)
                {
                    return true;
                }

                Due = clock._now + dueTime.Ticks;
                if (dueTime >= clock.Limit)
                {
                    clock._limits.Add(this);
                    return true;
                }

                ThreadPool.UnsafeQueueUserWorkItem(_ => Pass(version), null);
                return true;
            }
        }

        public void Fire() => callback(state);

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Pass(int version)
        {
            lock (clock._gate)
            {
                if (version != _version)
                {
                    return;
                }
            }

            clock.Leap(Due);
            Fire();
        }
    }
}
