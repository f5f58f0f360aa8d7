using System.Net;
using System.Security.Cryptography.X509Certificates;
using ClientCredentials.Testing;
using ClientCredentials.Tests.Authentication;

namespace ClientCredentials.Tests.Secrecy;

/// <summary>A client with a certificate, over real TLS: whatever fails, its private key, its password and its tokens stay where they are.</summary>
public class CertificateSecrecy
{
    [Theory]
    [Trait("Scenario", "T68")]
    [InlineData("a refusal")]
    [InlineData("a redirect")]
    [InlineData("a dropped connection")]
    [InlineData("a token bound to another certificate")]
    [InlineData("an API that refuses")]
    [InlineData("a certificate nobody knows")]
    public async Task No_failure_shows_key_password_or_token(string failure)
    {
        using Evidence evidence = new();
        await using CertificateApp app = await CertificateApp.StartAsync();
        X509Certificate2 certificate = failure == "a certificate nobody knows"
            ? TestAuthorizationServer.CreateSelfSignedCertificate(CertificateApp.Subject)
            : app.Issue();
        string pem = CertificateApp.Pem(certificate);
        app.Configure(client => (client.Certificate.Pem, client.MaxRetries) = (pem, 0));
        Arrange(app, failure);

        evidence.AddException(await Record.ExceptionAsync(() => app.CallAsync()));
        evidence.AddException(await Record.ExceptionAsync(async () => await app.Credentials.GetTokenAsync("billing")));
        evidence.AddObject(await app.Credentials.ConnectAsync("billing"));
        evidence.AddObject(Assert.Single(app.Credentials.Statuses));
        evidence.Seek(PrivateLines(pem));
        evidence.Seek(app.Server.Api.Received.Select(request => request.Token).OfType<string>());

        evidence.AssertClean();
    }

    private static void Arrange(CertificateApp app, string failure)
    {
        switch (failure)
        {
            case "a refusal":
                app.Server.TokenEndpoint.Fail(HttpStatusCode.Unauthorized, times: 10, error: "invalid_client", description: "no");
                break;
            case "a redirect":
                app.Server.TokenEndpoint.Redirect(app.Server.ApiUrl, times: 10);
                break;
            case "a dropped connection":
                app.Server.TokenEndpoint.Drop(times: 10);
                break;
            case "a token bound to another certificate":
                string claims = Convert.ToBase64String("""{"cnf":{"x5t#S256":"another"}}"""u8).TrimEnd('=');
                app.Server.TokenEndpoint.Answer(HttpStatusCode.OK, $$"""{"access_token":"e30.{{claims}}.x","token_type":"Bearer"}""", times: 10);
                break;
            case "an API that refuses":
                app.Server.Api.Fail(HttpStatusCode.Unauthorized, times: 10, error: "invalid_token");
                break;
        }
    }

    // Of all blocks but the certificate, which is no secret.
    private static IEnumerable<string> PrivateLines(string pem)
    {
        bool isPrivate = false;
        foreach (string line in pem.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            isPrivate = line.StartsWith("-----BEGIN", StringComparison.Ordinal) ? line.Contains("PRIVATE", StringComparison.Ordinal) : isPrivate;
            if (isPrivate && !line.StartsWith("-----", StringComparison.Ordinal))
            {
                yield return line;
            }
        }
    }
}
