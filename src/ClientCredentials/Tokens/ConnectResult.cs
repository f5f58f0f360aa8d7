using System.Net;
using ClientCredentials.Protocol;

namespace ClientCredentials;

/// <summary>What came of connecting: whether the server gives this client a token with the settings as they are. It holds no secret.</summary>
public sealed record ConnectResult
{
    /// <summary>The name of the client.</summary>
    public required string Client { get; init; }

    /// <summary>The profile; null where the client has none.</summary>
    public string? Profile { get; init; }

    /// <summary>Whether the settings are valid and the server gave a token.</summary>
    public required bool IsOK { get; init; }

    /// <summary>What is wrong and what may help; null where nothing is wrong.</summary>
    public string? Problem { get; init; }

    /// <summary>What kind of failure it is; null where nothing is wrong.</summary>
    public FailureReason? Reason { get; init; }

    /// <summary>The server's <c>error</c> code (RFC 6749 §5.2); null where it gave none.</summary>
    public string? Error { get; init; }

    /// <summary>The status of the server's answer; null where there was none, or a token.</summary>
    public HttpStatusCode? TokenEndpointStatus { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How many token requests were made.</summary>
    public int Attempts { get; init; }

    /// <summary>The token's type; null where there is no token.</summary>
    public string? TokenType { get; init; }

    /// <summary>How long the token lives; null where there is none.</summary>
    public TimeSpan? TokenLifetime { get; init; }

    /// <summary>The scopes that were asked for.</summary>
    public IReadOnlyList<string> ScopesAsked { get; init => field = Words.Of(value); } = Words.None;

    /// <summary>The scopes that were granted.</summary>
    public IReadOnlyList<string> ScopesGranted { get; init => field = Words.Of(value); } = Words.None;

    /// <summary>The audiences of the token, where it is a JWT. Not verified.</summary>
    public IReadOnlyList<string> UnverifiedAudiences { get; init => field = Words.Of(value); } = Words.None;

    /// <summary>The issuer of the token, where it is a JWT that names one. Not verified.</summary>
    public string? UnverifiedIssuer { get; init; }

    /// <summary>How far the server's clock is ahead of this machine's, by the <c>Date</c> of its answer; null where it named none.</summary>
    public TimeSpan? ClockSkew { get; init; }
}
