using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClientCredentials.Testing;

/// <summary>
/// A client registered at a <see cref="TestAuthorizationServer"/>. Every property may be changed while the server runs and counts
/// from the next request on; to change a list, assign a new one.
/// </summary>
public sealed class TestClient
{
    private int _tokensIssued;

    internal TestClient(string clientId, string? secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(clientId);

        ClientId = clientId;
        Secret = secret;
        Authentication = secret is null ? ClientAuthentication.None : ClientAuthentication.Any;
    }

    /// <summary>The <c>client_id</c>.</summary>
    public string ClientId { get; }

    /// <summary>The <c>client_secret</c>, or null for a client without one.</summary>
    public string? Secret { get; set; }

    /// <summary>Secrets that are accepted beside <see cref="Secret"/>, as during a rotation. Defaults to none.</summary>
    public IList<string> AlternateSecrets { get; set; } = [];

    /// <summary>How the client must authenticate. Defaults to <see cref="ClientAuthentication.Any"/>, and to
    /// <see cref="ClientAuthentication.None"/> for a client that was added without a secret.</summary>
    public ClientAuthentication Authentication { get; set; }

    /// <summary>The RSA and EC keys, or public halves, one of which must have signed its assertions (<see cref="ClientAuthentication.PrivateKeyJwt"/>). Defaults to none.</summary>
    public IList<AsymmetricAlgorithm> PublicKeys { get; set; } = [];

    /// <summary>The algorithm its assertions must be signed with, such as <c>PS256</c>; null for any that fits its keys or secret. Defaults to null.</summary>
    public string? Algorithm { get; set; }

    /// <summary>What is done about a proof of having a key in its token requests (RFC 9449). A token that is bound to a key opens the API only with
    /// a proof of having it. Defaults to <see cref="ClientDpop.Accepted"/>.</summary>
    public ClientDpop Dpop { get; set; }

    /// <summary>The subject of its certificate, such as <c>CN=billing, O=Example</c> (<see cref="ClientAuthentication.TlsClientAuth"/>). Defaults to none.</summary>
    public string? CertificateSubject { get; set; }

    /// <summary>The certificates, or public halves, one of which it must present (<see cref="ClientAuthentication.SelfSignedTlsClientAuth"/>). Defaults to none.</summary>
    public IList<X509Certificate2> Certificates { get; set; } = [];

    /// <summary>Whether its tokens are good only over connections with the certificate that they were asked for with (RFC 8705 §3). Defaults to false.</summary>
    public bool CertificateBoundTokens { get; set; }

    /// <summary>Whether id and secret in a Basic header are taken as they are, as some servers wrongly do, and not form-decoded
    /// (RFC 6749 §2.3.1). Defaults to false.</summary>
    public bool RawBasic { get; set; }

    /// <summary>Whether the client may have tokens; one that may not gets <c>unauthorized_client</c>. Defaults to true.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>The scopes the client may ask for, all of which it gets when it asks for none. Empty means any. Defaults to empty.</summary>
    public IList<string> Scopes { get; set; } = [];

    /// <summary>The values of <c>grant_type</c> that the client may use. Defaults to <c>client_credentials</c>.</summary>
    public IList<string> GrantTypes { get; set; } = ["client_credentials"];

    /// <summary>How long the client's tokens live, or null for <see cref="TestAuthorizationServer.TokenLifetime"/>. Defaults to null.</summary>
    public TimeSpan? TokenLifetime { get; set; }

    /// <summary>The <c>token_type</c> in the answer, or null to leave it out. Of a token that is bound to a key it is <c>DPoP</c> where this is <c>Bearer</c>.
    /// Defaults to <c>Bearer</c>.</summary>
    public string? TokenType { get; set; } = "Bearer";

    /// <summary>Whether the answer lacks <c>expires_in</c>. Defaults to false.</summary>
    public bool OmitExpiresIn { get; set; }

    /// <summary>Whether the client gets the same token again while that lives, its <c>expires_in</c> counting down. Defaults to false.</summary>
    public bool ReissuesToken { get; set; }

    /// <summary>Whether a new token ends the client's earlier ones. Defaults to false.</summary>
    public bool RevokesPrevious { get; set; }

    /// <summary>Members added to the token answer as JSON; one of a standard name, null included, replaces the standard member. Defaults to none.</summary>
    public IDictionary<string, object?> ExtraResponse { get; set; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>How many different tokens the client has been given.</summary>
    public int TokensIssued => Volatile.Read(ref _tokensIssued);

    /// <summary>The client's id; never its secret.</summary>
    public override string ToString() => ClientId;

    internal void CountToken() => Interlocked.Increment(ref _tokensIssued);
}
