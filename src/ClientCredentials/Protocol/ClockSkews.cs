namespace ClientCredentials.Protocol;

/// <summary>Compares the server's clock with this machine's.</summary>
internal static class ClockSkews
{
    /// <summary>From here on assertions may fail for it, and somebody should correct a clock.</summary>
    public static readonly TimeSpan Notable = TimeSpan.FromMinutes(1);

    // The Date header has whole seconds, and servers make it once a second.
    private static readonly TimeSpan Precision = TimeSpan.FromSeconds(2);

    public static TimeSpan Of(DateTimeOffset server, DateTimeOffset here)
    {
        TimeSpan skew = server - here;
        return skew.Duration() <= Precision ? TimeSpan.Zero : skew;
    }

    /// <summary>Names a wrong clock where a refusal smells of it.</summary>
    public static Failure Hinted(Failure failure, TimeSpan? skew) =>
        skew is { } wrong && wrong.Duration() >= Notable && failure.Error is "invalid_client" or "invalid_grant" or "invalid_dpop_proof"
            ? failure with { Hint = $"{failure.Hint} {Sentence(wrong)}".Trim() }
            : failure;

    public static string Sentence(TimeSpan skew) =>
        $"This machine's clock is {skew.Duration():d\\.hh\\:mm\\:ss} {(skew > TimeSpan.Zero ? "behind" : "ahead of")} the server's; one of them is wrong.";
}
