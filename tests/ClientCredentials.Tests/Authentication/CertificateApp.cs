using System.Net;
using System.Security.Cryptography.X509Certificates;
using ClientCredentials.Http;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Authentication;

/// <summary>An app with the client 'billing', which proves itself by a certificate over real TLS, and the HttpClient 'invoices' that calls the API.</summary>
internal sealed class CertificateApp : IAsyncDisposable
{
    public const string Subject = "CN=billing, O=Example";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("certificates-");
    private int _written;
    private readonly List<X509Certificate2> _certificates = [];
    private ServiceProvider? _services;
    private HttpMessageHandler? _primary;

    private CertificateApp(TestAuthorizationServer server, ManualClock clock) => (Server, Clock) = (server, clock);

    public ManualClock Clock { get; }

    public TestAuthorizationServer Server { get; }

    public IServiceProvider Services => _services!;

    public IClientCredentials Credentials => Services.GetRequiredService<IClientCredentials>();

    public HttpClient Http => Services.GetRequiredService<IHttpClientFactory>().CreateClient("invoices");

    /// <summary>The primary handler of the HttpClient 'invoices', as it was made last.</summary>
    public CertificateRouter Router => Assert.IsType<CertificateRouter>(_primary);

    /// <summary>Starts a server whose client authenticates by a certificate of the server's authority, with tokens bound to it.</summary>
    public static async Task<CertificateApp> StartAsync(Action<TestClient>? register = null)
    {
        ManualClock clock = new();
        TestAuthorizationServer server = await TestAuthorizationServer.StartAsync(o =>
        {
            o.UseHttps = true;
            o.TimeProvider = clock;
            o.AddClient("billing-app", configure: client =>
            {
                (client.Authentication, client.CertificateSubject, client.CertificateBoundTokens) = (ClientAuthentication.TlsClientAuth, Subject, true);
                register?.Invoke(client);
            });
        });
        return new CertificateApp(server, clock);
    }

    /// <summary>Starts the app too, with the certificate of a PEM file.</summary>
    public static async Task<CertificateApp> StartAsync(string pemFile, Action<ClientCredentialsOptions>? configure = null)
    {
        CertificateApp app = await StartAsync();
        string path = app.File(pemFile, Pem(app.Issue()));
        return app.Configure(client =>
        {
            client.Certificate.PemFile = path;
            configure?.Invoke(client);
        });
    }

    public CertificateApp Configure(Action<ClientCredentialsOptions> configure, Action<ClientCredentialsBuilder>? build = null, Func<HttpMessageHandler>? primary = null)
    {
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(Clock);
        ClientCredentialsBuilder builder = services.AddClientCredentials()
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(Server.CreateHandler))
            .AddClient("billing", client =>
            {
                (client.TokenUrl, client.ApiUrl, client.ClientId) = (Server.TokenUrl, Server.ApiUrl, "billing-app");
                (client.AuthenticationMethod, client.CertificateBoundTokens, client.RetryDelay) = (AuthenticationMethod.TlsClientAuth, true, TimeSpan.Zero);
                configure(client);
            });
        services.AddHttpClient("invoices").ConfigurePrimaryHttpMessageHandler(primary ?? Server.CreateHandler).AddClientCredentialsHandler("billing");
        build?.Invoke(builder);
        services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new Watch(made => _primary = made));
        _services = services.BuildServiceProvider();
        return this;
    }

    public async Task<HttpStatusCode> CallAsync(string path = "x")
    {
        using HttpResponseMessage response = await Http.GetAsync(path);
        return response.StatusCode;
    }

    public async Task<ClientCredentialsException> CallFailsAsync() => await Assert.ThrowsAsync<ClientCredentialsException>(() => CallAsync());

    public async Task<ClientCredentialsException> TokenFailsAsync() => await Assert.ThrowsAsync<ClientCredentialsException>(async () => await Credentials.GetTokenAsync("billing"));

    /// <summary>What validation at start says; nothing where all is well.</summary>
    public IReadOnlyList<string> StartProblems()
    {
        try
        {
            Services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }

    /// <summary>A certificate of the server's authority.</summary>
    public X509Certificate2 Issue(string subject = Subject, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null) =>
        Keep(Server.IssueClientCertificate(subject, notBefore, notAfter));

    public X509Certificate2 SelfSigned(string subject = Subject) => Keep(TestAuthorizationServer.CreateSelfSignedCertificate(subject));

    public static string Pem(X509Certificate2 certificate) => $"{certificate.ExportCertificatePem()}\n{KeyPem(certificate)}";

    public static string KeyPem(X509Certificate2 certificate) => certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    /// <summary>The path of a file of this test, with a content.</summary>
    public string File(string name, string content) => File(name, System.Text.Encoding.UTF8.GetBytes(content));

    public string File(string name, byte[] content)
    {
        string path = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllBytes(path, content);
        // Not the clock of the machine: two versions written in one tick must differ too.
        System.IO.File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddYears(50).AddSeconds(++_written));
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        await Server.DisposeAsync();
        _certificates.ForEach(certificate => certificate.Dispose());
        _folder.Delete(recursive: true);
    }

    private X509Certificate2 Keep(X509Certificate2 certificate)
    {
        _certificates.Add(certificate);
        return certificate;
    }

    /// <summary>Sees the primary handler of the HttpClient 'invoices' when all has been said about it.</summary>
    private sealed class Watch(Action<HttpMessageHandler> see) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            if (builder.Name == "invoices")
            {
                see(builder.PrimaryHandler);
            }
        };
    }
}
