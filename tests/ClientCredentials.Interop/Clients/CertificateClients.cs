using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ClientCredentials.Interop.Running;

namespace ClientCredentials.Interop.Clients;

/// <summary>Clients with a certificate, and tokens that are bound to it (RFC 8705).</summary>
public class CertificateClients(Rig rig) : InteropTests(rig)
{
    [InteropTheory]
    [InlineData("mtls-ca", "names a CA")]
    [InlineData("mtls-ca", "names none")]
    [InlineData("mtls-ca-san", "names a CA")]
    [InlineData("mtls-ca-san", "names none")]
    [InlineData("mtls-self", "names a CA")]
    [InlineData("mtls-self", "names none")]
    [InlineData("basic-certbound", "names a CA")]
    [InlineData("basic-certbound", "names none")]
    public async Task The_same_certificate_is_at_the_token_endpoint_and_at_the_API(string client, string listener)
    {
        App app = Start(client, options =>
        {
            if (listener == "names none")
            {
                (options.MutualTlsTokenUrl, options.ApiUrl) = (new Uri($"{Rig.MtlsUrl}/token"), new Uri($"{Rig.MtlsUrl}/api/"));
            }
        });

        JsonElement token = await app.CallAsync();
        await app.CallAsync("any/2");

        Counts counts = await Rig.CountsAsync();
        Assert.Equal(Thumbprint(Rig.Client(client).CertificateFile!), Bound(token));
        Assert.Equal((1, 1, 2, 0), (counts.TokenRequests, counts.Tokens, counts.Served, counts.Denied));
        Assert.Equal(client == "basic-certbound" ? "basic" : "certificate", counts.Log.Single().GetProperty("auth").GetString());
        Outcomes.Add(client, $"two calls, {Rig.Client(client).Method}; the server {listener}", "1 token request, bound token, both served");
    }

    [InteropTheory]
    [InlineData("PKCS#12 file")]
    [InlineData("PEM text")]
    [InlineData("UseCertificate")]
    public async Task A_certificate_may_come_from_anywhere(string place)
    {
        RigClient client = Rig.Client("mtls-self");
        using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(client.CertificateFile!, client.CertificateKeyFile);
        App app = Start(
            client.Id,
            options =>
            {
                options.Certificate.PemFile = options.Certificate.KeyFile = null;
                switch (place)
                {
                    case "PKCS#12 file":
                        (options.Certificate.Pkcs12File, options.Certificate.Password) = (client.Pkcs12File, client.Pkcs12Password);
                        break;
                    case "PEM text":
                        options.Certificate.Pem = File.ReadAllText(client.CertificateFile!) + File.ReadAllText(client.CertificateKeyFile!);
                        break;
                }
            },
            builder =>
            {
                if (place == "UseCertificate")
                {
                    builder.UseCertificate(App.Client, _ => new(certificate));
                }
            });

        await app.CallAsync();

        Assert.Equal((1, 1), ((await Rig.CountsAsync()).Tokens, (await Rig.CountsAsync()).Served));
        Outcomes.Add(client.Id, $"certificate by {place}", "1 token request, served");
    }

    [InteropTheory]
    [InlineData("mtls-ca", "mtls-stranger")]
    [InlineData("mtls-ca", "mtls-ca-san")]
    [InlineData("mtls-self", "mtls-stranger")]
    public async Task A_stranger_is_refused(string client, string certificate)
    {
        App app = Start(client, options =>
            (options.Certificate.PemFile, options.Certificate.KeyFile) = (Rig.File($"tls/{certificate}.pem"), Rig.File($"tls/{certificate}.key")));

        ClientCredentialsException exception = await app.FailAsync();
        await app.FailAsync();

        Assert.Equal((FailureReason.Refused, "invalid_client", 1), (exception.Reason, exception.Error, (await Rig.CountsAsync()).TokenRequests));
        Outcomes.Add(client, $"with the certificate {certificate}", "invalid_client: 1 token request for two calls");
    }

