using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Http;

/// <summary>Whether an API's answer says that the token is no longer good, and a new one would help.</summary>
internal static class Renewal
{
    public static bool IsWorthwhile(HttpResponseMessage response, Settings? settings) =>
        IsRefusal(response, settings) && SaysToken(response);

    /// <summary>Whether the answer has a status for which tokens are renewed. Cheap: it is asked of every answer.</summary>
    public static bool IsRefusal(HttpResponseMessage response, Settings? settings)
    {
        int status = (int)response.StatusCode;
        return status >= 400 && (settings is null ? status == 401 : settings.RenewOn.AsSpan().Contains(response.StatusCode));
    }

    /// <summary>A redirect drops the header (and answers 401 from elsewhere): no new token helps.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="request">The request as it is now.</param>
    /// <param name="sent">Where it was sent.</param>
    /// <param name="hasKeptToken">Whether the token was still on it when the answer came: then a handler below changed the address, and no redirect did.</param>
    public static bool WasRedirected(HttpResponseMessage response, HttpRequestMessage request, Uri sent, bool hasKeptToken) =>
        response.RequestMessage is { RequestUri: { } answered } answeredRequest
        && answered != sent
        && !(hasKeptToken && ReferenceEquals(answeredRequest, request));

    /// <summary>Whether the answer asks for a proof with the nonce that it names (RFC 9449 §9).</summary>
    public static bool WantsNonce(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var lines)
        && Challenge.Read(lines).Any(challenge => challenge.IsFor(AccessToken.Dpop) && challenge.Error == DpopProof.NonceWanted);

    // No challenge at all, or one for our scheme that does not blame something else (RFC 6750 §3.1).
    private static bool SaysToken(HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var lines))
        {
            return true;
        }

        IReadOnlyList<Challenge> challenges = Challenge.Read(lines);
        if (challenges.Any(challenge => challenge.IsFor(AccessToken.Dpop) && challenge.Error is DpopProof.NonceWanted or DpopProof.NotTaken))
        {
            // It is the proof that was not taken, not the token.
            return false;
        }

        return challenges.Count == 0 || challenges.Any(challenge =>
            (challenge.IsFor(AccessToken.Bearer) || challenge.IsFor(AccessToken.Dpop)) && challenge.Error is not ("insufficient_scope" or "invalid_request"));
    }
}
