using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClientCredentials.Tests.Authentication;

/// <summary>What is wrong with a certificate is said at start, in plain words, and without a word of its key.</summary>
public sealed class CertificateProblems
{
    [Theory]
    [InlineData("text", "is not PEM: it has no block from '-----BEGIN …-----' to '-----END …-----' that can be read.")]
    [InlineData("certificate", "has no private key; it has CERTIFICATE.")]
    [InlineData("key", "has a private key, and no certificate.")]
    [InlineData("foreign", "has a certificate that belongs to another key.")]
    [InlineData("damaged", "has a certificate that is damaged.")]
    [InlineData("encrypted", "is encrypted, and there is no Certificate:Password.")]
    [InlineData("short", "has an RSA key of 1024 bits; at least 2048 are needed.")]
    public async Task A_pem_that_cannot_be_used(string kind, string problem)
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        string pem = Pem(app, kind);
        app.Configure(client => client.Certificate.Pem = pem);

        Assert.Equal([$"Client 'billing': Certificate:Pem {problem}"], app.StartProblems());
    }

    [Theory]
    [InlineData("pass", "wr0ng!", "cannot be opened with Certificate:Password.")]
    [InlineData("pass", null, "has a password, and there is no Certificate:Password.")]
    [InlineData("junk", null, "is no PKCS#12 file (.pfx, .p12), or is damaged.")]
    [InlineData("public", null, "has no private key.")]
    public async Task A_pkcs12_file_that_cannot_be_opened(string content, string? password, string problem)
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        X509Certificate2 certificate = app.Issue();
        byte[] bytes = content switch
        {
            "junk" => "junk"u8.ToArray(),
            "public" => X509CertificateLoader.LoadCertificate(certificate.RawData).Export(X509ContentType.Pkcs12),
            _ => certificate.Export(X509ContentType.Pkcs12, content),
        };
        string path = app.File("client.p12", bytes);
        app.Configure(client => (client.Certificate.Pkcs12File, client.Certificate.Password) = (path, password));

        Assert.Equal([$"Client 'billing': Certificate:Pkcs12File ('{path}') {problem}"], app.StartProblems());
    }

    [Fact]
    public async Task Files_that_cannot_be_read()
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        string path = app.File("client.pem", app.Issue().ExportCertificatePem());
        app.Configure(client => client.Certificate.PemFile = "/nowhere/client.pem");
        IReadOnlyList<string> certificate = app.StartProblems();
        app.Configure(client => (client.Certificate.PemFile, client.Certificate.KeyFile) = (path, "/nowhere/key.pem"));
        IReadOnlyList<string> key = app.StartProblems();

        Assert.Equal(["Client 'billing': Certificate:PemFile ('/nowhere/client.pem') does not exist."], certificate);
        Assert.Equal(["Client 'billing': Certificate:KeyFile ('/nowhere/key.pem') does not exist."], key);
    }

    [Theory]
    [InlineData(-20, -10, "expired on 2025-12-22 00:00:00Z.")]
    [InlineData(10, 20, "is not good before 2026-01-11 00:00:00Z.")]
    public async Task A_certificate_out_of_its_time(int fromDay, int toDay, string problem)
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        DateTimeOffset now = app.Clock.GetUtcNow();
        X509Certificate2 certificate = app.Issue(notBefore: now.AddDays(fromDay), notAfter: now.AddDays(toDay));
        string path = app.File("client.pem", CertificateApp.Pem(certificate));
        app.Configure(client => (client.Certificate.PemFile, client.MaxRetries) = (path, 0));

        IReadOnlyList<string> atStart = app.StartProblems();
        ClientCredentialsException error = await app.TokenFailsAsync();

        string sentence = $"Client 'billing': the certificate 'CN=billing, O=Example' (x5t#S256 {ClientCredentials.Protocol.Thumbprints.Of(certificate)}) {problem}";
        Assert.Equal([sentence], atStart);
        Assert.Equal((FailureReason.NotConfigured, sentence, 0), (error.Reason, error.Message, app.Server.TokenEndpoint.Count));
    }

    [Theory]
    [InlineData("12 34", "is no thumbprint, which has 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.")]
    [InlineData("00112233445566778899aabbccddeeff00112233", "is of no certificate in the personal store of this user or of this machine.")]
    public async Task A_thumbprint_of_no_certificate(string thumbprint, string problem)
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        app.Configure(client => client.Certificate.StoreThumbprint = thumbprint);

        Assert.Equal([$"Client 'billing': Certificate:StoreThumbprint ('{thumbprint}') {problem}"], app.StartProblems());
    }

    [Fact]
    public async Task Code_that_gives_no_certificate_or_one_without_a_key_or_fails()
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        X509Certificate2 certificate = app.Issue();
        using X509Certificate2 half = X509CertificateLoader.LoadCertificate(certificate.RawData);
        Func<X509Certificate2?>[] functions = [() => null, () => half, () => throw new CryptographicException("no such slot")];

        List<string> problems = [];
        foreach (Func<X509Certificate2?> give in functions)
        {
            app.Configure(client => client.MaxRetries = 0, builder => builder.UseCertificate("billing", _ => new(give())));
            problems.Add((await app.TokenFailsAsync()).Message);
        }

        Assert.Equal(
            [
                "Client 'billing': the function given to UseCertificate gave no certificate.",
                "Client 'billing': the function given to UseCertificate gave a certificate that has no private key.",
                "Client 'billing': the function given to UseCertificate failed with CryptographicException.",
            ],
            problems);
    }

    private static string Pem(CertificateApp app, string kind)
    {
        X509Certificate2 certificate = app.Issue();
        switch (kind)
        {
            case "text":
                return "text";
            case "certificate":
                return certificate.ExportCertificatePem();
            case "key":
                return CertificateApp.KeyPem(certificate);
            case "foreign":
                return $"{app.Issue().ExportCertificatePem()}\n{CertificateApp.KeyPem(certificate)}";
            case "damaged":
                return $"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n{CertificateApp.KeyPem(certificate)}";
            case "encrypted":
                PbeParameters encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
                return $"{certificate.ExportCertificatePem()}\n{certificate.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem("pass", encryption)}";
            default:
                using (RSA rsa = RSA.Create(1024))
                {
                    using X509Certificate2 weak = new CertificateRequest("CN=weak", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                        .CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(30), DateTimeOffset.UnixEpoch.AddYears(79));
                    return $"{weak.ExportCertificatePem()}\n{rsa.ExportPkcs8PrivateKeyPem()}";
                }
        }
    }
}
