using System.Net;
using ClientCredentials.Clients;

namespace ClientCredentials.Protocol;

/// <summary>Why there is no token, as a value: each caller that waited throws an exception of its own.</summary>
internal sealed record Failure(FailureReason Reason, string Problem)
{
    // What is wrong with one shape of request (a tenant's audience) must not stand against the whole client.
    private static readonly string[] ErrorsOfOneRequest = ["invalid_scope", "invalid_target", "invalid_request", "invalid_authorization_details"];

    // RFC 6749 §5.2, RFC 8707 §2, RFC 9396 §5, RFC 9449 §5 and §8.
    private static readonly string[] KnownErrors =
    [
        "invalid_client", "unauthorized_client", "invalid_grant", "unsupported_grant_type", "access_denied", "temporarily_unavailable", "server_error",
        "invalid_dpop_proof", "use_dpop_nonce", .. ErrorsOfOneRequest,
    ];

    public string? Error { get; init; }

    public string? Description { get; init; }

    public HttpStatusCode? Status { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public bool IsTransient { get; init; }

    public int Attempts { get; init; }

    public string? Hint { get; init; }

    public Exception? Cause { get; init; }

    /// <summary>Whether the server named a nonce that the proof did not have: with it, the same request may succeed (RFC 9449 §8).</summary>
    public bool WantsNonce { get; init; }

    /// <summary>Whether it says something about what was asked for, and nothing about the client.</summary>
    public bool IsOfOneRequest { get; init; }

    /// <summary>Whether it says that the proof of who the client is was not taken: another secret may be.</summary>
    /// <remarks>A token endpoint's 401 is about who the client is (RFC 6749 §5.2), and servers have words of their own for it: Keycloak <c>unauthorized_client</c>, Auth0 <c>access_denied</c>, UAA <c>unauthorized</c>.</remarks>
    public bool BlamesCredential => !IsTransient
        && (Error is "invalid_client" or "invalid_client_id"
            || (Status == HttpStatusCode.Unauthorized && !SaysOneRequest(Error) && Error is not ("use_dpop_nonce" or "invalid_dpop_proof")));

    public static bool SaysOneRequest(string? error) => ErrorsOfOneRequest.Contains(error, StringComparer.Ordinal);

    /// <summary>What metrics call it: one of few words, whatever a server may say.</summary>
    public string Label => KnownErrors.Contains(Error, StringComparer.Ordinal) ? Error! : Reason.ToString();

    /// <summary>Problem and hint, as one text.</summary>
    public string Message => Hint is null ? Problem : $"{Problem} {Hint}";

    public ClientCredentialsException ToException(string client, string? profile) =>
        new(client, Reason, ClientSettings.Sentence(client, profile, Message), Cause)
        {
            Profile = profile,
            Error = Error,
            ErrorDescription = Description,
            TokenEndpointStatus = Status,
            Attempts = Attempts,
            IsTransient = IsTransient,
            RetryAfter = RetryAfter,
            Hint = Hint,
        };
}