    [InteropTheory]
    [InlineData("mtls-ca")]
    [InlineData("mtls-self")]
    public async Task A_JWT_says_itself_that_it_is_bound(string client)
    {
        App app = Start(client, options =>
        {
            options.CertificateBoundTokens = false;
            options.Resources.Add("https://api-a.rig.test");
            options.Scopes.Add("a.read");
        });

        JsonElement token = await app.CallAsync("a/1");

        Assert.Equal(("jwt", Thumbprint(Rig.Client(client).CertificateFile!)), (token.GetProperty("format").GetString(), Bound(token)));
        Outcomes.Add(client, "bound JWT, CertificateBoundTokens not set", "the certificate is at the API too; served");
    }

    [InteropFact]
    public async Task A_stolen_token_opens_nothing()
    {
        App app = Start("mtls-ca");
        AccessToken token = await app.Credentials.GetTokenAsync(App.Client);
        using HttpClient thief = new();
        using HttpRequestMessage request = new(HttpMethod.Get, $"{Rig.PlainIssuer}/api/any/1");
        request.Headers.Authorization = new("Bearer", token.Reveal());

        using HttpResponseMessage response = await thief.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("certificate-bound", (await Rig.CountsAsync()).Reasons, StringComparison.Ordinal);
        Outcomes.Add("mtls-ca", "token sent by another without the certificate", "refused");
    }

    [InteropTheory]
    [InlineData("mtls-ca")]
    [InlineData("mtls-self")]
    [InlineData("basic-certbound")]
    public async Task A_revoked_token_costs_one_token_request_and_no_call(string client)
    {
        App app = Start(client);
        await app.CallAsync();
        await Rig.TellAsync("revoke-all");

        await app.CallAsync();

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((2, 2, 1), (counts.TokenRequests, counts.Served, counts.Denied));
        Outcomes.Add(client, "bound token revoked", "401, then served: 1 token request more");
    }

    [InteropFact]
    public async Task No_token_travels_with_a_renewed_certificate_that_it_is_not_bound_to()
    {
        (string pem, string key) = (Rig.File("rotating.pem"), Rig.File("rotating.key"));
        string first = Renew(pem, key);
        App app = Start("mtls-ca", options => (options.Certificate.PemFile, options.Certificate.KeyFile) = (pem, key));
        JsonElement before = await app.CallAsync();

        string second = Renew(pem, key);
        JsonElement meanwhile = await app.CallAsync();
        await app.Credentials.ConnectAsync(App.Client);
        JsonElement after = await app.CallAsync();

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((first, second), (Bound(before), Bound(after)));
        Assert.Contains(Bound(meanwhile), new[] { first, second });
        Assert.Equal((3, 0), (counts.Served, counts.Denied));
        Assert.Equal(2, counts.Tokens);
        Outcomes.Add("mtls-ca", "certificate renewed", "the old token with the old one, the next with the new one; nothing refused");
    }

    [InteropFact]
    public async Task Key_and_certificate_at_once_are_too_much_for_this_server()
    {
        App app = Start("mtls-ca", options => options.Dpop.Enabled = true);

        ClientCredentialsException exception = await app.FailAsync();

        Assert.Equal((FailureReason.Refused, "invalid_request", 1), (exception.Reason, exception.Error, (await Rig.CountsAsync()).TokenRequests));
        Outcomes.Add("mtls-ca", "Dpop:Enabled as well", "invalid_request: this server binds to one thing only; 1 token request");
    }

    private static string? Bound(JsonElement token) => token.GetProperty("cnf").GetProperty("x5t#S256").GetString();

    private static string Thumbprint(string file)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificateFromFile(file);
        return Thumbprint(certificate);
    }

    private static string Thumbprint(X509Certificate2 certificate) => Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256));

    /// <summary>What the rig's CA would issue as the next certificate of 'mtls-ca'.</summary>
    /// <returns>Its thumbprint.</returns>
    private string Renew(string pem, string key)
    {
        using X509Certificate2 authority = X509Certificate2.CreateFromPemFile(Rig.File("tls/ca.pem"), Rig.File("tls/ca.key"));
        using ECDsa own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=mtls-ca, O=Rig, C=US", own, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using X509Certificate2 certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(key, own.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(pem, certificate.ExportCertificatePem());
        return Thumbprint(certificate);
    }
}
