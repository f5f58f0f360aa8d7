namespace ClientCredentials;

/// <summary>Why there is no token, or why it was not sent.</summary>
public enum FailureReason
{
    /// <summary>The client is not known, its settings are wrong, or its secret could not be read.</summary>
    NotConfigured,

    /// <summary>The client is switched off by <see cref="ClientCredentialsOptions.Enabled"/>.</summary>
    Disabled,

    /// <summary>The server said no (RFC 6749 §5.2). The same request would be refused again.</summary>
    Refused,

    /// <summary>What came back is no token response: a login page, broken JSON, a redirect, too much of anything.</summary>
    InvalidResponse,

    /// <summary>The server gave a token of a type this client cannot use (RFC 6749 §7.1).</summary>
    UnsupportedTokenType,

    /// <summary>The server could not be reached, or said that it cannot serve now (408, 429, 5xx).</summary>
    Unreachable,

    /// <summary>There was no answer in time.</summary>
    TimedOut,

    /// <summary>The request would have gone to an origin that the client's tokens must not be sent to.</summary>
    OriginNotAllowed,
}
