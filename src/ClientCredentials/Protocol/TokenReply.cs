namespace ClientCredentials.Protocol;

/// <summary>A token and how long it lives, or the reason why there is none.</summary>
internal sealed record TokenReply
{
    public AccessToken? Token { get; init; }

    /// <summary>The token's life, counted from before it was asked for.</summary>
    public TimeSpan Lifetime { get; init; }

    /// <summary>When it was asked for, on the monotonic clock.</summary>
    public long AskedAt { get; init; }

    /// <summary>When it was asked for, on the wall clock.</summary>
    public DateTimeOffset AskedAtWall { get; init; }

    /// <summary>The certificate that it was asked for with; null where there was none.</summary>
    public ClientCertificate? Certificate { get; init; }

    /// <summary>How far the server's clock is ahead of this machine's; null where it did not say the time.</summary>
    public TimeSpan? ClockSkew { get; init; }

    /// <summary>What the token says of itself; null where there is none, or it is no JWT.</summary>
    public JwtClaims? Claims { get; init; }

    /// <summary>How many requests it took.</summary>
    public int Attempts { get; init; }

    public Failure? Failure { get; init; }

    /// <summary>What was odd about the answer and yet could be used.</summary>
    public IReadOnlyList<string> Oddities { get; init; } = [];

    public static implicit operator TokenReply(Failure failure) => new() { Failure = failure };
}
