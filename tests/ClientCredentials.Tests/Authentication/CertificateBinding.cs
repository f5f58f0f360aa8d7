using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClientCredentials.Protocol;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Authentication;

/// <summary>A token that is bound to a certificate goes to the API over a connection with that certificate, or not at all (RFC 8705 §3).</summary>
public sealed class CertificateBinding
{
    [Fact]
    public async Task The_api_gets_the_certificate_that_the_token_is_bound_to()
    {
        await using CertificateApp app = await CertificateApp.StartAsync("client.pem");

        HttpStatusCode[] answers = [await app.CallAsync(), await app.CallAsync()];
        using HttpResponseMessage now = app.Http.Send(new HttpRequestMessage(HttpMethod.Get, "y"));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], [.. answers, now.StatusCode]);
        string?[] thumbprints = [.. app.Server.TokenEndpoint.Received.Concat(app.Server.Api.Received).Select(request => request.CertificateThumbprint)];
        Assert.Equal(4, thumbprints.Length);
        Assert.NotNull(Assert.Single(thumbprints.Distinct()));
    }

    [Fact]
    public async Task A_client_with_a_secret_may_have_its_tokens_bound()
    {
        await using CertificateApp app = await CertificateApp.StartAsync(client => (client.Secret, client.Authentication) = ("s3cret", ClientAuthentication.Basic));
        string pem = CertificateApp.Pem(app.Issue());
        app.Configure(client => (client.AuthenticationMethod, client.ClientSecret, client.Certificate.Pem) = (AuthenticationMethod.ClientSecretBasic, "s3cret", pem));

        HttpStatusCode answer = await app.CallAsync();

        Assert.Equal(HttpStatusCode.OK, answer);
        Assert.Equal(app.Server.TokenEndpoint.Received[0].CertificateThumbprint, app.Server.Api.Received[0].CertificateThumbprint);
    }

    [Fact]
    public async Task A_token_that_is_not_bound_goes_without_a_certificate()
    {
        await using CertificateApp app = await CertificateApp.StartAsync("client.pem", client => client.CertificateBoundTokens = false);
        app.Server["billing-app"].CertificateBoundTokens = false;

        HttpStatusCode answer = await app.CallAsync();

        Assert.Equal(HttpStatusCode.OK, answer);
        Assert.NotNull(app.Server.TokenEndpoint.Received[0].CertificateThumbprint);
        Assert.Null(app.Server.Api.Received[0].CertificateThumbprint);
    }

    [Fact]
    public async Task A_jwt_that_says_so_is_bound_without_a_setting()
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        X509Certificate2 certificate = app.Issue();
        string pem = CertificateApp.Pem(certificate);
        app.Configure(client => (client.Certificate.Pem, client.CertificateBoundTokens) = (pem, false));
        app.Server.TokenEndpoint.Answer(HttpStatusCode.OK, Token(Thumbprints.Of(certificate)));
        app.Server.Api.Answer(HttpStatusCode.OK, "{}");

        await app.CallAsync();

        Assert.Equal(Thumbprints.Of(certificate), app.Server.Api.Received[0].CertificateThumbprint);
    }

    [Fact]
    public async Task A_jwt_that_is_bound_to_another_certificate_is_refused()
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        X509Certificate2 certificate = app.Issue();
        string pem = CertificateApp.Pem(certificate);
        app.Configure(client => client.Certificate.Pem = pem);
        app.Server.TokenEndpoint.Answer(HttpStatusCode.OK, Token("another"));

        ClientCredentialsException error = await app.CallFailsAsync();

        Assert.Equal(FailureReason.InvalidResponse, error.Reason);
        Assert.Equal(
            $"Client 'billing': the server gave a token that is bound to another certificate (x5t#S256 another) than the one presented, 'CN=billing, O=Example' (x5t#S256 {Thumbprints.Of(certificate)}); "
            + "no API would take it. Does something between this machine and the server present a certificate of its own?",
            error.Message);
        Assert.Equal((1, 0), (app.Server.TokenEndpoint.Count, app.Server.Api.Count));
    }

    [Theory]
    [InlineData("expected and bound to nothing", true)]
    [InlineData("expected and bound", false)]
    [InlineData("not expected and bound to nothing", false)]
    public async Task A_jwt_that_should_be_bound_and_is_not_is_named_and_nothing_else_is(string binding, bool isNamed)
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        X509Certificate2 certificate = app.Issue();
        string pem = CertificateApp.Pem(certificate);
        Tokens.LogLines log = new();
        app.Configure(
            client => (client.Certificate.Pem, client.CertificateBoundTokens) = (pem, binding.StartsWith("expected", StringComparison.Ordinal)),
            builder => builder.Services.AddLogging(logging => logging.Services.AddSingleton<ILoggerProvider>(log)));
        app.Server.TokenEndpoint.Answer(HttpStatusCode.OK, binding == "expected and bound" ? Token(Thumbprints.Of(certificate)) : Jwt("{}"));

        await app.Credentials.GetTokenAsync("billing");

        string[] oddities = isNamed ? ["Client 'billing' (profile 'none'): CertificateBoundTokens is set, but the token is a JWT that is bound to no certificate (RFC 8705 §3.1)."] : [];
        Assert.Equal(oddities, log.Of(16));
    }

    [Fact]
    public async Task A_token_that_was_revoked_is_renewed_over_the_same_certificate()
    {
        await using CertificateApp app = await CertificateApp.StartAsync("client.pem");
        await app.CallAsync();
        app.Server.RevokeAllTokens();

        HttpStatusCode answer = await app.CallAsync();

        Assert.Equal((HttpStatusCode.OK, 2, 3), (answer, app.Server.TokenEndpoint.Count, app.Server.Api.Count));
        Assert.Single(app.Server.Api.Received.Select(request => request.CertificateThumbprint).Distinct());
    }

    [Fact]
    public async Task A_bound_token_does_not_go_over_http()
    {
        await using CertificateApp app = await CertificateApp.StartAsync("client.pem", client => client.AllowedOrigins.Add("http://127.0.0.1:9"));

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Http.GetAsync("http://127.0.0.1:9/x"));

        Assert.Equal(FailureReason.NotConfigured, error.Reason);
        Assert.EndsWith("cannot be presented: the request goes to http://127.0.0.1:9, which is http.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_the_app_keeps_holds_no_certificate()
    {
        await using CertificateApp app = await CertificateApp.StartAsync("client.pem");
        using HttpRequestMessage request = new(HttpMethod.Get, "x");

        await app.Http.SendAsync(request);

        Assert.Empty(request.Options);
    }

    [Fact]
    [Trait("Scenario", "T66")]
    public async Task Two_clients_that_differ_by_their_certificate_share_neither_token_nor_connection()
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        X509Certificate2[] certificates = [app.Issue(), app.Issue()];
        string[] pems = [.. certificates.Select(CertificateApp.Pem)];
        app.Configure(client => client.Certificate.Pem = pems[0], builder => builder.AddClient("other", client =>
        {
            (client.TokenUrl, client.ApiUrl, client.ClientId) = (app.Server.TokenUrl, app.Server.ApiUrl, "billing-app");
            (client.AuthenticationMethod, client.CertificateBoundTokens, client.Certificate.Pem) = (AuthenticationMethod.TlsClientAuth, true, pems[1]);
        }));

        for (int round = 0; round < 2; round++)
        {
            await app.CallAsync();
            await app.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "x").UseClientCredentials("other"));
        }

        string[] expected = [.. certificates.Select(Thumbprints.Of)];
        Assert.Equal(expected, app.Server.TokenEndpoint.Received.Select(request => request.CertificateThumbprint!));
        Assert.Equal([.. expected, .. expected], app.Server.Api.Received.Select(request => request.CertificateThumbprint!));
        Assert.All(app.Server.Api.Received, request => Assert.Equal(200, request.StatusCode));
        Assert.Equal(2, app.Server.Api.Received.Select(request => request.Token).Distinct().Count());
    }

    private static string Token(string thumbprint) => Jwt($$$"""{"cnf":{"x5t#S256":"{{{thumbprint}}}"}}""");

    private static string Jwt(string claims) =>
        $$"""{"access_token":"e30.{{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}}.c2ln","token_type":"Bearer","expires_in":60}""";
}
