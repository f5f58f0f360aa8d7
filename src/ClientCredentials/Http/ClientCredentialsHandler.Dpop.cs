using System.Net;
using ClientCredentials.Protocol;

namespace ClientCredentials.Http;

/// <summary>The way of a request whose token is bound to a key: each time it is sent it brings a new proof (RFC 9449 §7).</summary>
internal sealed partial class ClientCredentialsHandler
{
    private async Task<HttpResponseMessage> SendBoundAsync(HttpRequestMessage request, Load load, CancellationToken cancellationToken)
    {
        Uri sent = request.RequestUri!;
        (HttpResponseMessage response, bool hasKeptToken) = await SendWithProofAsync(request, load, cancellationToken).ConfigureAwait(false);
        return Renewal.IsRefusal(response, load.Settings) && IsRejected(request, response, sent, hasKeptToken, load)
            ? await SendAgainAsync(request, response, load, cancellationToken).ConfigureAwait(false)
            : response;
    }

    private async Task<(HttpResponseMessage Response, bool HasKeptToken)> SendWithProofAsync(HttpRequestMessage request, Load load, CancellationToken cancellationToken)
    {
        (HttpResponseMessage response, bool hasKeptToken, bool wantsNonce) = await SendOnceAsync().ConfigureAwait(false);
        if (wantsNonce)
        {
            response.Dispose();
            (response, hasKeptToken, _) = await SendOnceAsync().ConfigureAwait(false);
        }

        return (response, hasKeptToken);

        async Task<(HttpResponseMessage Response, bool HasKeptToken, bool WantsNonce)> SendOnceAsync()
        {
            Uri sent = request.RequestUri!;
            string? nonce = AttachWithProof(request, load);
            HttpResponseMessage answer;
            bool isKept;
            try
            {
                answer = await SendOnAsync(request, load, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                isKept = DetachWithProof(request, load);
            }

            return (answer, isKept, WantsOtherNonce(request, answer, sent, isKept, load, nonce));
        }
    }

    private (HttpResponseMessage Response, bool HasKeptToken) SendWithProof(HttpRequestMessage request, Load load, CancellationToken cancellationToken)
    {
        (HttpResponseMessage response, bool hasKeptToken, bool wantsNonce) = SendOnce();
        if (wantsNonce)
        {
            response.Dispose();
            (response, hasKeptToken, _) = SendOnce();
        }

        return (response, hasKeptToken);

        (HttpResponseMessage Response, bool HasKeptToken, bool WantsNonce) SendOnce()
        {
            Uri sent = request.RequestUri!;
            string? nonce = AttachWithProof(request, load);
            HttpResponseMessage answer;
            bool isKept;
            try
            {
                answer = SendOn(request, load, cancellationToken);
            }
            finally
            {
                isKept = DetachWithProof(request, load);
            }

            return (answer, isKept, WantsOtherNonce(request, answer, sent, isKept, load, nonce));
        }
    }

    /// <returns>The nonce of the proof.</returns>
    private static string? AttachWithProof(HttpRequestMessage request, Load load)
    {
        TokenBinding binding = load.Token.Binding!;
        string? nonce = binding.NonceOf(request.RequestUri!);
        string proof = binding.Prove(load.Token, request.Method, request.RequestUri!, nonce);
        Attach(request, load);
        // The proof of another key opens nothing, and two proofs are refused (RFC 9449 §4.3).
        request.Headers.Remove(DpopProof.HeaderName);
        request.Headers.TryAddWithoutValidation(DpopProof.HeaderName, proof);
        return nonce;
    }

    /// <returns>Whether the token was still on it.</returns>
    private static bool DetachWithProof(HttpRequestMessage request, Load load)
    {
        request.Headers.Remove(DpopProof.HeaderName);
        return Detach(request, load);
    }

    /// <summary>Keeps the nonce that the API names, whatever else it says.</summary>
    /// <returns>Whether the request failed for want of it, and can be sent again.</returns>
    private static bool WantsOtherNonce(HttpRequestMessage request, HttpResponseMessage response, Uri sent, bool hasKeptToken, Load load, string? nonce)
    {
        if (DpopProof.NonceIn(response) is not { } named || Renewal.WasRedirected(response, request, sent, hasKeptToken))
        {
            return false;
        }

        load.Token.Binding!.Keep(sent, named);
        return named != nonce
            && response.StatusCode == HttpStatusCode.Unauthorized
            && Renewal.WantsNonce(response)
            && RequestChoice.Of(request) is not { KeepsRefusal: true }
            && Replay.IsPossible(request.Content);
    }
}
