using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ClientCredentials.Tests.Protocol;

public sealed class SecureConnection
{
    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_final_and_said_in_plain_words()
    {
        var asked = 0;
        using var certificate = SelfSigned();
        await using var server = await StartAsync(certificate, () => asked++);
        await using var client = new OneClient(new SocketsHttpHandler { UseProxy = false }, options => options.TokenUrl = new Uri(server.Urls.Single() + "/token"));

        var failure = await client.FailureAsync();

        Assert.Equal((FailureReason.Unreachable, false, 1, 0), (failure.Reason, failure.IsTransient, failure.Attempts, asked));
        Assert.StartsWith($"Client 'billing': there is no secure connection to the token endpoint {server.Urls.Single()}/token: ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(". Its certificate must be valid, and trusted on this machine.", failure.Message, StringComparison.Ordinal);
        Assert.IsType<AuthenticationException>(failure.InnerException?.InnerException);
    }

    [Fact]
    public async Task An_app_may_vouch_for_it_and_is_warned()
    {
        using var certificate = SelfSigned();
        await using var server = await StartAsync(certificate, () => { });
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString();
        await using var client = new OneClient(handler, options => options.TokenUrl = new Uri(server.Urls.Single() + "/token"));

        var token = await client.TokenAsync();

        Assert.Equal("t0ken", token.Reveal());
        Assert.Single(client.Log.Warnings, warning => warning.Contains("has a certificate check of the app's own", StringComparison.Ordinal));
    }

    private static async Task<WebApplication> StartAsync(X509Certificate2 certificate, Action asked)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var server = builder.Build();
        server.Run(context =>
        {
            asked();
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(OneClient.Token);
        });
        await server.StartAsync();
        return server;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        // A key that lives in memory only is no good to every system's TLS.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), password: null);
    }
}
