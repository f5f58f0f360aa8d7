using System.Net;

namespace ClientCredentials.Testing.Server;

/// <summary>An OAuth error that an endpoint answers with (RFC 6749 §5.2, RFC 6750 §3.1).</summary>
/// <param name="Status">The status of the answer.</param>
/// <param name="Error">The error code, or null for a bare challenge.</param>
/// <param name="Description">The sentence for a developer.</param>
/// <param name="Challenge">The <c>WWW-Authenticate</c> header, if the answer has one.</param>
internal sealed record Refusal(HttpStatusCode Status, string? Error, string? Description, string? Challenge = null)
{
    public const string BasicChallenge = "Basic realm=\"token\", charset=\"UTF-8\"";

    public static Refusal InvalidRequest(string description) => new(HttpStatusCode.BadRequest, "invalid_request", Clean(description));

    public static Refusal BadRequest(string error, string description) => new(HttpStatusCode.BadRequest, error, Clean(description));

    /// <summary>A refused client; with a challenge where it had used the Authorization header (RFC 6749 §5.2).</summary>
    public static Refusal InvalidClient(string description, bool usedHeader)
        => new(HttpStatusCode.Unauthorized, "invalid_client", Clean(description), usedHeader ? BasicChallenge : null);

    /// <summary>A refused use of a token that is bound to a key (RFC 9449 §7.1).</summary>
    public static Refusal Dpop(string error, string description) => new(
        HttpStatusCode.Unauthorized,
        error,
        description,
        $"DPoP realm=\"api\", error=\"{Clean(error)}\", error_description=\"{Clean(description)}\", algs=\"{DpopCheck.Algorithms}\"");

    public static Refusal Bearer(HttpStatusCode status, string? error = null, string? description = null, string? scope = null)
        => new(status, error, description, BearerChallenge(error, description, scope));

    public static string BearerChallenge(string? error, string? description, string? scope = null)
        => "Bearer realm=\"api\""
            + (error is null ? "" : $", error=\"{Clean(error)}\"")
            + (description is null ? "" : $", error_description=\"{Clean(description)}\"")
            + (scope is null ? "" : $", scope=\"{Clean(scope)}\"");

    // The grammar of error_description has neither quotes, backslashes, control nor non-ASCII characters (RFC 6749 §5.2).
    private static string Clean(string text)
        => string.Concat(text.Select(c => c is >= ' ' and <= '~' and not ('"' or '\\') ? c : '?'));
}
