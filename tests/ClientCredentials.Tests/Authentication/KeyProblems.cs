using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClientCredentials.Tests.Authentication;

/// <summary>What is wrong with a key is said at start, in plain words, and without a word of the key.</summary>
public sealed class KeyProblems : IDisposable
{
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
    private readonly RSA _rsa = KeysOfTests.Rsa();
    private readonly RSA _short = KeysOfTests.ShortRsa();
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _rsa.Dispose();
        _short.Dispose();
        _ec.Dispose();
    }

    [Theory]
    [InlineData("text", "is not PEM: it has no block from '-----BEGIN …-----' to '-----END …-----' that can be read.")]
    [InlineData("public", "has no private key; it has PUBLIC KEY.")]
    [InlineData("certificate", "has no private key; it has CERTIFICATE.")]
    [InlineData("two", "has 2 private keys, and nobody can say which is meant.")]
    [InlineData("legacy", "is encrypted in an old form ('Proc-Type: 4,ENCRYPTED') that is not supported; 'openssl pkcs8 -topk8' turns it into the usual one.")]
    [InlineData("encrypted", "is encrypted, and there is no Key:Password.")]
    [InlineData("damaged", "has a private key that is damaged, or neither RSA nor EC (Ed25519 is not supported).")]
    [InlineData("foreign", "has a certificate that belongs to another key.")]
    [InlineData("short", "is an RSA key of 1024 bits; at least 2048 are needed (RFC 7518 §3.3).")]
    [InlineData("curve", "is an EC key of 256 bits on a curve that no algorithm takes; the curves are P-256, P-384 and P-521 (RFC 7518 §3.4).")]
    public async Task A_pem_that_cannot_be_used(string kind, string problem)
    {
        string pem = Pem(kind);
        await using AssertionApp app = await StartAsync(client => client.Key.Pem = pem);

        Assert.Equal([$"Client 'billing': Key:Pem {problem}"], app.StartProblems());
    }

    [Fact]
    public async Task A_wrong_password()
    {
        string pem = _rsa.ExportEncryptedPkcs8PrivateKeyPem("right", Encryption);
        await using AssertionApp app = await StartAsync(client => (client.Key.Pem, client.Key.Password) = (pem, "wr0ng!"));

        Assert.Equal(["Client 'billing': Key:Pem cannot be decrypted with Key:Password, or holds a key that is neither RSA nor EC."], app.StartProblems());
    }

    [Theory]
    [InlineData("{", "is no valid JSON, which a JWK is.")]
    [InlineData("[]", "is no JSON object, which a JWK is.")]
    [InlineData("{\"keys\":[]}", "is a set of 0 keys, and nobody can say which is meant.")]
    [InlineData("{}", "is a JWK without a 'kty' of 'RSA' or 'EC'.")]
    [InlineData("{\"kty\":\"OKP\"}", "is a JWK of a kind ('kty' is 'OKP') that is not supported; use an RSA or EC key.")]
    [InlineData("{\"kty\":\"oct\"}", "is a JWK of a shared secret ('kty' is 'oct'); use client_secret_jwt and ClientSecret.")]
    [InlineData("{\"kty\":\"RSA\",\"use\":\"enc\"}", "is a JWK for encryption ('use' is 'enc'), not for signatures.")]
    [InlineData("{\"kty\":\"RSA\",\"alg\":\"none\"}", "is a JWK for an algorithm ('alg') that is not supported; the supported ones are RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512.")]
    [InlineData("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}", "is a JWK without 'd', or with one that is not base64url: only its public half is there.")]
    [InlineData("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"d\":\"AQAB\"}", "is a JWK without 'p', 'q', 'dp', 'dq', 'qi' in base64url.")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"secp256k1\"}", "is a JWK on a curve ('crv') other than P-256, P-384, P-521.")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQAB\",\"y\":\"AQAB\",\"d\":\"AQAB\"}", "is a JWK whose numbers make no valid key.")]
    public async Task A_jwk_that_cannot_be_used(string jwk, string problem)
    {
        await using AssertionApp app = await StartAsync(client => client.Key.Jwk = jwk);

        Assert.Equal([$"Client 'billing': Key:Jwk {problem}"], app.StartProblems());
    }

    [Fact]
    public async Task Files_that_cannot_be_read()
    {
        await using AssertionApp app = await StartAsync(client => client.Key.PemFile = "/nowhere/key.pem");
        await using AssertionApp folder = await StartAsync(client => client.Key.PemFile = Path.GetTempPath());
        await using AssertionApp empty = await AssertionApp.StartAsync(_ => { });
        string path = empty.File("empty.pem", "");
        empty.Configure(client => (client.AuthenticationMethod, client.Key.PemFile) = (AuthenticationMethod.PrivateKeyJwt, path));

        Assert.Equal(["Client 'billing': Key:PemFile ('/nowhere/key.pem') does not exist."], app.StartProblems());
        Assert.Equal([$"Client 'billing': Key:PemFile ('{Path.GetTempPath()}') is a directory."], folder.StartProblems());
        Assert.Equal([$"Client 'billing': Key:PemFile ('{path}') is empty."], empty.StartProblems());
    }

    [Theory]
    [InlineData("pass", "wr0ng!", "cannot be opened with Key:Password.")]
    [InlineData("pass", null, "has a password, and there is no Key:Password.")]
    [InlineData("junk", null, "is no PKCS#12 file (.pfx, .p12), or is damaged.")]
    public async Task A_pkcs12_file_that_cannot_be_opened(string content, string? password, string problem)
    {
        using X509Certificate2 certificate = new CertificateRequest("CN=billing", _rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using AssertionApp app = await AssertionApp.StartAsync(_ => { });
        string path = app.File("key.pfx", content == "junk" ? "junk"u8.ToArray() : certificate.Export(X509ContentType.Pkcs12, content));
        app.Configure(client => (client.AuthenticationMethod, client.Key.Pkcs12File, client.Key.Password) = (AuthenticationMethod.PrivateKeyJwt, path, password));

        Assert.Equal([$"Client 'billing': Key:Pkcs12File ('{path}') {problem}"], app.StartProblems());
    }

    [Theory]
    [InlineData("12 34", "is no thumbprint, which has 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.")]
    [InlineData("00112233445566778899aabbccddeeff00112233", "is of no certificate in the personal store of this user or of this machine.")]
    public async Task A_thumbprint_of_no_certificate(string thumbprint, string problem)
    {
        await using AssertionApp app = await StartAsync(client => client.Key.StoreThumbprint = thumbprint);

        Assert.Equal([$"Client 'billing': Key:StoreThumbprint ('{thumbprint}') {problem}"], app.StartProblems());
    }

    [Fact]
    public async Task A_key_given_by_code_that_is_too_short_or_has_no_private_half()
    {
        using RSA half = RSA.Create(_rsa.ExportParameters(includePrivateParameters: false));
        await using AssertionApp small = await StartAsync(_ => { }, builder => builder.UseKey("billing", _short));
        await using AssertionApp halved = await StartAsync(_ => { }, builder => builder.UseKey("billing", half));

        Assert.Equal(["Client 'billing': UseKey is an RSA key of 1024 bits; at least 2048 are needed (RFC 7518 §3.3)."], small.StartProblems());
        Assert.StartsWith("Client 'billing': UseKey could not sign with PS256 (", Assert.Single(halved.StartProblems()), StringComparison.Ordinal);
        Assert.EndsWith("Is its private half there, and may this account use it?", Assert.Single(halved.StartProblems()), StringComparison.Ordinal);
    }

    private static async Task<AssertionApp> StartAsync(Action<ClientCredentialsOptions> configure, Action<ClientCredentialsBuilder>? build = null) =>
        (await AssertionApp.StartAsync(_ => { })).Configure(
            client =>
            {
                client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt;
                configure(client);
            },
            build);

    private string Pem(string kind)
    {
        using X509Certificate2 certificate = new CertificateRequest("CN=billing", _rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using ECDsa other = ECDsa.Create(ECCurve.CreateFromFriendlyName("brainpoolP256r1"));
        return kind switch
        {
            "public" => _rsa.ExportSubjectPublicKeyInfoPem(),
            "certificate" => certificate.ExportCertificatePem(),
            "two" => $"{_rsa.ExportPkcs8PrivateKeyPem()}\n{_ec.ExportPkcs8PrivateKeyPem()}",
            "legacy" => "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----",
            "encrypted" => _rsa.ExportEncryptedPkcs8PrivateKeyPem("pass", Encryption),
            "damaged" => "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            "foreign" => $"{certificate.ExportCertificatePem()}\n{_ec.ExportPkcs8PrivateKeyPem()}",
            "short" => _short.ExportPkcs8PrivateKeyPem(),
            "curve" => other.ExportPkcs8PrivateKeyPem(),
            _ => "no key at all",
        };
    }
}
