using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Authentication;

/// <summary>Wherever the key is, the server knows its signature.</summary>
public sealed class KeySources : IDisposable
{
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
    private readonly RSA _rsa = KeysOfTests.Rsa();
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    public static TheoryData<string> Pems => ["RSA PKCS#8", "RSA PKCS#1", "RSA encrypted", "EC PKCS#8", "EC SEC1", "EC encrypted", "EC with parameters", "with certificate"];

    public void Dispose()
    {
        _rsa.Dispose();
        _ec.Dispose();
    }

    [Theory]
    [MemberData(nameof(Pems))]
    public async Task Pem_text_is_read(string kind)
    {
        await using AssertionApp app = await StartAsync();
        app.Configure(client => (client.AuthenticationMethod, client.Key.Pem, client.Key.Password) = (AuthenticationMethod.PrivateKeyJwt, Pem(kind), "pass"));

        await AssertTrustedAsync(app);
    }

    [Theory]
    [MemberData(nameof(Pems))]
    public async Task A_pem_file_is_read(string kind)
    {
        await using AssertionApp app = await StartAsync();
        app.Configure(client => (client.AuthenticationMethod, client.Key.PemFile, client.Key.Password) = (AuthenticationMethod.PrivateKeyJwt, app.File("key.pem", Pem(kind)), "pass"));

        await AssertTrustedAsync(app);
    }

    [Fact]
    public async Task A_pem_file_may_begin_with_the_mark_of_its_encoding()
    {
        await using AssertionApp app = await StartAsync();
        string path = app.File("key.pem", Marked(Pem("EC PKCS#8")));
        app.Configure(client => (client.AuthenticationMethod, client.Key.PemFile) = (AuthenticationMethod.PrivateKeyJwt, path));

        await AssertTrustedAsync(app);
    }

    [Fact]
    public async Task A_jwk_file_may_too()
    {
        await using AssertionApp app = await StartAsync();
        app.Server["billing-app"].PublicKeys = [JwkOfRfc7515()];
        app.Configure(client => (client.AuthenticationMethod, client.Key.JwkFile) = (AuthenticationMethod.PrivateKeyJwt, app.File("key.json", Marked(JwsVectors.RsaJwk))));

        await AssertTrustedAsync(app);
    }

    [Fact]
    public async Task Pem_text_may_have_its_line_breaks_written_out_as_environment_variables_do()
    {
        await using AssertionApp app = await StartAsync();
        app.Configure(client => (client.AuthenticationMethod, client.Key.Pem) = (AuthenticationMethod.PrivateKeyJwt, _rsa.ExportPkcs8PrivateKeyPem().Replace("\n", "\\n", StringComparison.Ordinal)));

        await AssertTrustedAsync(app);
    }

    [Fact]
    public async Task The_certificate_in_a_pem_names_the_key()
    {
        await using AssertionApp app = await StartAsync();
        app.Configure(client => (client.AuthenticationMethod, client.Key.Pem) = (AuthenticationMethod.PrivateKeyJwt, Pem("with certificate")));

        await app.TokenAsync();

        Assert.Equal(43, app.Header().GetProperty("x5t#S256").GetString()!.Length);
    }

