using System.Net;
using System.Text.Json;
using ClientCredentials.Protocol;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Authentication;

/// <summary>API calls with a bound token: proof, nonces, renewal.</summary>
public class DpopApiCalls
{
    [Fact]
    public async Task A_call_brings_the_token_and_a_proof_for_it()
    {
        await using DpopApp app = await DpopApp.StartAsync();

        HttpResponseMessage answer = await app.Api.PostAsync("invoices?page=2", new StringContent("{}"));

        ReceivedRequest call = Assert.Single(app.Server.Api.Received);
        JsonElement claims = Assert.Single(DpopApp.Claims(app.Server.Api));
        AccessToken token = await app.TokenAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal($"DPoP {token.Reveal()}", call.Header("Authorization"));
        Assert.Equal(["jti", "htm", "htu", "iat", "ath"], claims.EnumerateObject().Select(member => member.Name));
        Assert.Equal("POST", DpopApp.Text(claims, "htm"));
        Assert.Equal($"{app.Server.ApiUrl}invoices", DpopApp.Text(claims, "htu"));
        Assert.Equal(DpopProof.Hash(token.Reveal()), DpopApp.Text(claims, "ath"));
        Assert.Equal(app.Server.TokenEndpoint.Received[0].Header("DPoP")!.Split('.')[0], call.Header("DPoP")!.Split('.')[0]);
    }

