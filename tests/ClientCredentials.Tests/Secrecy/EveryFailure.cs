using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ClientCredentials.Testing;
using ClientCredentials.Tests.Fuzzing;
using ClientCredentials.Tests.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Secrecy;

/// <summary>Every way to prove who the client is, times every way to fail: nothing that anybody can read afterwards holds a secret.</summary>
public sealed class EveryFailure
{
    // An answer that says the most a server can know.
    private static readonly Dictionary<string, Func<Arrival, HttpResponseMessage>> Servers = new()
    {
        ["refuses, and shows the header"] = arrival => Refusal(HttpStatusCode.Unauthorized, "invalid_client", string.Join(' ', arrival.Headers.SelectMany(header => header.Value))),
        ["refuses, and shows the body"] = arrival => Refusal(HttpStatusCode.BadRequest, "invalid_request", Encoding.UTF8.GetString(arrival.Body)),
        ["refuses, and shows the fields"] = arrival => Refusal(HttpStatusCode.BadRequest, "invalid_grant", string.Join("; ", Fields(arrival))),
        ["refuses, and shows the fields in its code"] = arrival => Refusal(HttpStatusCode.BadRequest, string.Join("; ", Fields(arrival)), "no"),
        ["refuses, and shows beginnings"] = arrival => Refusal(HttpStatusCode.Forbidden, "access_denied", string.Join("; ", Fields(arrival).Select(field => field[..Math.Min(field.Length, 20)]))),
        ["is down, and shows the fields"] = arrival => Refusal(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable", string.Join("; ", Fields(arrival))),
        ["answers with a page"] = arrival => new(HttpStatusCode.OK) { Content = new StringContent($"<html>{string.Join("; ", Fields(arrival))}", Encoding.UTF8, "text/html") },
        ["gives a token of another type"] = arrival => Wire.Json(HttpStatusCode.OK, JsonSerializer.Serialize(new { access_token = Canaries.Token, token_type = string.Join("; ", Fields(arrival)) })),
        ["gives a token that cannot be sent"] = _ => Wire.Json(HttpStatusCode.OK, JsonSerializer.Serialize(new { access_token = $"{Canaries.Token}\n" })),
        ["gives less than is needed"] = arrival => Wire.Json(HttpStatusCode.OK, JsonSerializer.Serialize(new { access_token = Canaries.Token, token_type = "Bearer", scope = string.Join(' ', Fields(arrival)) })),
        ["redirects"] = arrival => new(HttpStatusCode.TemporaryRedirect) { Headers = { Location = new Uri($"https://elsewhere.example.com/?{Encoding.UTF8.GetString(arrival.Body)}") } },
        ["breaks off, and the handler shows the request"] = arrival => throw new HttpRequestException($"Failed: {string.Join(' ', arrival.Headers.SelectMany(header => header.Value))} {string.Join(' ', Fields(arrival))}", new IOException(Encoding.UTF8.GetString(arrival.Body))),
        ["fails in the handler's own way"] = arrival => throw new InvalidOperationException(string.Join(' ', Fields(arrival))) { Data = { ["body"] = Encoding.UTF8.GetString(arrival.Body) } },
        ["lets the handler give up"] = _ => throw new TaskCanceledException(),
        ["gives a token that the API refuses"] = _ => Wire.Json(HttpStatusCode.OK, JsonSerializer.Serialize(new { access_token = Canaries.Token, token_type = "Bearer", expires_in = 3600, refresh_token = Canaries.RefreshToken, id_token = Canaries.IdToken })),
    };

    // What goes wrong before anything is sent.
    private static readonly Dictionary<string, Action<App, ClientCredentialsOptions>> Settings = new()
    {
        ["is switched off"] = (_, client) => client.Enabled = false,
        ["has a damaged key"] = (_, client) => (client.AuthenticationMethod, client.ClientSecret, client.Key.Pem) = (AuthenticationMethod.PrivateKeyJwt, null, $"-----BEGIN PRIVATE KEY-----\n{Canaries.Base64(Canaries.Secret)}\n-----END PRIVATE KEY-----"),
        ["has a damaged JWK"] = (_, client) => (client.AuthenticationMethod, client.ClientSecret, client.Key.Jwk) = (AuthenticationMethod.PrivateKeyJwt, null, $$"""{"kty":"EC","crv":"P-256","d":"{{Canaries.Base64(Canaries.Secret)}}" """),
        ["has a wrong password"] = (_, client) => (client.AuthenticationMethod, client.ClientSecret, client.Key.Pem, client.Key.Password) = (AuthenticationMethod.PrivateKeyJwt, null, KeyCorpus.Pems[4], Canaries.Password),
        ["has a secret with a space at its end"] = (_, client) => client.ClientSecret = $"{Canaries.Secret} ",
        ["sends the secret twice"] = (_, client) => client.TokenRequest.Form["client_secret"] = Canaries.Secret,
        ["has a short secret to sign with"] = (_, client) => (client.AuthenticationMethod, client.ClientSecret) = (AuthenticationMethod.ClientSecretJwt, Canaries.Secret),
        ["has a broken vault"] = (app, client) =>
        {
            (client.AuthenticationMethod, client.ClientSecret, client.ClientSecretName) = (AuthenticationMethod.ClientSecretPost, null, "billing-secret");
            app.Client.UseSecretStore((_, _, _, _) => throw new InvalidOperationException("The vault is sealed."));
        },
        ["calls another host"] = (_, client) => client.ApiUrl = new Uri("https://elsewhere.example.com/"),
    };

    private static readonly string CertificateInPem = WithEncryptedKey();

    public static TheoryData<AuthenticationMethod> Methods => [.. Enum.GetValues<AuthenticationMethod>()];

    [Theory]
    [Trait("Scenario", "T68")]
    [MemberData(nameof(Methods))]
    public async Task Of_the_server_leaves_no_secret_token_key_or_assertion_behind(AuthenticationMethod method)
    {
        using Evidence evidence = new();
        HashSet<FailureReason> reasons = [];
        foreach ((string what, Func<Arrival, HttpResponseMessage> server) in Servers)
        {
            await using App app = NewApp((app, client) => Prove(app, client, method, evidence));
            app.Tokens.Otherwise = server;
            app.Api.Otherwise = _ => new(HttpStatusCode.Unauthorized);

            evidence.Add($"the server {what}");
            await DriveAsync(app, evidence, reasons);
        }

        evidence.AssertClean();
        // A certificate goes over a real connection or not at all; CertificateSecrecy is about that.
        Assert.Equal(
            method is AuthenticationMethod.TlsClientAuth or AuthenticationMethod.SelfSignedTlsClientAuth
                ? [FailureReason.NotConfigured]
                : [FailureReason.Refused, FailureReason.InvalidResponse, FailureReason.UnsupportedTokenType, FailureReason.Unreachable, FailureReason.TimedOut],
            reasons.Order());
    }

    [Fact]
    [Trait("Scenario", "T68")]
    public async Task Of_the_app_leaves_none_behind_either()
    {
        using Evidence evidence = new();
        HashSet<FailureReason> reasons = [];
        foreach ((string what, Action<App, ClientCredentialsOptions> setting) in Settings)
        {
            await using App app = NewApp((app, client) =>
            {
                Prove(app, client, AuthenticationMethod.ClientSecretBasic, evidence);
                setting(app, client);
            });

            evidence.Add($"the client {what}");
            await DriveAsync(app, evidence, reasons);
        }

        evidence.AssertClean();
        Assert.Equal([FailureReason.NotConfigured, FailureReason.Disabled, FailureReason.OriginNotAllowed], reasons.Order());
    }

    /// <summary>All that an app does with a client, and all that can be read of it.</summary>
    private static async Task DriveAsync(App app, Evidence evidence, HashSet<FailureReason> reasons)
    {
        app.Credentials.StatusChanged += (_, status) => evidence.AddObject(status);
        HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/x");
        await AddAsync(() => app.Caller.SendAsync(request));
        await AddAsync(() => app.Caller.GetAsync("https://api.example.com/y"));
        await AddAsync(async () => await app.Credentials.GetTokenAsync("billing"));
        await AddAsync(async () => await app.Credentials.GetTokenAsync("billing", new TokenParameters { Audience = "a", Form = new Dictionary<string, string> { ["account_password"] = Canaries.Password } }));
        evidence.Add(request.ToString());
        await evidence.AddAppAsync(app);
        // Claims and signature; the header is the same for everybody.
        evidence.Seek(app.Tokens.Arrivals.SelectMany(Fields).Where(field => field.StartsWith("eyJ", StringComparison.Ordinal)).SelectMany(assertion => assertion.Split('.')[1..]));

        async Task AddAsync(Func<Task> act)
        {
            Exception? exception = await Record.ExceptionAsync(act);
            evidence.AddException(exception);
            if (exception is ClientCredentialsException failure)
            {
                reasons.Add(failure.Reason);
                evidence.AddObject(failure);
            }
        }
    }

    private static App NewApp(Action<App, ClientCredentialsOptions> configure)
    {
        App app = null!;
        app = new App(client => configure(app, client), http => http.RedactLoggedHeaders(_ => false));
        app.Services.AddHealthChecks().AddClientCredentials();
        // What is registered later counts too, so what the settings register has to be there before the services are built.
        configure(app, new ClientCredentialsOptions());
        return app;
    }

    private static void Prove(App app, ClientCredentialsOptions client, AuthenticationMethod method, Evidence evidence)
    {
        (client.ClientId, client.AuthenticationMethod, client.ClientSecret, client.MaxRetries) = (Canaries.ClientId, method, null, 1);
        client.RetryDelay = TimeSpan.Zero;
        client.RequiredScopes.Add("needed");
        client.ApiHeaders["X-Api-Key"] = Canaries.ApiKey;
        client.TokenRequest.Form["password"] = Canaries.Password;
        client.TokenRequest.Headers["X-Token-Header"] = Canaries.TokenHeader;
        switch (method)
        {
            case AuthenticationMethod.ClientSecretBasic or AuthenticationMethod.ClientSecretPost:
                client.ClientSecret = Canaries.Secret;
                break;
            case AuthenticationMethod.ClientSecretJwt:
                (client.ClientSecret, client.Assertion.Audience) = (Canaries.LongSecret, "https://login.example.com/token");
                break;
            case AuthenticationMethod.PrivateKeyJwt:
                (client.Key.Pem, client.Key.Password, client.Assertion.Audience) = (KeyCorpus.Pems[4], KeyCorpus.Password, "https://login.example.com/token");
                evidence.Seek([KeyCorpus.Password, .. KeyCorpus.Pems[4].Split('\n')[1..^1]]);
                break;
            case AuthenticationMethod.TlsClientAuth or AuthenticationMethod.SelfSignedTlsClientAuth:
                (client.Certificate.Pem, client.Certificate.Password) = (CertificateInPem, KeyCorpus.Password);
                evidence.Seek([KeyCorpus.Password, .. CertificateInPem.Split('\n')[1..3]]);
                break;
            case AuthenticationMethod.FederatedAssertion when !app.IsBuilt:
                app.Client.UseAssertion("billing", _ => new(Canaries.Assertion));
                break;
            case AuthenticationMethod.Custom when !app.IsBuilt:
                app.Client.UseAuthentication("billing", (message, _) =>
                {
                    message.AddFormField("vendor_secret", Canaries.Secret);
                    message.AddHeader("X-Vendor-Key", Canaries.LongSecret);
                    evidence.AddObject(message);
                    return default;
                });
                break;
        }
    }

    // The key goes first, so that its lines are known.
    private static string WithEncryptedKey()
    {
        using X509Certificate2 certificate = TestAuthorizationServer.CreateSelfSignedCertificate("CN=billing");
        using ECDsa? key = certificate.GetECDsaPrivateKey();
        using RSA? rsa = certificate.GetRSAPrivateKey();
        AsymmetricAlgorithm own = (AsymmetricAlgorithm?)key ?? rsa!;
        PbeParameters encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        return $"{own.ExportEncryptedPkcs8PrivateKeyPem(KeyCorpus.Password, encryption)}\n{certificate.ExportCertificatePem()}\n";
    }

    private static IEnumerable<string> Fields(Arrival arrival) => QueryHelpers.ParseQuery(Encoding.UTF8.GetString(arrival.Body)).Where(field => field.Key is not ("client_id" or "grant_type" or "client_assertion_type")).SelectMany(field => field.Value).OfType<string>();

    private static HttpResponseMessage Refusal(HttpStatusCode status, string error, string description) =>
        Wire.Json(status, JsonSerializer.Serialize(new { error, error_description = description }));
}
