namespace ClientCredentials.Tests;

public sealed partial class ManualClock
{
    /// <summary>A timer with the limits and the manners of the system's own.</summary>
    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        // System.Threading.Timer refuses more, so code that works here works there.
        private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(0xfffffffe);

        // The callback sees the AsyncLocals of whoever started the timer, not of the test that moves the clock.
        private readonly ExecutionContext? _context = ExecutionContext.Capture();

        public long Due { get; set; }

        public long Sequence { get; set; }

        public TimeSpan Period { get; set; }

        public bool IsDisposed { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            ThrowIfOutOfRange(dueTime, nameof(dueTime));
            ThrowIfOutOfRange(period, nameof(period));
            return clock.Schedule(this, dueTime, period);
        }

        public void Fire()
        {
            if (_context is null)
            {
                callback(state);
                return;
            }

            ExecutionContext.Run(_context, callback.Invoke, state);
        }

        public void Dispose() => clock.Forget(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private static void ThrowIfOutOfRange(TimeSpan value, string name)
        {
            if (value != Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, name);
                ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Longest, name);
            }
        }
    }
}
