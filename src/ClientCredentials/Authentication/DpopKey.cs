using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary>A key that tokens are bound to, and the nonces that servers want in the proofs of having it.</summary>
internal sealed class DpopKey(Signer signer, PublicJwk jwk)
{
    private readonly byte[] _header = DpopProof.Header(signer.Algorithm, jwk);

    public Signer Signer => signer;

    /// <summary>The <c>jkt</c> of the tokens that are bound to it (RFC 9449 §6.1).</summary>
    public string Thumbprint => jwk.Thumbprint;

    /// <summary>The nonces of token endpoints, which an API at the same origin knows nothing of.</summary>
    public DpopNonces OfServers { get; } = new();

    /// <summary>The nonces of APIs.</summary>
    public DpopNonces OfApis { get; } = new();

    /// <returns>The key of a signer; or what is wrong with it.</returns>
    public static (DpopKey? Key, string? Problem) Of(Signer signer) => signer.Key.Public is { } jwk
        ? (new DpopKey(signer, jwk), null)
        : (null, $"{signer.Name} does not show its public half, which every proof carries (RFC 9449 §4.2).");

    /// <returns>The signed proof, or why there is none.</returns>
    public (string? Jws, Failure? Failure) Sign(DpopProof proof) =>
        // Keys that are instances of the framework sign on the spot; there is nothing to wait for.
        signer.SignAsync(_header, proof.Claims(), CancellationToken.None).AsTask().GetAwaiter().GetResult();
}
