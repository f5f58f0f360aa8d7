using System.Net;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Authentication;

/// <summary>A token that is bound to a key and to a certificate: the API gets a proof of the one over a connection with the other.</summary>
public sealed class KeyAndCertificate
{
    [Fact]
    public async Task A_token_bound_to_both_goes_with_both_and_leaves_nothing_on_the_request()
    {
        await using CertificateApp app = await CertificateApp.StartAsync(client => client.Dpop = ClientDpop.Required);
        string pem = CertificateApp.Pem(app.Issue());
        app.Configure(client => (client.Certificate.Pem, client.Dpop.Enabled) = (pem, true));
        using HttpRequestMessage first = new(HttpMethod.Get, "x");
        using HttpRequestMessage second = new(HttpMethod.Get, "y");

        using HttpResponseMessage answer = await app.Http.SendAsync(first);
        using HttpResponseMessage answerNow = app.Http.Send(second);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (answer.StatusCode, answerNow.StatusCode));
        Assert.All(app.Server.Api.Received, request => Assert.True(request.Headers.ContainsKey("DPoP") && request.CertificateThumbprint is not null));
        // While another test listens to activities, .NET adds a trace to all requests.
        Assert.DoesNotContain(first.Headers.Concat(second.Headers), header => header.Key != "traceparent");
        Assert.All([.. first.Options, .. second.Options], option => Assert.Null(option.Value));
    }
}
