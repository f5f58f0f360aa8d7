using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Testing;

public sealed class MutualTls : IAsyncLifetime
{
    private const string Subject = "CN=billing, O=Example";

    private readonly ManualClock _clock = new();
    private readonly List<IDisposable> _used = [];
    private TestAuthorizationServer _server = null!;

    public async Task InitializeAsync() => _server = await TestAuthorizationServer.StartAsync(o =>
    {
        (o.UseHttps, o.TimeProvider) = (true, _clock);
        o.AddClient("billing", configure: client => (client.Authentication, client.CertificateSubject) = (ClientAuthentication.TlsClientAuth, Subject));
    });

    public async Task DisposeAsync()
    {
        _used.ForEach(used => used.Dispose());
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_certificate_of_the_authority_with_the_right_subject_is_a_proof()
    {
        X509Certificate2 certificate = Used(_server.IssueClientCertificate(Subject));

        (HttpStatusCode status, string body) = await AskAsync(certificate);

        Assert.True(status == HttpStatusCode.OK, body);
        Assert.Equal(certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), Convert.ToHexString(System.Buffers.Text.Base64Url.DecodeFromChars(_server.TokenEndpoint.Received[0].CertificateThumbprint)));
    }

    [Theory]
    [InlineData("none", "The connection has no client certificate.")]
    [InlineData("other", "The subject of the client certificate is not the one registered for the client.")]
    [InlineData("self-signed", "The client certificate is not of a trusted authority.")]
    [InlineData("foreign", "The client certificate is not of a trusted authority.")]
    [InlineData("expired", "The client certificate has expired, or is not good yet.")]
    public async Task Any_other_certificate_is_none(string kind, string description)
    {
        await using TestAuthorizationServer other = await TestAuthorizationServer.StartInMemoryAsync();
        X509Certificate2? certificate = kind switch
        {
            "none" => null,
            "other" => Used(_server.IssueClientCertificate("CN=shipping, O=Example")),
            "self-signed" => Used(TestAuthorizationServer.CreateSelfSignedCertificate(Subject)),
            "foreign" => Used(other.IssueClientCertificate(Subject)),
            _ => Used(_server.IssueClientCertificate(Subject, notAfter: _clock.GetUtcNow().AddDays(-1))),
        };

        (HttpStatusCode status, string body) = await AskAsync(certificate);

        Assert.Equal((HttpStatusCode.Unauthorized, $$"""{"error":"invalid_client","error_description":"{{description}}"}"""), (status, body));
    }

    [Fact]
    public async Task A_self_signed_certificate_is_a_proof_where_it_is_registered()
    {
        X509Certificate2[] certificates = [Used(TestAuthorizationServer.CreateSelfSignedCertificate("CN=one")), Used(TestAuthorizationServer.CreateSelfSignedCertificate("CN=one"))];
        (_server["billing"].Authentication, _server["billing"].Certificates) = (ClientAuthentication.SelfSignedTlsClientAuth, [certificates[0]]);

        HttpStatusCode[] answers = [(await AskAsync(certificates[0])).Status, (await AskAsync(certificates[1])).Status];

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized], answers);
    }

    [Fact]
    public async Task A_secret_beside_the_certificate_is_refused()
    {
        (HttpStatusCode status, string body) = await AskAsync(Used(_server.IssueClientCertificate(Subject)), "&client_secret=s3cret");

        Assert.Equal((HttpStatusCode.Unauthorized, """{"error":"invalid_client","error_description":"The client must authenticate by its certificate, and by nothing else."}"""), (status, body));
    }

    [Fact]
    public async Task A_bound_token_is_good_over_its_own_certificate_only()
    {
        _server["billing"].CertificateBoundTokens = true;
        X509Certificate2 certificate = Used(_server.IssueClientCertificate(Subject));
        string token = System.Text.Json.JsonDocument.Parse((await AskAsync(certificate)).Body).RootElement.GetProperty("access_token").GetString()!;

        HttpResponseMessage[] answers = [await CallAsync(token, certificate), await CallAsync(token, Used(_server.IssueClientCertificate(Subject))), await CallAsync(token, null)];

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized], answers.Select(answer => answer.StatusCode));
        Assert.Equal(
            [
                """Bearer realm="api", error="invalid_token", error_description="The token is bound to another certificate than that of the connection." """.Trim(),
                """Bearer realm="api", error="invalid_token", error_description="The token is bound to a certificate, and the connection has none." """.Trim(),
            ],
            answers.Skip(1).Select(answer => answer.Headers.WwwAuthenticate.ToString()));
    }

    [Fact]
    public async Task A_client_with_bound_tokens_needs_a_certificate_whatever_it_proves_itself_by()
    {
        _server.AddClient("post", "s3cret", client => client.CertificateBoundTokens = true);

        (HttpStatusCode status, string body) = await AskAsync(null, "&client_secret=s3cret", "post");

        Assert.Equal((HttpStatusCode.BadRequest, """{"error":"invalid_request","error_description":"The tokens of this client are bound to a certificate, and the connection has none."}"""), (status, body));
    }

    [Fact]
    public async Task The_endpoint_for_certificates_takes_no_connection_without_one()
    {
        using HttpClient http = new(_server.CreateHandler());

        await Assert.ThrowsAsync<HttpRequestException>(() => http.PostAsync(_server.MutualTlsTokenUrl, new StringContent("")));

        Assert.Equal(0, _server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task Nobody_else_trusts_the_server()
    {
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false });

        HttpRequestException error = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(_server.ApiUrl));

        Assert.Equal(HttpRequestError.SecureConnectionError, error.HttpRequestError);
        Assert.False(_server.CertificateAuthority.HasPrivateKey);
    }

    [Fact]
    public async Task There_is_no_tls_in_memory()
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestAuthorizationServer.StartInMemoryAsync(o => o.UseHttps = true));

        Assert.Equal("UseHttps needs a socket, which a server in memory has not. Start the server by StartAsync.", error.Message);
    }

    private async Task<(HttpStatusCode Status, string Body)> AskAsync(X509Certificate2? certificate, string more = "", string clientId = "billing")
    {
        using StringContent form = new($"grant_type=client_credentials&client_id={clientId}{more}", System.Text.Encoding.ASCII, "application/x-www-form-urlencoded");
        using HttpResponseMessage response = await Http(certificate).PostAsync(_server.TokenUrl, form);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> CallAsync(string token, X509Certificate2? certificate)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, _server.ApiUrl) { Headers = { Authorization = new("Bearer", token) } };
        return Used(await Http(certificate).SendAsync(request));
    }

    private HttpClient Http(X509Certificate2? certificate)
    {
        SocketsHttpHandler handler = (SocketsHttpHandler)_server.CreateHandler();
        handler.SslOptions.ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true);
        return Used(new HttpClient(handler));
    }

    private T Used<T>(T used)
        where T : IDisposable
    {
        _used.Add(used);
        return used;
    }
}
