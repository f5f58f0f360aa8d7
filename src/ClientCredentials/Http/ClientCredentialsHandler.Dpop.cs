using System.Net;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Http;

/// <summary>The way of a request whose token is bound to a key: each time it is sent it brings a new proof (RFC 9449 §7).</summary>
internal sealed partial class ClientCredentialsHandler
{
    private async Task<HttpResponseMessage> SendBoundAsync(HttpRequestMessage request, AccessToken token, TokenSupply supply, CancellationToken cancellationToken)
    {
        Uri sent = request.RequestUri!;
        HttpResponseMessage response = await SendWithProofAsync(request, token, supply.Settings, cancellationToken).ConfigureAwait(false);
        return Renewal.IsRefusal(response, supply.Settings) && IsRejected(request, response, sent, token, supply)
            ? await SendAgainAsync(request, response, token, supply, cancellationToken).ConfigureAwait(false)
            : response;
    }

    private async Task<HttpResponseMessage> SendWithProofAsync(HttpRequestMessage request, AccessToken token, Settings? settings, CancellationToken cancellationToken)
    {
        (HttpResponseMessage response, bool wantsNonce) = await SendOnceAsync().ConfigureAwait(false);
        if (!wantsNonce)
        {
            return response;
        }

        response.Dispose();
        (response, _) = await SendOnceAsync().ConfigureAwait(false);
        return response;

        async Task<(HttpResponseMessage Response, bool WantsNonce)> SendOnceAsync()
        {
            Uri sent = request.RequestUri!;
            string? nonce = AttachWithProof(request, token, settings);
            try
            {
                HttpResponseMessage answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
                return (answer, WantsOtherNonce(request, answer, sent, token, nonce));
            }
            finally
            {
                DetachWithProof(request, token, settings);
            }
        }
    }

    private HttpResponseMessage SendWithProof(HttpRequestMessage request, AccessToken token, Settings? settings, CancellationToken cancellationToken)
    {
        (HttpResponseMessage response, bool wantsNonce) = SendOnce();
        if (!wantsNonce)
        {
            return response;
        }

        response.Dispose();
        return SendOnce().Response;

        (HttpResponseMessage Response, bool WantsNonce) SendOnce()
        {
            Uri sent = request.RequestUri!;
            string? nonce = AttachWithProof(request, token, settings);
            try
            {
                HttpResponseMessage answer = base.Send(request, cancellationToken);
                return (answer, WantsOtherNonce(request, answer, sent, token, nonce));
            }
            finally
            {
                DetachWithProof(request, token, settings);
            }
        }
    }

    /// <returns>The nonce of the proof.</returns>
    private string? AttachWithProof(HttpRequestMessage request, AccessToken token, Settings? settings)
    {
        string? nonce = token.Binding!.NonceOf(request.RequestUri!);
        string proof = token.Binding.Prove(token, request.Method, request.RequestUri!, nonce);
        Attach(request, token, settings);
        // The proof of another key opens nothing, and two proofs are refused (RFC 9449 §4.3).
        request.Headers.Remove(DpopProof.HeaderName);
        request.Headers.TryAddWithoutValidation(DpopProof.HeaderName, proof);
        return nonce;
    }

    private static void DetachWithProof(HttpRequestMessage request, AccessToken token, Settings? settings)
    {
        Detach(request, token, settings);
        request.Headers.Remove(DpopProof.HeaderName);
    }

    /// <summary>Keeps the nonce that the API names, whatever else it says.</summary>
    /// <returns>Whether the request failed for want of it, and can be sent again.</returns>
    private static bool WantsOtherNonce(HttpRequestMessage request, HttpResponseMessage response, Uri sent, AccessToken token, string? nonce)
    {
        if (DpopProof.NonceIn(response) is not { } named || Renewal.WasRedirected(response, sent))
        {
            return false;
        }

        token.Binding!.Keep(sent, named);
        return named != nonce
            && response.StatusCode == HttpStatusCode.Unauthorized
            && Renewal.WantsNonce(response)
            && RequestChoice.Of(request) is not { KeepsRefusal: true }
            && Replay.IsPossible(request.Content);
    }
}
