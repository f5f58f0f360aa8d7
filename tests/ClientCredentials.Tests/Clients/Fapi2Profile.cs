using System.Security.Cryptography;

namespace ClientCredentials.Tests.Clients;

/// <summary>With <c>Fapi2</c>, settings that break a rule of the profile stop the start, and say which.</summary>
public class Fapi2Profile
{
    private static readonly string Key = Pem(ECCurve.NamedCurves.nistP256);

    [Fact]
    public async Task What_keeps_the_rules_starts()
    {
        Assert.Empty(await ProblemsAsync(_ => { }));
        Assert.Empty(await ProblemsAsync(client => (client.Assertion.Audience, client.Assertion.Algorithm, client.Dpop.Algorithm) = (client.Issuer, "ES256", "PS256")));
    }

    [Fact]
    public async Task Certificates_keep_them_too()
    {
        IReadOnlyList<string> problems = await ProblemsAsync(client =>
        {
            (client.AuthenticationMethod, client.Key.Pem, client.Issuer, client.Dpop.Enabled) = (AuthenticationMethod.TlsClientAuth, null, null, false);
            (client.Certificate.PemFile, client.CertificateBoundTokens) = ("/run/secrets/tls.pem", true);
        });

        Assert.DoesNotContain(problems, problem => problem.Contains("Fapi2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(AuthenticationMethod.ClientSecretBasic, "client_secret_basic")]
    [InlineData(AuthenticationMethod.ClientSecretJwt, "client_secret_jwt")]
    [InlineData(AuthenticationMethod.None, "none")]
    public async Task A_shared_secret_breaks_them(AuthenticationMethod method, string word)
    {
        await AssertBrokenAsync(
            client => (client.AuthenticationMethod, client.Key.Pem) = (method, null),
            $"AuthenticationMethod is {word}; it must be private_key_jwt or tls_client_auth or self_signed_tls_client_auth (FAPI 2.0 §5.3.2.1).");
    }

    [Fact]
    public async Task Tokens_that_are_bound_to_nothing_break_them()
    {
        await AssertBrokenAsync(client => client.Dpop.Enabled = false, "whoever holds a token may use it; set Dpop:Enabled, or CertificateBoundTokens (FAPI 2.0 §5.3.2.1).");
        await AssertBrokenAsync(client => client.Dpop.AllowBearer = true, "Dpop:AllowBearer takes tokens that are not bound to a key (FAPI 2.0 §5.3.2.1).");
    }

    [Fact]
    public async Task An_audience_that_is_not_the_issuer_breaks_them()
    {
        await AssertBrokenAsync(client => client.Issuer = null, "Issuer is missing; it must be the audience of assertions (FAPI 2.0 §5.3.3.1).");
        await AssertBrokenAsync(client => client.Assertion.Audience = "https://login.example.com/token", "Assertion:Audience is set and is not the Issuer, which must be the audience of assertions (FAPI 2.0 §5.3.3.1).");
    }

    [Fact]
    public async Task Other_algorithms_break_them()
    {
        await AssertBrokenAsync(client => client.Assertion.Algorithm = "ES384", "Assertion:Algorithm is 'ES384'; it must be PS256 or ES256 (FAPI 2.0 §5.4.1).");
        await AssertBrokenAsync(client => client.Dpop.Algorithm = "RS256", "Dpop:Algorithm is 'RS256'; it must be PS256 or ES256 (FAPI 2.0 §5.4.1).");
    }

    [Fact]
    public async Task A_key_that_would_sign_with_another_breaks_them()
    {
        string larger = Pem(ECCurve.NamedCurves.nistP384);

        await AssertBrokenAsync(client => client.Key.Pem = larger, "Key:Pem would sign with ES384; it must be PS256 or ES256 (FAPI 2.0 §5.4.1).");
        await AssertBrokenAsync(client => client.Dpop.Key.Pem = larger, "Dpop:Key:Pem would sign with ES384; it must be PS256 or ES256 (FAPI 2.0 §5.4.1).");
    }

    [Fact]
    public async Task Http_breaks_them_on_loopback_too()
    {
        await AssertBrokenAsync(client => client.TokenUrl = new Uri("http://localhost:5000/token"), "TokenUrl (http://localhost:5000) is http; it must be https, on loopback too (FAPI 2.0 §5.2).");
        await AssertBrokenAsync(client => client.ApiUrl = new Uri("http://127.0.0.1/api"), "ApiUrl (http://127.0.0.1) is http; it must be https, on loopback too (FAPI 2.0 §5.2).");
        await AssertBrokenAsync(client => client.AllowedOrigins.Add("http://localhost:7"), "AllowedOrigins (http://localhost:7) is http; it must be https, on loopback too (FAPI 2.0 §5.2).");
        await AssertBrokenAsync(client => client.AllowInsecureHttp = true, "AllowInsecureHttp is set too (FAPI 2.0 §5.2).");
    }

    [Fact]
    public async Task Without_it_none_of_this_is_asked_for()
    {
        IReadOnlyList<string> problems = await ProblemsAsync(client =>
        {
            (client.Fapi2, client.Dpop.Enabled, client.Issuer, client.Key.Pem) = (false, false, null, Pem(ECCurve.NamedCurves.nistP384));
            client.TokenUrl = new Uri("http://localhost:5000/token");
        });

        Assert.Empty(problems);
    }

    private static async Task AssertBrokenAsync(Action<ClientCredentialsOptions> configure, string problem) =>
        Assert.Contains($"Client 'bank': Fapi2 is set, but {problem}", await ProblemsAsync(configure));

    private static Task<IReadOnlyList<string>> ProblemsAsync(Action<ClientCredentialsOptions> configure) =>
        Startup.ProblemsAsync("{}", clients => clients.AddClient("bank", client =>
        {
            client.Fapi2 = true;
            client.TokenUrl = new Uri("https://login.example.com/token");
            client.Issuer = "https://login.example.com";
            client.ClientId = "bank-app";
            client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt;
            client.Key.Pem = Key;
            client.Dpop.Enabled = true;
            client.ApiUrl = new Uri("https://api.example.com/");
            configure(client);
        }));

    private static string Pem(ECCurve curve)
    {
        using ECDsa key = ECDsa.Create(curve);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
