using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClientCredentials.Testing.Server;

/// <summary>A certificate authority that lives as long as its server, and that nobody else knows.</summary>
/// <remarks>What it issues is good from 2000 to 2049: neither the clock of the machine nor that of a test should matter where a test is about something else.</remarks>
internal sealed class Authority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    public static readonly DateTimeOffset Beginning = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset End = new(2049, 12, 31, 0, 0, 0, TimeSpan.Zero);

    private readonly X509Certificate2 _own;

    public Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _own = request.CreateSelfSigned(Beginning, End);
        Certificate = X509CertificateLoader.LoadCertificate(_own.RawData);
    }

    /// <summary>The certificate to trust, without its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>A certificate for servers on loopback.</summary>
    public X509Certificate2 IssueServerCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request("CN=localhost", key, ServerAuthentication);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        return Issue(request, key, Beginning, End);
    }

    /// <summary>A certificate for a client.</summary>
    public X509Certificate2 IssueClientCertificate(string subject, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Issue(Request(subject, key, ClientAuthentication), key, notBefore, notAfter);
    }

    /// <summary>A certificate for a client, signed by its own key.</summary>
    public static X509Certificate2 SelfSigned(string subject, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Usable(Request(subject, key, ClientAuthentication).CreateSelfSigned(notBefore, notAfter));
    }

    /// <summary>Whether a certificate is a client's, and of this authority.</summary>
    public bool HasIssued(X509Certificate2 certificate, DateTimeOffset now)
    {
        using var chain = new X509Chain { ChainPolicy = Trust() };
        chain.ChainPolicy.VerificationTime = now.LocalDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return chain.Build(certificate);
    }

    /// <summary>A rule that trusts what this authority has issued, and nothing else.</summary>
    public X509ChainPolicy Trust() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { Certificate },
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    public void Dispose()
    {
        _own.Dispose();
        Certificate.Dispose();
    }

    private static CertificateRequest Request(string subject, ECDsa key, string purpose)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        return request;
    }

    private X509Certificate2 Issue(CertificateRequest request, ECDsa key, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var issued = request.Create(_own, notBefore, notAfter, RandomNumberGenerator.GetBytes(16));
        return Usable(issued.CopyWithPrivateKey(key));
    }

    // Windows cannot use a key for a connection that is in memory only.
    private static X509Certificate2 Usable(X509Certificate2 certificate)
        => OperatingSystem.IsWindows()
            ? X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null, X509KeyStorageFlags.Exportable)
            : certificate;
}