    [Fact]
    public async Task Each_call_brings_another_proof_and_none_is_left_on_the_request()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "invoices");
        request.Headers.Add("DPoP", "somebody-else-s");

        HttpResponseMessage first = await app.Api.SendAsync(request);
        await app.Api.GetAsync("invoices");

        Assert.Equal([200, 200], app.Server.Api.Received.Select(call => call.StatusCode));
        Assert.Equal(2, DpopApp.Claims(app.Server.Api).Select(claims => DpopApp.Text(claims, "jti")).Distinct().Count());
        Assert.Empty(first.RequestMessage!.Headers);
    }

    [Fact]
    [Trait("Scenario", "T62")]
    public async Task An_API_that_wants_a_nonce_gets_the_same_token_with_a_new_proof()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        app.Server.Api.DpopNonces.IsRequired = true;

        HttpResponseMessage answer = await app.Api.PostAsync("invoices?page=2", new StringContent("{}"));

        JsonElement[] proofs = DpopApp.Claims(app.Server.Api);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal([401, 200], app.Server.Api.Received.Select(call => call.StatusCode));
        Assert.Equal([2L, 2L], app.Server.Api.Received.Select(call => call.BodyLength));
        Assert.Single(app.Server.Api.Received.Select(call => call.Token).Distinct());
        Assert.Equal([null, app.Server.Api.DpopNonces.Current], proofs.Select(claims => DpopApp.Text(claims, "nonce")));
        Assert.Equal(2, proofs.Select(claims => DpopApp.Text(claims, "jti")).Distinct().Count());
        Assert.All(proofs, claims => Assert.Equal($"{app.Server.ApiUrl}invoices", DpopApp.Text(claims, "htu")));
        Assert.All(proofs, claims => Assert.NotNull(DpopApp.Text(claims, "ath")));
        Assert.Equal(1, app.Server.TokenEndpoint.Count);
        Assert.Equal(0, app.Credentials.Statuses[0].Rejections);
    }

    [Fact]
    public async Task The_nonce_of_a_good_answer_serves_the_next_call()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        (app.Server.Api.DpopNonces.IsRequired, app.Server.Api.DpopNonces.IsOneTime) = (true, true);

        await app.Api.GetAsync("invoices");
        await app.Api.GetAsync("invoices");
        await app.Api.GetAsync("invoices");

        Assert.Equal([401, 200, 200, 200], app.Server.Api.Received.Select(call => call.StatusCode));
    }

    [Fact]
    public async Task Server_and_API_have_nonces_of_their_own_even_at_one_origin()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        app.Server.TokenEndpoint.DpopNonces.IsRequired = app.Server.Api.DpopNonces.IsRequired = true;

        await app.Api.GetAsync("invoices");
        await app.Credentials.ConnectAsync("billing");
        await app.Api.GetAsync("invoices");

        string server = app.Server.TokenEndpoint.DpopNonces.Current;
        string api = app.Server.Api.DpopNonces.Current;
        Assert.Equal([null, server, server], DpopApp.Claims(app.Server.TokenEndpoint).Select(claims => DpopApp.Text(claims, "nonce")));
        Assert.Equal([null, api, api], DpopApp.Claims(app.Server.Api).Select(claims => DpopApp.Text(claims, "nonce")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Scenario", "T62")]
    public async Task After_a_nonce_a_refused_token_is_still_renewed_once(bool isSynchronous)
    {
        await using DpopApp app = await DpopApp.StartAsync(onLoopback: isSynchronous);
        await app.TokenAsync();
        app.Server.RevokeAllTokens();
        app.Server.Api.Answer(HttpStatusCode.Unauthorized, "", "", headers: [("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\""), ("DPoP-Nonce", "A")]);

        HttpResponseMessage answer = await SendAsync(app, isSynchronous);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal([401, 401, 200], app.Server.Api.Received.Select(call => call.StatusCode));
        Assert.Equal([null, "A", "A"], DpopApp.Claims(app.Server.Api).Select(claims => DpopApp.Text(claims, "nonce")));
        Assert.Equal(2, app.Server.TokenEndpoint.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_API_that_never_has_enough_of_nonces_gets_two_requests_and_costs_no_token(bool isSynchronous)
    {
        await using DpopApp app = await DpopApp.StartAsync(onLoopback: isSynchronous);
        int count = 0;
        app.Server.Api.Do(context =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Bearer, DPoP algs=\"ES256\", error=\"use_dpop_nonce\"";
            context.Response.Headers["DPoP-Nonce"] = $"nonce-{++count}";
            return Task.FromResult(true);
        }, times: int.MaxValue);

        HttpResponseMessage answer = await SendAsync(app, isSynchronous);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal([null, "nonce-1"], DpopApp.Claims(app.Server.Api).Select(claims => DpopApp.Text(claims, "nonce")));
        Assert.Equal(1, app.Server.TokenEndpoint.Count);
        Assert.Equal(0, app.Credentials.Statuses[0].Rejections);
    }

    [Fact]
    public async Task A_proof_that_is_not_taken_costs_no_token()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        app.Server.Api.Answer(HttpStatusCode.Unauthorized, "", "", headers: [("WWW-Authenticate", "DPoP error=\"invalid_dpop_proof\"")]);

        HttpResponseMessage answer = await app.Api.GetAsync("invoices");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal((1, 1), (app.Server.Api.Count, app.Server.TokenEndpoint.Count));
    }

    [Fact]
    public async Task A_body_that_cannot_be_sent_again_goes_once_and_the_next_call_knows_the_nonce()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        app.Server.Api.DpopNonces.IsRequired = true;

        HttpResponseMessage refused = await app.Api.PostAsync("invoices", new OnceContent());
        HttpResponseMessage next = await app.Api.PostAsync("invoices", new OnceContent());

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK], [refused.StatusCode, next.StatusCode]);
        Assert.Equal((2, 1), (app.Server.Api.Count, app.Server.TokenEndpoint.Count));
    }

    [Fact]
    public async Task A_request_that_takes_refusals_as_they_are_is_not_sent_again_for_a_nonce_either()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        app.Server.Api.DpopNonces.IsRequired = true;
        using HttpRequestMessage request = new(HttpMethod.Get, "invoices");

        HttpResponseMessage answer = await app.Api.SendAsync(request.SkipTokenRenewal());

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(1, app.Server.Api.Count);
    }

    [Fact]
    public async Task Where_tokens_are_never_renewed_a_nonce_is_taken_up_all_the_same()
    {
        await using DpopApp app = await DpopApp.StartAsync(client => client.RenewOn.Clear());
        app.Server.Api.DpopNonces.IsRequired = true;

        HttpResponseMessage answer = await app.Api.GetAsync("invoices");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_synchronous_call_brings_proof_and_nonce_too()
    {
        await using DpopApp app = await DpopApp.StartAsync(onLoopback: true);
        app.Server.Api.DpopNonces.IsRequired = true;

        using HttpResponseMessage answer = await SendAsync(app, isSynchronous: true);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal([401, 200], app.Server.Api.Received.Select(call => call.StatusCode));
        Assert.Equal(1, app.Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task Calls_at_the_same_time_all_come_through_with_a_nonce_that_none_of_them_knew()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        app.Server.Api.DpopNonces.IsRequired = true;
        HttpClient api = app.Api;

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(call => Task.Run(() => api.GetAsync($"invoices/{call}"))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(app.Server.Api.Count, DpopApp.Claims(app.Server.Api).Select(claims => DpopApp.Text(claims, "jti")).Distinct().Count());
        Assert.InRange(app.Server.Api.Count, 51, 100);
        Assert.Equal(1, app.Server.TokenEndpoint.Count);
    }

    private static async Task<HttpResponseMessage> SendAsync(DpopApp app, bool isSynchronous)
    {
        HttpRequestMessage request = new(HttpMethod.Get, "invoices");
        HttpClient api = app.Api;
        return isSynchronous ? await Task.Run(() => api.Send(request)) : await api.SendAsync(request);
    }

    private sealed class OnceContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync("{}"u8.ToArray()).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 2;
            return true;
        }
    }
}
