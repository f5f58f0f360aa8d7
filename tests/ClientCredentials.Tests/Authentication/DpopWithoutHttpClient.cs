using System.Net;
using System.Security.Cryptography;

namespace ClientCredentials.Tests.Authentication;

/// <summary>Proofs that an app puts on its requests itself.</summary>
public class DpopWithoutHttpClient
{
    [Fact]
    public async Task A_proof_that_the_app_sends_itself_opens_the_API()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        AccessToken token = await app.TokenAsync();

        HttpResponseMessage answer = await SendAsync(app, token, token.CreateProof(HttpMethod.Get, new Uri(app.Server.ApiUrl, "invoices?page=2"))!);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_nonce_that_the_app_hands_on_is_kept_for_the_next_proofs()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        app.Server.Api.DpopNonces.IsRequired = true;
        AccessToken token = await app.TokenAsync();
        Uri url = new(app.Server.ApiUrl, "invoices");

        HttpResponseMessage refused = await SendAsync(app, token, token.CreateProof(HttpMethod.Get, url)!);
        HttpResponseMessage second = await SendAsync(app, token, token.CreateProof(HttpMethod.Get, url, refused.Headers.GetValues("DPoP-Nonce").Single())!);
        HttpResponseMessage third = await SendAsync(app, token, token.CreateProof(HttpMethod.Get, url)!);

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.OK], [refused.StatusCode, second.StatusCode, third.StatusCode]);
    }

    [Fact]
    public void A_token_that_is_not_bound_has_no_proof()
    {
        AccessToken token = new("one", DateTimeOffset.MaxValue);

        Assert.Null(token.CreateProof(HttpMethod.Get, new Uri("https://api.example.com/")));
    }

    [Fact]
    public async Task What_can_be_no_URL_and_no_nonce_is_refused()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        AccessToken token = await app.TokenAsync();

        ArgumentException url = Assert.Throws<ArgumentException>("url", () => token.CreateProof(HttpMethod.Get, new Uri("/invoices", UriKind.Relative)));
        ArgumentException nonce = Assert.Throws<ArgumentException>("nonce", () => token.CreateProof(HttpMethod.Get, app.Server.ApiUrl, "two words"));

        Assert.Throws<ArgumentNullException>("method", () => token.CreateProof(null!, app.Server.ApiUrl));
        Assert.Equal("A proof is for an absolute http or https URL. (Parameter 'url')", url.Message);
        Assert.Equal("A nonce is printable ASCII without spaces, quotes and backslashes (RFC 9449 §8.1). (Parameter 'nonce')", nonce.Message);
    }

    [Fact]
    public async Task A_key_that_signs_no_longer_ends_in_a_failure_that_names_it()
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using DpopApp app = await DpopApp.StartAsync(build: builder => builder.UseDpopKey("billing", key));
        AccessToken token = await app.TokenAsync();
        key.Dispose();

        ClientCredentialsException direct = Assert.Throws<ClientCredentialsException>(() => token.CreateProof(HttpMethod.Get, app.Server.ApiUrl));
        ClientCredentialsException call = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Api.GetAsync("invoices"));

        Assert.Equal("Client 'billing': UseDpopKey could not sign with ES256 (ObjectDisposedException).", direct.Message);
        Assert.Equal(direct.Message, call.Message);
        Assert.Equal(FailureReason.NotConfigured, call.Reason);
        Assert.Equal(0, app.Server.Api.Count);
    }

    private static async Task<HttpResponseMessage> SendAsync(DpopApp app, AccessToken token, string proof)
    {
        using HttpClient http = new(app.Server.CreateHandler());
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(app.Server.ApiUrl, "invoices"));
        request.Headers.TryAddWithoutValidation("Authorization", $"{token.Type} {token.Reveal()}");
        request.Headers.TryAddWithoutValidation("DPoP", proof);
        return await http.SendAsync(request);
    }
}
