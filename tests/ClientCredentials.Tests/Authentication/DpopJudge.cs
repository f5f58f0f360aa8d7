using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClientCredentials.Testing;
using ClientCredentials.Tests.Testing;

namespace ClientCredentials.Tests.Authentication;

/// <summary>The test server as a judge of proofs, made here by hand.</summary>
public sealed class DpopJudge : OneServer, IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int _id;

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task A_good_proof_gets_a_bound_token_and_opens_the_API()
    {
        string token = await BoundTokenAsync();

        HttpResponseMessage answer = await CallAsync(token, Proof("GET", Server.ApiUrl + "invoices", token));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Each_part_of_a_proof_is_checked()
    {
        const string aboutTarget = "The claim htu is not the URL of the request without its query.";
        const string aboutTime = "The claim iat is missing, more than a minute ago, or in the future.";
        const string aboutSignature = "The signature of the proof is not one of its own jwk.";
        long now = Clock.GetUtcNow().ToUnixTimeSeconds();
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string good = TokenProof();

        await AssertRefusedAsync("no-jwt", "There must be one DPoP header, which is a JWT.");
        await AssertRefusedAsync(TokenProof(header: h => h["typ"] = "JWT"), "The typ of the proof must be dpop+jwt.");
        await AssertRefusedAsync(TokenProof(header: h => h["alg"] = "HS256"), "The alg of the proof must be one of asymmetric signatures.");
        await AssertRefusedAsync(TokenProof(header: h => h["alg"] = "none"), "The alg of the proof must be one of asymmetric signatures.");
        await AssertRefusedAsync(TokenProof(header: h => h["alg"] = "PS256"), aboutSignature);
        await AssertRefusedAsync(TokenProof(header: h => h.Remove("jwk")), "The proof has no jwk.");
        await AssertRefusedAsync(TokenProof(header: h => h["jwk"]!["d"] = "AQAB"), "The jwk of the proof holds a private key.");
        await AssertRefusedAsync(TokenProof(header: h => h["jwk"]!["x"] = "AQAB"), aboutSignature);
        await AssertRefusedAsync(TokenProof(signing: other), aboutSignature);
        await AssertRefusedAsync(good[..^4] + "AAAA", aboutSignature);
        await AssertRefusedAsync(TokenProof(claims: c => c["htm"] = "GET"), "The claim htm is not the method of the request.");
        await AssertRefusedAsync(TokenProof(claims: c => c["htu"] = Server.ApiUrl.AbsoluteUri), aboutTarget);
        await AssertRefusedAsync(TokenProof(claims: c => c["htu"] = Server.TokenUrl + "?a=b"), aboutTarget);
        await AssertRefusedAsync(TokenProof(claims: c => c.Remove("iat")), aboutTime);
        await AssertRefusedAsync(TokenProof(claims: c => c["iat"] = "now"), aboutTime);
        await AssertRefusedAsync(TokenProof(claims: c => c["iat"] = now - 61), aboutTime);
        await AssertRefusedAsync(TokenProof(claims: c => c["iat"] = now + 11), aboutTime);
        await AssertRefusedAsync(TokenProof(claims: c => c.Remove("jti")), "The claim jti is missing.");
        await AssertRefusedAsync(TokenProof(claims: c => c["ath"] = "x"), "The claim ath is not the hash of the token.");
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(good)).StatusCode);
        await AssertRefusedAsync(good, "The claim jti has been used before.");
    }

    [Fact]
    public async Task A_client_that_must_bind_its_tokens_brings_a_proof_or_gets_none()
    {
        Server["billing"].Dpop = ClientDpop.Required;

        HttpResponseMessage answer = await Caller.AskAsync();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("invalid_dpop_proof", await Caller.ErrorAsync(answer));
    }

    [Fact]
    public async Task A_server_that_has_never_heard_of_it_does_not_look_at_a_proof()
    {
        Server["billing"].Dpop = ClientDpop.Ignored;

        HttpResponseMessage answer = await AskAsync("no-jwt");

        Assert.Equal("Bearer", (await Caller.JsonAsync(answer)).GetProperty("token_type").GetString());
    }

    [Fact]
    public async Task A_bound_token_opens_nothing_as_Bearer_or_without_a_proof_or_with_another_key()
    {
        string token = await BoundTokenAsync();
        string url = Server.ApiUrl + "invoices";
        using ECDsa thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string spent = Proof("GET", url, token);
        await CallAsync(token, spent);

        HttpResponseMessage[] answers =
        [
            await CallAsync(token, Proof("GET", url, token), scheme: "Bearer"),
            await CallAsync(token, proof: null),
            await CallAsync(token, Proof("GET", url, token, key: thief)),
            await CallAsync(token, Proof("GET", url, "another")),
            await CallAsync(token, Proof("GET", url, token: null)),
            await CallAsync(token, Proof("POST", url, token)),
            await CallAsync(token, Proof("GET", Server.ApiUrl + "other", token)),
            await CallAsync(token, spent),
        ];

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
        Assert.All(answers, answer => Assert.StartsWith("DPoP realm=\"api\", error=", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal));
        string?[] errors = await Task.WhenAll(answers.Select(Caller.ErrorAsync));
        Assert.Equal<string?>(["invalid_token", "invalid_dpop_proof", "invalid_token", .. Enumerable.Repeat("invalid_dpop_proof", 5)], errors.AsEnumerable());
    }

    [Fact]
    public async Task A_token_that_is_not_bound_is_no_DPoP_token()
    {
        string token = await Caller.TokenAsync();

        HttpResponseMessage answer = await CallAsync(token, Proof("GET", Server.ApiUrl + "invoices", token));

        Assert.Equal("invalid_token", await Caller.ErrorAsync(answer));
    }

    [Fact]
    public async Task A_nonce_that_is_wanted_is_named_by_every_answer_and_rotated_on_demand()
    {
        DpopNonces nonces = Server.TokenEndpoint.DpopNonces;
        nonces.IsRequired = true;

        HttpResponseMessage without = await AskAsync(TokenProof());
        HttpResponseMessage with = await AskAsync(TokenProof(claims: c => c["nonce"] = Named(without)));
        string old = Named(with);
        string rotated = nonces.Rotate();
        HttpResponseMessage after = await AskAsync(TokenProof(claims: c => c["nonce"] = old));

        Assert.Equal("use_dpop_nonce", await Caller.ErrorAsync(without));
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
        Assert.Equal("use_dpop_nonce", await Caller.ErrorAsync(after));
        Assert.Equal((rotated, nonces.Current), (Named(after), Named(after)));
    }

    [Fact]
    public async Task A_nonce_that_is_good_once_is_not_good_twice()
    {
        DpopNonces nonces = Server.Api.DpopNonces;
        (nonces.IsRequired, nonces.IsOneTime) = (true, true);
        string token = await BoundTokenAsync();
        string url = Server.ApiUrl + "invoices";
        string nonce = Named(await CallAsync(token, Proof("GET", url, token)));

        HttpResponseMessage first = await CallAsync(token, Proof("GET", url, token, claims: c => c["nonce"] = nonce));
        HttpResponseMessage second = await CallAsync(token, Proof("GET", url, token, claims: c => c["nonce"] = nonce));

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("use_dpop_nonce", await Caller.ErrorAsync(second));
        Assert.Equal(3, new[] { nonce, Named(first), Named(second) }.Distinct().Count());
    }

    private static string Named(HttpResponseMessage answer) => answer.Headers.GetValues("DPoP-Nonce").Single();

    private async Task<string> BoundTokenAsync()
    {
        HttpResponseMessage answer = await AskAsync(TokenProof());
        Assert.Equal("DPoP", (await Caller.JsonAsync(answer)).GetProperty("token_type").GetString());
        return (await Caller.JsonAsync(answer)).GetProperty("access_token").GetString()!;
    }

    private async Task AssertRefusedAsync(string proof, string description)
    {
        HttpResponseMessage answer = await AskAsync(proof);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(("invalid_dpop_proof", description), (await Caller.ErrorAsync(answer), (await Caller.JsonAsync(answer)).GetProperty("error_description").GetString()));
    }

    private async Task<HttpResponseMessage> AskAsync(string proof)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, Server.TokenUrl)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "billing", ["client_secret"] = "s3cret" }),
        };
        request.Headers.TryAddWithoutValidation("DPoP", proof);
        return await Caller.Http.SendAsync(request);
    }

    private async Task<HttpResponseMessage> CallAsync(string token, string? proof, string scheme = "DPoP")
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Server.ApiUrl + "invoices");
        request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {token}");
        if (proof is not null)
        {
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        }

        return await Caller.Http.SendAsync(request);
    }

    private string TokenProof(Action<JsonObject>? header = null, Action<JsonObject>? claims = null, ECDsa? signing = null) =>
        Proof("POST", Server.TokenUrl.AbsoluteUri, token: null, header, claims, signing: signing);

    private string Proof(string method, string url, string? token, Action<JsonObject>? header = null, Action<JsonObject>? claims = null, ECDsa? key = null, ECDsa? signing = null)
    {
        ECParameters numbers = (key ?? _key).ExportParameters(includePrivateParameters: false);
        JsonObject head = new()
        {
            ["typ"] = "dpop+jwt",
            ["alg"] = "ES256",
            ["jwk"] = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Text(numbers.Q.X!), ["y"] = Text(numbers.Q.Y!) },
        };
        JsonObject payload = new() { ["jti"] = $"id-{++_id}", ["htm"] = method, ["htu"] = url, ["iat"] = Clock.GetUtcNow().ToUnixTimeSeconds() };
        if (token is not null)
        {
            payload["ath"] = Text(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        }

        header?.Invoke(head);
        claims?.Invoke(payload);
        string input = $"{Text(Encoding.UTF8.GetBytes(head.ToJsonString()))}.{Text(Encoding.UTF8.GetBytes(payload.ToJsonString()))}";
        return $"{input}.{Text((signing ?? key ?? _key).SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
