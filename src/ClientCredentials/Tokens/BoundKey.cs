using ClientCredentials.Authentication;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tokens;

/// <summary>The key that a token is bound to, by the clock of the server that bound it.</summary>
internal sealed class BoundKey(DpopKey key, Settings settings, Clock clock) : TokenBinding
{
    public override string? NonceOf(Uri url) => key.OfApis.Of(url);

    public override void Keep(Uri url, string nonce) => key.OfApis.Keep(url, nonce);

    public override string Prove(AccessToken token, HttpMethod method, Uri url, string? nonce)
    {
        (string? jws, Failure? failure) = key.Sign(Proof(method, url, token.ProofHash, nonce));
        return jws ?? throw failure!.ToException(settings.Client, settings.Profile);
    }

    /// <summary>Adds the proof to a token request.</summary>
    /// <returns>Why there is none, or null.</returns>
    public Failure? AddTo(TokenRequest request)
    {
        string? nonce = key.OfServers.Of(request.Url);
        (string? jws, Failure? failure) = key.Sign(Proof(HttpMethod.Post, request.Url, tokenHash: null, nonce));
        if (jws is not null)
        {
            request.AddProof(jws, nonce, this);
        }

        return failure;
    }

    /// <summary>Takes up the nonce that a token endpoint names, whatever else it says.</summary>
    public void Hear(TokenRequest request, string nonce) => key.OfServers.Keep(request.Url, nonce);

    // The server judges whether a proof is too old, or not yet good.
    private DpopProof Proof(HttpMethod method, Uri url, string? tokenHash, string? nonce) =>
        new(method, url, ClientAssertion.NewId(), clock.Wall + settings.Identity.ClockSkew) { TokenHash = tokenHash, Nonce = nonce };
}
