using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tests.Protocol;

public sealed class CertificateVersions
{
    private static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("CN=billing", "'CN=billing'")]
    [InlineData("", "'(no subject)'")]
    public void A_certificate_is_named_by_subject_and_thumbprint(string subject, string name)
    {
        using X509Certificate2 certificate = Certificate(subject);

        var (version, _) = ClientCertificate.Of(certificate, [], new Identity(), previous: null);

        Assert.Equal($"{name} (x5t#S256 {Thumbprints.Of(certificate)})", version?.Name);
    }

    [Fact]
    public void A_certificate_without_its_key_can_be_used_for_no_connection()
    {
        using X509Certificate2 certificate = Certificate("CN=billing");
        using X509Certificate2 half = X509CertificateLoader.LoadCertificate(certificate.RawData);

        Assert.Equal((null, "has a certificate or private key that cannot be used for a connection"), ClientCertificate.Of(half, [], new Identity(), previous: null));
    }

    private static X509Certificate2 Certificate(string subject)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest(new X500DistinguishedName(subject), key, HashAlgorithmName.SHA256).CreateSelfSigned(From, From.AddYears(1));
    }
}
