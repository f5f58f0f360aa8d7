using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClientCredentials.Testing.Server;

/// <summary>Whether the certificate of a connection proves that the client is the client (RFC 8705 §2).</summary>
internal sealed class CertificateCheck(Func<Authority> authority, TimeProvider clock)
{
    public static bool IsMethod(ClientAuthentication authentication)
        => authentication is ClientAuthentication.TlsClientAuth or ClientAuthentication.SelfSignedTlsClientAuth;

    /// <summary>The <c>x5t#S256</c> of a certificate (RFC 8705 §3.1).</summary>
    public static string Thumbprint(byte[] certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate));

    /// <summary>What is wrong with the certificate of a connection; null where it is the client's.</summary>
    public string? Problem(byte[]? presented, TestClient client)
    {
        if (presented is null)
        {
            return "The connection has no client certificate.";
        }

        using var certificate = X509CertificateLoader.LoadCertificate(presented);
        var now = clock.GetUtcNow();
        if (now < certificate.NotBefore.ToUniversalTime() || now > certificate.NotAfter.ToUniversalTime())
        {
            return "The client certificate has expired, or is not good yet.";
        }

        if (client.Authentication == ClientAuthentication.SelfSignedTlsClientAuth)
        {
            return client.Certificates.ToArray().Any(known => known.RawDataMemory.Span.SequenceEqual(presented))
                ? null
                : "The client certificate is not registered for the client.";
        }

        if (!authority().HasIssued(certificate, now))
        {
            return "The client certificate is not of a trusted authority.";
        }

        return client.CertificateSubject is { } subject && certificate.SubjectName.Name == new X500DistinguishedName(subject).Name
            ? null
            : "The subject of the client certificate is not the one registered for the client.";
    }
}