    [Theory]
    [InlineData("pass")]
    [InlineData(null)]
    public async Task A_pkcs12_file_is_read(string? password)
    {
        await using AssertionApp app = await StartAsync();
        using X509Certificate2 certificate = Certificate();
        app.Configure(client => (client.AuthenticationMethod, client.Key.Pkcs12File, client.Key.Password) =
            (AuthenticationMethod.PrivateKeyJwt, app.File("key.pfx", certificate.Export(X509ContentType.Pkcs12, password)), password));

        await AssertTrustedAsync(app);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_jwk_is_read_with_its_key_id_and_algorithm_alone_or_as_the_only_one_of_a_set(bool isSet)
    {
        string jwk = JwsVectors.RsaJwk.Replace("\"kty\":\"RSA\",", "\"kty\":\"RSA\",\"kid\":\"k1\",\"alg\":\"RS384\",", StringComparison.Ordinal);
        await using AssertionApp app = await StartAsync();
        app.Server["billing-app"].PublicKeys = [JwkOfRfc7515()];
        app.Configure(client => (client.AuthenticationMethod, client.Key.Jwk) = (AuthenticationMethod.PrivateKeyJwt, isSet ? $"{{\"keys\":[{jwk}]}}" : jwk));

        await AssertTrustedAsync(app);

        Assert.Equal("""{"alg":"RS384","typ":"JWT","kid":"k1"}""", app.Header().GetRawText());
    }

    [Fact]
    public async Task A_jwk_file_is_read()
    {
        await using AssertionApp app = await StartAsync();
        app.Server["billing-app"].PublicKeys = [JwkOfRfc7515()];
        app.Configure(client => (client.AuthenticationMethod, client.Key.JwkFile) = (AuthenticationMethod.PrivateKeyJwt, app.File("key.json", JwsVectors.RsaJwk)));

        await AssertTrustedAsync(app);
    }

    [Fact]
    public async Task A_relative_path_is_one_below_the_hosts_content_root()
    {
        await using AssertionApp app = await StartAsync();
        string path = app.File("key.pem", Pem("EC SEC1"));
        HostApplicationBuilder host = Host.CreateEmptyApplicationBuilder(new() { ContentRootPath = Path.GetDirectoryName(path) });
        host.Services.AddClientCredentials().AddClient("billing", client =>
        {
            client.TokenUrl = app.Server.TokenUrl;
            client.ClientId = "billing-app";
            (client.AuthenticationMethod, client.Key.PemFile) = (AuthenticationMethod.PrivateKeyJwt, "key.pem");
        });

        using IHost started = host.Build();

        started.Services.GetRequiredService<IStartupValidator>().Validate();
    }

    [Theory]
    [InlineData("SHA1", "")]
    [InlineData("SHA256", ":")]
    public async Task A_certificate_of_the_users_store_is_found_by_its_thumbprint(string hash, string separator)
    {
        if (OperatingSystem.IsMacOS())
        {
            return; // the store there is the keychain, which asks a person
        }

        await using AssertionApp app = await StartAsync();
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(Certificate().Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.PersistKeySet | X509KeyStorageFlags.Exportable);
        using X509Store store = new(StoreName.My, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        store.Add(certificate);
        try
        {
            string thumbprint = string.Join(separator, certificate.GetCertHash(new HashAlgorithmName(hash)).Select(digit => $"{digit:x2}"));
            app.Configure(client => (client.AuthenticationMethod, client.Key.StoreThumbprint) = (AuthenticationMethod.PrivateKeyJwt, thumbprint));

            await AssertTrustedAsync(app);
        }
        finally
        {
            store.Remove(certificate);
        }
    }

    private static async Task AssertTrustedAsync(AssertionApp app)
    {
        Assert.Empty(app.StartProblems());
        await app.TokenAsync();
        Assert.Equal(1, app.Server.TokenEndpoint.Succeeded);
    }

    private static byte[] Marked(string text) => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)];

    private static RSA JwkOfRfc7515()
    {
        Dictionary<string, string> members = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(JwsVectors.RsaJwk)!;
        return RSA.Create(new RSAParameters { Modulus = System.Buffers.Text.Base64Url.DecodeFromChars(members["n"]), Exponent = [1, 0, 1] });
    }

    private Task<AssertionApp> StartAsync() =>
        AssertionApp.StartAsync(client => (client.Authentication, client.PublicKeys) = (ClientAuthentication.PrivateKeyJwt, [_rsa, _ec]));

    private X509Certificate2 Certificate() =>
        new CertificateRequest("CN=billing", _rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private string Pem(string kind)
    {
        using X509Certificate2 certificate = Certificate();
        return kind switch
        {
            "RSA PKCS#8" => _rsa.ExportPkcs8PrivateKeyPem(),
            "RSA PKCS#1" => _rsa.ExportRSAPrivateKeyPem(),
            "RSA encrypted" => _rsa.ExportEncryptedPkcs8PrivateKeyPem("pass", Encryption),
            "EC PKCS#8" => _ec.ExportPkcs8PrivateKeyPem(),
            "EC SEC1" => _ec.ExportECPrivateKeyPem(),
            "EC encrypted" => _ec.ExportEncryptedPkcs8PrivateKeyPem("pass", Encryption),
            // As "openssl ecparam -genkey" writes it.
            "EC with parameters" => $"-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n{_ec.ExportECPrivateKeyPem()}",
            _ => $"{certificate.ExportCertificatePem()}\n{_rsa.ExportPkcs8PrivateKeyPem()}\n",
        };
    }
}
