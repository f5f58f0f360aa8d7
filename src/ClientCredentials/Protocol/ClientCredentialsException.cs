using System.Net;

namespace ClientCredentials;

/// <summary>There is no token, or it may not be sent. The request never left without one.</summary>
/// <remarks>
/// Its <see cref="HttpRequestException.StatusCode"/> is always null, so that a filter for the API's own 404 does not swallow it;
/// the token endpoint's answer is <see cref="TokenEndpointStatus"/>. Nothing in it holds a secret or a token.
/// </remarks>
public sealed class ClientCredentialsException : HttpRequestException
{
    /// <summary>Makes the exception; for fakes in tests.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="reason">What kind of failure it is.</param>
    /// <param name="message">What went wrong and what would be right.</param>
    /// <param name="innerException">What caused it. Defaults to nothing.</param>
    public ClientCredentialsException(string client, FailureReason reason, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Client = client;
        Reason = reason;
    }

    /// <summary>The name of the client.</summary>
    public string Client { get; }

    /// <summary>The profile that was asked for; null where the client has none.</summary>
    public string? Profile { get; init; }

    /// <summary>What kind of failure it is.</summary>
    public FailureReason Reason { get; }

    /// <summary>The server's <c>error</c> code (RFC 6749 §5.2), such as <c>invalid_client</c>; null where it gave none.</summary>
    public string? Error { get; init; }

    /// <summary>The server's <c>error_description</c>, cut to 500 characters, cleaned and scrubbed of the client's secret; null where it gave none.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>The status of the token endpoint's answer; null where there was none.</summary>
    public HttpStatusCode? TokenEndpointStatus { get; init; }

    /// <summary>How many token requests were made.</summary>
    public int Attempts { get; init; }

    /// <summary>Whether the same call may work later without anybody doing anything. An outer retry should leave alone what is not transient.</summary>
    public bool IsTransient { get; init; }

    /// <summary>How long the server asks to wait (RFC 9110 §10.2.3), or how long until the server is asked again; null where nobody knows.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What may help, in words; null where nothing comes to mind.</summary>
    public string? Hint { get; init; }
}
