using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClientCredentials.Clients;
using ClientCredentials.Http;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tests.Http;

/// <summary>How long connections with a certificate are kept. None of them comes about: what counts is that they were asked for.</summary>
public sealed class ConnectionsOfCertificates : IDisposable
{
    private static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly CertificateRouter _router = new(
        new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, _) => ValueTask.FromException<Stream>(new IOException("No connection.")) }, "api");

    public void Dispose() => _router.Dispose();

    [Fact]
    public async Task At_most_a_hundred_that_are_idle_are_kept()
    {
        for (int i = 0; i < 102; i++)
        {
            await SendAsync(Certificate());
        }

        Assert.Equal(100, _router.Lanes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Those_of_a_retired_certificate_end_with_its_last_request(bool isSynchronous)
    {
        ClientCertificate certificate = Certificate();
        await SendAsync(certificate, isSynchronous);
        int before = _router.Lanes;
        certificate.Identity.Retire();

        await SendAsync(certificate, isSynchronous);

        Assert.Equal((1, 0), (before, _router.Lanes));
    }

    [Fact]
    public async Task Those_that_are_retired_and_idle_end_when_another_certificate_comes()
    {
        ClientCertificate old = Certificate();
        await SendAsync(old);
        old.Identity.Retire();

        await SendAsync(Certificate());

        Assert.Equal(1, _router.Lanes);
    }

    [Fact]
    public async Task After_the_end_there_are_none_and_none_come()
    {
        await SendAsync(Certificate());
        _router.Dispose();

        Exception? exception = await SendAsync(Certificate());

        Assert.IsType<ObjectDisposedException>(exception);
        Assert.Equal(0, _router.Lanes);
    }

    private async Task<Exception?> SendAsync(ClientCertificate certificate, bool isSynchronous = false)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
        new Presentation(certificate, "billing", profile: null).PutOn(request);
        using HttpMessageInvoker invoker = new(_router, disposeHandler: false);
        return isSynchronous ? Record.Exception(() => invoker.Send(request, default)) : await Record.ExceptionAsync(() => invoker.SendAsync(request, default));
    }

    private static ClientCertificate Certificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X509Certificate2 certificate = new CertificateRequest("CN=billing", key, HashAlgorithmName.SHA256).CreateSelfSigned(From, From.AddYears(1));
        return ClientCertificate.Of(certificate, [], new Identity(), previous: null).Certificate!;
    }
}
