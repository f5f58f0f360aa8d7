using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClientCredentials.Protocol;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Authentication;

/// <summary>A client proves itself by the certificate of its connection, and the form has its id alone (RFC 8705 §2).</summary>
public sealed class CertificateMethods
{
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    [Theory]
    [InlineData("PemFile")]
    [InlineData("KeyFile")]
    [InlineData("KeyFile, marked")]
    [InlineData("Pem")]
    [InlineData("Pkcs12File")]
    [InlineData("UseCertificate")]
    public async Task A_certificate_of_an_authority_proves_the_client(string source)
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        X509Certificate2 certificate = app.Issue();
        Configure(app, certificate, source, AuthenticationMethod.TlsClientAuth);

        await app.Credentials.GetTokenAsync("billing");

        AssertProven(app, certificate);
    }

    [Theory]
    [InlineData("PemFile")]
    [InlineData("Pkcs12File")]
    public async Task A_self_signed_certificate_proves_the_client_that_it_is_registered_for(string source)
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        X509Certificate2 certificate = app.SelfSigned();
        (app.Server["billing-app"].Authentication, app.Server["billing-app"].Certificates) = (ClientAuthentication.SelfSignedTlsClientAuth, [certificate]);
        Configure(app, certificate, source, AuthenticationMethod.SelfSignedTlsClientAuth);

        await app.Credentials.GetTokenAsync("billing");

        AssertProven(app, certificate);
    }

    [Fact]
    [Trait("Scenario", "T65")]
    public async Task The_token_endpoint_for_certificates_goes_before_the_usual_one()
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        X509Certificate2 certificate = app.Issue();
        string pem = CertificateApp.Pem(certificate);
        app.Configure(client => (client.Certificate.Pem, client.MutualTlsTokenUrl) = (pem, app.Server.MutualTlsTokenUrl));

        await app.Credentials.GetTokenAsync("billing");

        Assert.NotEqual(app.Server.TokenUrl.Port, app.Server.MutualTlsTokenUrl!.Port);
        Assert.Equal(app.Server.MutualTlsTokenUrl.Authority, app.Server.TokenEndpoint.Received[0].Header("Host"));
        AssertProven(app, certificate);
    }

    [Fact]
    [Trait("Scenario", "T65")]
    public async Task So_does_the_one_that_the_metadata_of_the_issuer_name_for_certificates()
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        X509Certificate2 certificate = app.Issue();
        string pem = CertificateApp.Pem(certificate);
        app.Configure(client => (client.TokenUrl, client.Issuer, client.Certificate.Pem) = (null, app.Server.Issuer, pem));

        await app.Credentials.GetTokenAsync("billing");

        Assert.Equal(app.Server.MutualTlsTokenUrl!.Authority, app.Server.TokenEndpoint.Received[0].Header("Host"));
        AssertProven(app, certificate);
    }

    [Fact]
    public async Task Where_the_issuer_moves_the_token_endpoint_for_certificates_to_another_origin_it_is_used_with_a_warning()
    {
        using Tokens.LogLines log = new();
        await using CertificateApp app = await CertificateApp.StartAsync();
        string pem = CertificateApp.Pem(app.Issue());
        app.Configure(
            client => (client.TokenUrl, client.Issuer, client.Certificate.Pem) = (null, app.Server.Issuer, pem),
            builder => builder.Services.AddLogging(logging => logging.AddProvider(log)));
        await app.Credentials.ConnectAsync("billing");
        string before = app.Server.MutualTlsTokenUrl!.GetLeftPart(UriPartial.Authority);
        string after = $"https://localhost:{app.Server.MutualTlsTokenUrl.Port}";
        app.Server.Metadata.Answer(
            HttpStatusCode.OK,
            $$"""{ "issuer": "{{app.Server.Issuer}}", "token_endpoint": "{{app.Server.TokenUrl}}", "mtls_endpoint_aliases": { "token_endpoint": "{{after}}{{app.Server.TokenUrl.AbsolutePath}}" } }""");

        app.Clock.Advance(TimeSpan.FromHours(1));
        ConnectResult moved = await app.Credentials.ConnectAsync("billing");

        Assert.True(moved.IsOK, moved.Problem);
        Assert.Contains(log.Lines, line => line.Text.Contains($"the issuer's token endpoint moved from {before} to {after}; credentials go there from now on.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Certificates_beside_the_own_one_are_sent_as_its_chain()
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=between", key, HashAlgorithmName.SHA256);
        using X509Certificate2 other = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(30), DateTimeOffset.UnixEpoch.AddYears(79));
        X509Certificate2 own = app.Issue();
        string pem = $"{other.ExportCertificatePem()}\n{CertificateApp.Pem(own)}";
        app.Configure(client => client.Certificate.Pem = pem);

        await app.Credentials.GetTokenAsync("billing");

        AssertProven(app, own);
    }

    [Fact]
    public async Task The_thumbprint_is_that_of_the_example_in_the_standard()
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        // RFC 8705, Appendix A.
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem("""
            -----BEGIN CERTIFICATE-----
            MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAx
            ODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqG
            SM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ
            /Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwID
            SQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOV
            bUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=
            -----END CERTIFICATE-----
            """);

        Assert.Equal("A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0", Thumbprints.Of(certificate));
    }

    [Fact]
    public async Task A_certificate_that_the_server_does_not_take_is_named_in_the_error()
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        X509Certificate2 certificate = app.Issue("CN=shipping, O=Example");
        string pem = CertificateApp.Pem(certificate);
        app.Configure(client => client.Certificate.Pem = pem);

        ClientCredentialsException error = await app.TokenFailsAsync();

        Assert.Equal(FailureReason.Refused, error.Reason);
        Assert.StartsWith(
            $"Client 'billing': the token endpoint {app.Server.TokenUrl} refused the request with status 401: invalid_client (The subject of the client certificate is not the one registered for the client.) "
            + $"Check ClientId. The certificate presented was 'CN=shipping, O=Example' (x5t#S256 {Thumbprint(certificate)}): check that the server trusts its issuer and knows its subject.",
            error.Message,
            StringComparison.Ordinal);
        Assert.Equal(1, app.Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_server_that_is_not_trusted_gets_no_certificate_and_no_request()
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        string pem = CertificateApp.Pem(app.Issue());
        app.Configure(
            client => client.Certificate.Pem = pem,
            builder => builder.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false })));

        ClientCredentialsException error = await app.TokenFailsAsync();

        Assert.Equal((FailureReason.Unreachable, 0), (error.Reason, app.Server.TokenEndpoint.Count));
        Assert.Contains("there is no secure connection to the token endpoint", error.Message, StringComparison.Ordinal);
    }

    private static void Configure(CertificateApp app, X509Certificate2 certificate, string source, AuthenticationMethod method)
    {
        string password = "pa$$w0rd";
        // Some editors begin a text with the mark of its encoding.
        string mark = source == "KeyFile, marked" ? "\ufeff" : "";
        string file = source switch
        {
            "PemFile" => app.File("both.pem", CertificateApp.Pem(certificate)),
            "KeyFile" or "KeyFile, marked" => app.File("certificate.pem", mark + certificate.ExportCertificatePem()),
            "Pkcs12File" => app.File("certificate.p12", certificate.Export(X509ContentType.Pkcs12, password)),
            _ => "",
        };
        string keyFile = app.File("key.pem", mark + certificate.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem(password, Encryption));
        string pem = CertificateApp.Pem(certificate);
        app.Configure(
            client =>
            {
                client.AuthenticationMethod = method;
                client.Certificate.PemFile = source is "PemFile" or "KeyFile" or "KeyFile, marked" ? file : null;
                client.Certificate.KeyFile = source is "KeyFile" or "KeyFile, marked" ? keyFile : null;
                client.Certificate.Pkcs12File = source == "Pkcs12File" ? file : null;
                client.Certificate.Pem = source == "Pem" ? pem : null;
                client.Certificate.Password = password;
            },
            builder => _ = source == "UseCertificate" ? builder.UseCertificate("billing", _ => new(certificate)) : builder);
    }

    private static void AssertProven(CertificateApp app, X509Certificate2 certificate)
    {
        ReceivedRequest request = Assert.Single(app.Server.TokenEndpoint.Received);
        Assert.Equal((200, Thumbprint(certificate)), (request.StatusCode, request.CertificateThumbprint));
        Assert.Equal(["grant_type=client_credentials", "client_id=billing-app"], request.Form.Select(field => $"{field.Key}={field.Value}").Take(2));
        Assert.Null(request.FormValue("client_secret"));
        Assert.Null(request.Header("Authorization"));
    }

    private static string Thumbprint(X509Certificate2 certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));
}
