using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClientCredentials.Clients;

namespace ClientCredentials.Protocol;

/// <summary>One version of the certificate that a client presents: both of its connections, to the token endpoint and to the API, use this and the same (RFC 8705 §3).</summary>
/// <remarks>It is never disposed of: a connection that is still open may need it. What nobody uses any more is collected.</remarks>
internal sealed class ClientCertificate
{
    private ClientCertificate? _previous;

    private ClientCertificate(SslStreamCertificateContext context, Identity identity, ClientCertificate? previous)
    {
        Context = context;
        Identity = identity;
        _previous = previous;
        Thumbprint = Thumbprints.Of(context.TargetCertificate);
        NotBefore = new DateTimeOffset(context.TargetCertificate.NotBefore.ToUniversalTime());
        NotAfter = new DateTimeOffset(context.TargetCertificate.NotAfter.ToUniversalTime());
    }

    /// <summary>The certificate with its chain, ready for a handshake.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>What a token that was got with it belongs to.</summary>
    public Identity Identity { get; }

    /// <summary>Its <c>x5t#S256</c>.</summary>
    public string Thumbprint { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    public bool IsRetired => Identity.IsRetired;

    /// <summary>The certificate as a sentence names it.</summary>
    public string Name => $"'{ServerText.Clean(Context.TargetCertificate.Subject, []) ?? "(no subject)"}' (x5t#S256 {Thumbprint})";

    /// <returns>The certificate, or what is wrong with it, as the rest of a sentence.</returns>
    public static (ClientCertificate? Certificate, string? Problem) Of(X509Certificate2 certificate, X509Certificate2Collection chain, Identity settings, ClientCertificate? previous)
    {
        try
        {
            // Offline: what the issuer's chain lacks is not fetched from addresses that the certificate names.
            return (new(SslStreamCertificateContext.Create(certificate, chain, offline: true), settings.Branch(), previous), null);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or NotSupportedException)
        {
            return (null, "has a certificate or private key that cannot be used for a connection");
        }
    }

    /// <summary>The server took it: what was got with those before it is given up, and their connections end.</summary>
    /// <remarks>Not earlier: a new certificate that the server does not know yet must not cost a token that is good.</remarks>
    public void Prove()
    {
        for (ClientCertificate? old = Interlocked.Exchange(ref _previous, null); old is not null; old = Interlocked.Exchange(ref old._previous, null))
        {
            old.Identity.Retire();
        }
    }
}
