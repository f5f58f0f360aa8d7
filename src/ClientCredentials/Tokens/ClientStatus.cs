using ClientCredentials.Protocol;

namespace ClientCredentials;

/// <summary>How a client is doing, as an operator sees it.</summary>
public enum ClientState
{
    /// <summary>No token was asked for yet.</summary>
    NotYetUsed,

    /// <summary>The last answer of the server was a token.</summary>
    OK,

    /// <summary>Something is wrong: the settings, the client at the server, or the server.</summary>
    Error,

    /// <summary>Switched off by <see cref="ClientCredentialsOptions.Enabled"/>.</summary>
    Disabled,
}

/// <summary>How a client and profile is doing. It holds no secret.</summary>
public sealed record ClientStatus
{
    /// <summary>The name of the client.</summary>
    public required string Client { get; init; }

    /// <summary>The profile; null where the client has none.</summary>
    public string? Profile { get; init; }

    /// <summary>Whether it is the profile that is used when none is asked for.</summary>
    public bool IsActive { get; init; }

    /// <summary>The client's name for people.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The heading under which it may be shown; null where there is none.</summary>
    public string? Category { get; init; }

    /// <summary>What the client is for; null where nothing is said.</summary>
    public string? Description { get; init; }

    /// <summary>How it is doing.</summary>
    public required ClientState State { get; init; }

    /// <summary>What is wrong, in words that a person can act on; null where nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>What kind of failure it is; null where nothing is wrong.</summary>
    public FailureReason? Reason { get; init; }

    /// <summary>Since when it is in error; null where it is not.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When the server is asked again; null where nothing stands in the way.</summary>
    public DateTimeOffset? NextProbe { get; init; }

    /// <summary>When the server gave the last token; null where it never did.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>Whether the settings have changed since the server last gave a token, so that no token proves them yet.</summary>
    public bool HasChangedSinceSuccess { get; init; }

    /// <summary>Whether the server takes <see cref="ClientCredentialsOptions.AlternateClientSecret"/>, and not the usual secret: the rotation is to be finished.</summary>
    public bool UsesAlternateSecret { get; init; }

    /// <summary>When the token in memory ends; null where there is none.</summary>
    public DateTimeOffset? TokenExpiresAt { get; init; }

    /// <summary>The scopes of the token in memory.</summary>
    public IReadOnlyList<string> Scopes { get; init => field = Words.Of(value); } = Words.None;

    /// <summary>How many tokens the server gave since the app started.</summary>
    public long Tokens { get; init; }

    /// <summary>How often getting a token failed since the app started.</summary>
    public long Failures { get; init; }

    /// <summary>How many tokens an API refused since the app started.</summary>
    public long Rejections { get; init; }
}
