namespace ClientCredentials.Protocol;

/// <summary>A token and how long it lives, or the reason why there is none.</summary>
internal sealed record TokenReply
{
    public AccessToken? Token { get; init; }

    /// <summary>The token's life, counted from before it was asked for.</summary>
    public TimeSpan Lifetime { get; init; }

    public Failure? Failure { get; init; }

    /// <summary>What was odd about the answer and yet could be used.</summary>
    public IReadOnlyList<string> Oddities { get; init; } = [];

    public static implicit operator TokenReply(Failure failure) => new() { Failure = failure };
}
