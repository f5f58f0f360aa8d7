using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace ClientCredentials.Tests.Authentication;

/// <summary>A certificate is renewed while the app runs: both connections move together, and no token goes with the other's certificate.</summary>
public sealed class CertificateRotation
{
    private static readonly TimeSpan Expiry = TimeSpan.FromHours(2);

    [Theory]
    [InlineData("PemFile")]
    [InlineData("Pkcs12File")]
    [InlineData("UseCertificate")]
    public async Task A_new_certificate_is_presented_to_both_from_the_next_token_on(string source)
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        X509Certificate2[] versions = [app.Issue(), app.Issue()];
        X509Certificate2 current = versions[0];
        string path = Write(app, current);
        app.Configure(
            client => (client.Certificate.PemFile, client.Certificate.Pkcs12File) = (source == "PemFile" ? path : null, source == "Pkcs12File" ? path + ".p12" : null),
            builder => _ = source == "UseCertificate" ? builder.UseCertificate("billing", _ => new(current)) : builder);
        await app.CallAsync();

        current = versions[1];
        Write(app, current);
        HttpStatusCode before = await app.CallAsync();
        app.Clock.Advance(Expiry);
        HttpStatusCode after = await app.CallAsync();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (before, after));
        Assert.Equal(Thumbprints(versions[0], versions[1]), app.Server.TokenEndpoint.Received.Select(request => request.CertificateThumbprint));
        Assert.Equal(Thumbprints(versions[0], versions[0], versions[1]), app.Server.Api.Received.Select(request => request.CertificateThumbprint));
    }

    [Fact]
    [Trait("Scenario", "T66")]
    public async Task Tokens_of_other_kinds_that_were_got_with_the_old_certificate_are_dropped()
    {
        await using CertificateApp app = await CertificateApp.StartAsync("client.pem");
        TokenParameters other = new() { Scopes = ["read"] };
        string first = (await app.Credentials.GetTokenAsync("billing", other)).Reveal();

        app.File("client.pem", CertificateApp.Pem(app.Issue()));
        await app.Credentials.ConnectAsync("billing");
        string second = (await app.Credentials.GetTokenAsync("billing", other)).Reveal();

        Assert.NotEqual(first, second);
        Assert.Equal(3, app.Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_request_on_its_way_ends_over_the_old_certificate_whose_connections_then_end()
    {
        await using CertificateApp app = await CertificateApp.StartAsync("client.pem");
        await app.CallAsync();
        IDisposable held = app.Server.Api.Hold();
        Task<HttpStatusCode> onItsWay = app.CallAsync();
        await app.Server.Api.WaitForAsync(2);

        app.File("client.pem", CertificateApp.Pem(app.Issue()));
        await app.Credentials.ConnectAsync("billing");
        Task<HttpStatusCode> next = app.CallAsync();
        await app.Server.Api.WaitForAsync(3);
        int meanwhile = app.Router.Lanes;
        held.Dispose();
        HttpStatusCode[] answers = await Task.WhenAll(onItsWay, next);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], answers);
        Assert.Equal((2, 1), (meanwhile, app.Router.Lanes));
        string?[] thumbprints = [.. app.Server.Api.Received.Select(request => request.CertificateThumbprint)];
        Assert.Equal(thumbprints[0], thumbprints[1]);
        Assert.NotEqual(thumbprints[1], thumbprints[2]);
    }

    [Fact]
    public async Task However_often_it_is_renewed_no_call_fails()
    {
        await using CertificateApp app = await CertificateApp.StartAsync("client.pem");
        await app.CallAsync();
        using CancellationTokenSource isOver = new();
        Task<HttpStatusCode[]>[] callers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(CallOnAndOnAsync))];

        for (int version = 0; version < 15; version++)
        {
            app.File("client.pem", CertificateApp.Pem(app.Issue()));
            ConnectResult renewed = await app.Credentials.ConnectAsync("billing");
            Assert.True(renewed.IsOK, renewed.Problem);
            await app.CallAsync();
        }

        await isOver.CancelAsync();
        HttpStatusCode[] answers = [.. (await Task.WhenAll(callers)).SelectMany(all => all)];
        await app.CallAsync();

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer));
        Assert.Equal(1, app.Router.Lanes);
        IEnumerable<int> certificatesOfTokens = app.Server.Api.Received.GroupBy(request => request.Token, request => request.CertificateThumbprint).Select(token => token.Distinct().Count());
        Assert.All(certificatesOfTokens, count => Assert.Equal(1, count));

        async Task<HttpStatusCode[]> CallOnAndOnAsync()
        {
            List<HttpStatusCode> all = [];
            while (!isOver.IsCancellationRequested)
            {
                all.Add(await app.CallAsync());
            }

            return [.. all];
        }
    }

    [Fact]
    public async Task A_body_that_is_still_read_is_not_cut_off()
    {
        await using CertificateApp app = await CertificateApp.StartAsync("client.pem");
        TaskCompletionSource isRenewed = new();
        app.Server.Api.Do(async context =>
        {
            await context.Response.Body.WriteAsync("first "u8.ToArray());
            await context.Response.Body.FlushAsync();
            await isRenewed.Task;
            await context.Response.Body.WriteAsync("second"u8.ToArray());
            return true;
        });
        using HttpResponseMessage response = await app.Http.GetAsync("x", HttpCompletionOption.ResponseHeadersRead);

        app.File("client.pem", CertificateApp.Pem(app.Issue()));
        await app.Credentials.ConnectAsync("billing");
        await app.CallAsync();
        int lanes = app.Router.Lanes;
        isRenewed.SetResult();
        string body = await response.Content.ReadAsStringAsync();

        Assert.Equal((1, "first second"), (lanes, body));
    }

    [Fact]
    public async Task A_new_certificate_that_the_server_does_not_know_costs_no_token_that_is_good()
    {
        await using CertificateApp app = await CertificateApp.StartAsync("client.pem");
        await app.CallAsync();

        app.File("client.pem", CertificateApp.Pem(app.Issue("CN=unknown")));
        ConnectResult refused = await app.Credentials.ConnectAsync("billing");
        HttpStatusCode answer = await app.CallAsync();

        Assert.Equal((false, HttpStatusCode.OK), (refused.IsOK, answer));
        Assert.Single(app.Server.Api.Received.Select(request => request.CertificateThumbprint).Distinct());
    }

    [Fact]
    public async Task A_token_that_was_asked_for_with_the_old_certificate_and_comes_late_is_not_kept()
    {
        await using CertificateApp app = await CertificateApp.StartAsync("client.pem");
        IDisposable held = app.Server.TokenEndpoint.Hold();
        Task<AccessToken> late = app.Credentials.GetTokenAsync("billing", new TokenParameters { Scopes = ["late"] }).AsTask();
        await app.Server.TokenEndpoint.WaitForAsync(1);
        TaskCompletionSource isThere = new();
        app.Server.TokenEndpoint.Do(async _ =>
        {
            await isThere.Task;
            return false;
        });
        app.File("client.pem", CertificateApp.Pem(app.Issue()));
        Task<AccessToken> early = app.Credentials.GetTokenAsync("billing").AsTask();
        await app.Server.TokenEndpoint.WaitForAsync(2);

        held.Dispose();
        await late;
        isThere.SetResult();
        await early;
        await app.Credentials.GetTokenAsync("billing", new TokenParameters { Scopes = ["late"] });
        await app.Credentials.GetTokenAsync("billing");

        Assert.Equal(3, app.Server.TokenEndpoint.Count);
        Assert.Equal(2, app.Server.TokenEndpoint.Received.Select(request => request.CertificateThumbprint).Distinct().Count());
    }

    [Fact]
    public async Task A_token_ends_with_the_certificate_that_it_is_bound_to()
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        DateTimeOffset soon = app.Clock.GetUtcNow().AddMinutes(10);
        string path = app.File("client.pem", CertificateApp.Pem(app.Issue(notAfter: soon)));
        app.Configure(client => client.Certificate.PemFile = path);
        await app.Credentials.GetTokenAsync("billing");

        app.File("client.pem", CertificateApp.Pem(app.Issue()));
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        await app.Credentials.GetTokenAsync("billing");

        Assert.Equal(2, app.Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_file_that_is_broken_fails_the_fetch_in_plain_words_until_it_is_whole()
    {
        await using CertificateApp app = await CertificateApp.StartAsync("client.pem");
        await app.CallAsync();

        string path = app.File("client.pem", app.Issue().ExportCertificatePem());
        ConnectResult broken = await app.Credentials.ConnectAsync("billing");
        app.File("client.pem", CertificateApp.Pem(app.Issue()));
        ConnectResult whole = await app.Credentials.ConnectAsync("billing");

        Assert.Equal((FailureReason.NotConfigured, $"Client 'billing': Certificate:PemFile ('{path}') has no private key; it has CERTIFICATE."), (broken.Reason, broken.Problem));
        Assert.True(whole.IsOK, whole.Problem);
    }

    private static string Write(CertificateApp app, X509Certificate2 certificate)
    {
        string path = app.File("client", CertificateApp.Pem(certificate));
        app.File("client.p12", certificate.Export(X509ContentType.Pkcs12));
        return path;
    }

    private static IEnumerable<string> Thumbprints(params X509Certificate2[] certificates) => certificates.Select(ClientCredentials.Protocol.Thumbprints.Of);
}
