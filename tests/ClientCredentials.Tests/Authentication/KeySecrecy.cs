using System.Net;
using System.Security.Cryptography;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Authentication;

/// <summary>Neither a key, nor its password, nor an assertion gets into what is logged or thrown.</summary>
public class KeySecrecy
{
    [Fact]
    public async Task Nothing_of_a_key_or_an_assertion_is_logged_or_thrown()
    {
        using RSA key = KeysOfTests.Rsa();
        string pem = key.ExportEncryptedPkcs8PrivateKeyPem("pa$$w0rd-of-key", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        LinesAndScopes lines = new();
        await using AssertionApp app = await AssertionApp.StartAsync(client => client.Authentication = ClientAuthentication.PrivateKeyJwt);
        app.Configure(
            client => (client.AuthenticationMethod, client.Key.Pem, client.Key.Password) = (AuthenticationMethod.PrivateKeyJwt, pem, "pa$$w0rd-of-key"),
            builder => builder.Services.AddLogging(log => log.SetMinimumLevel(LogLevel.Trace).AddProvider(lines)));
        app.Server.TokenEndpoint.Fail(HttpStatusCode.ServiceUnavailable);

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        string all = string.Join('\n', lines.All.Append(error.ToString()));
        string[] secrets =
        [
            "pa$$w0rd-of-key",
            pem.Split('\n')[1],
            .. app.Server.TokenEndpoint.Received.Select(request => request.FormValue("client_assertion")!.Split('.')[2]),
        ];
        Assert.Equal(2, app.Server.TokenEndpoint.Count);
        Assert.Contains("invalid_client", all, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pem")]
    [InlineData("pem in one line")]
    [InlineData("jwk")]
    [InlineData("base64")]
    public async Task A_key_in_the_place_of_its_path_is_not_shown(string form)
    {
        using RSA key = KeysOfTests.Rsa();
        string pem = key.ExportPkcs8PrivateKeyPem();
        string value = form switch
        {
            "pem" => pem,
            "pem in one line" => pem.ReplaceLineEndings(" "),
            "jwk" => $$"""{ "kty": "oct", "k": "{{Convert.ToHexString(key.ExportPkcs8PrivateKey())}}" }""",
            _ => Convert.ToBase64String(key.ExportPkcs8PrivateKey()),
        };
        await using AssertionApp app = await AssertionApp.StartAsync(_ => { });
        await using CertificateApp other = await CertificateApp.StartAsync();
        string certificate = other.File("client.pem", other.Issue().ExportCertificatePem());
        app.Configure(client => (client.AuthenticationMethod, client.Key.PemFile) = (AuthenticationMethod.PrivateKeyJwt, value));
        other.Configure(client => (client.Certificate.PemFile, client.Certificate.KeyFile) = (certificate, value));

        string[] problems = [Assert.Single(app.StartProblems()), Assert.Single(other.StartProblems())];

        Assert.StartsWith("Client 'billing': Key:PemFile (whose value is not shown, because it looks like a key, a certificate or a token itself) ", problems[0], StringComparison.Ordinal);
        Assert.StartsWith("Client 'billing': Certificate:KeyFile (whose value is not shown, ", problems[1], StringComparison.Ordinal);
        Assert.All(problems, problem => Assert.DoesNotContain(value[60..90], problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_assertion_in_the_place_of_its_path_is_not_shown()
    {
        await using AssertionApp app = await AssertionApp.StartAsync(_ => { });
        app.Configure(client => (client.AuthenticationMethod, client.Assertion.File) = (AuthenticationMethod.FederatedAssertion, "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl"));

        Assert.Equal(["Client 'billing': Assertion:File (whose value is not shown, because it looks like a key, a certificate or a token itself) does not exist."], app.StartProblems());
    }
}
