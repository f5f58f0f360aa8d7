namespace ClientCredentials.Tokens;

/// <summary>The two clocks: the monotonic one, by which tokens live, and the wall's, by which people tell the time.</summary>
internal sealed class Clock(TimeProvider time)
{
    public TimeProvider TimeProvider => time;

    /// <summary>A moment on the monotonic clock, in its own ticks.</summary>
    public long Now => time.GetTimestamp();

    public DateTimeOffset Wall => time.GetUtcNow();

    public long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    public TimeSpan Between(long start, long end) => time.GetElapsedTime(start, end);
}
