using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClientCredentials.Interop.Running;

namespace ClientCredentials.Interop.Clients;

/// <summary>Tokens that are bound to a key (RFC 9449), with and without nonces.</summary>
public class DpopClients(Rig rig) : InteropTests(rig)
{
    [InteropTheory]
    [InlineData("dpop", 0)]
    [InlineData("dpop-nonce", 1)]
    [InlineData("dpop-pkjwt", 1)]
    public async Task A_nonce_is_asked_for_once(string client, int noncesAskedFor)
    {
        App app = Bound(client);

        JsonElement token = await app.CallAsync("any/1?page=2");
        await app.CallAsync("any/2");
        await app.Credentials.ConnectAsync(App.Client);

        Counts counts = await Rig.CountsAsync();
        Assert.Equal("DPoP", token.GetProperty("scheme").GetString());
        Assert.Equal((2 + noncesAskedFor, 2, noncesAskedFor), (counts.TokenRequests, counts.Tokens, counts.Errors(client, "use_dpop_nonce")));
        Assert.Equal((2, 0), (counts.Served, counts.Denied));
        Outcomes.Add(client, $"two calls, another token, {Rig.Client(client).Method} {Rig.Client(client).Algorithm}".TrimEnd(), noncesAskedFor == 0
            ? "bound token, 1 token request each, served"
            : "bound token, 1 token request more for the first nonce, none later; served");
    }

    [InteropTheory]
    [InlineData("dpop")]
    [InlineData("dpop-nonce")]
    public async Task A_nonce_of_the_API_costs_no_token(string client)
    {
        App app = Bound(client);
        await app.Credentials.GetTokenAsync(App.Client);
        int tokenRequests = (await Rig.CountsAsync()).TokenRequests;

        await app.CallAsync("nonce/1");
        await app.CallAsync("nonce/2");
        int deniedAtFirst = (await Rig.CountsAsync()).Denied;
        await Rig.TellAsync("rotate-api-nonce");
        using HttpResponseMessage response = await app.Api.PostAsync("nonce/3", new StringContent("a body"));
        await app.CallAsync("nonce/4");

        Counts counts = await Rig.CountsAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((1, 2, 4, 1), (deniedAtFirst, counts.Denied, counts.Served, counts.TokensSeen));
        Assert.Equal(tokenRequests, counts.TokenRequests);
        Outcomes.Add(client, "/api/nonce, rotate-api-nonce", "1 call more for each new nonce, no token request, all served");
    }

    [InteropFact]
    public async Task A_nonce_that_comes_with_an_answer_is_used_next()
    {
        App app = Bound("dpop");

        await app.CallAsync("any/1");
        await app.CallAsync("nonce/1");

        Assert.Equal((2, 0), ((await Rig.CountsAsync()).Served, (await Rig.CountsAsync()).Denied));
        Outcomes.Add("dpop", "nonce with a good answer", "used by the next call, nothing refused");
    }

    [InteropTheory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    public async Task A_proof_may_be_signed_by_any_algorithm(string algorithm)
    {
        App app = Bound("dpop", options => options.Dpop.Algorithm = algorithm);

        await app.CallAsync("nonce/1");

        Assert.Equal((1, 1), ((await Rig.CountsAsync()).TokenRequests, (await Rig.CountsAsync()).Served));
        Outcomes.Add("dpop", $"proofs by {algorithm}", "1 token request, served");
    }

    [InteropFact]
    public async Task A_token_is_bound_to_the_key_that_is_given()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        App app = Bound("dpop", build: builder => builder.UseDpopKey(App.Client, key));

        JsonElement token = await app.CallAsync();

        Assert.Equal(Thumbprint(key.ExportParameters(includePrivateParameters: false)), token.GetProperty("cnf").GetProperty("jkt").GetString());
        Outcomes.Add("dpop", "UseDpopKey", "the token is bound to that key (RFC 7638)");
    }

    [InteropFact]
    public async Task A_stolen_token_opens_nothing()
    {
        App app = Bound("dpop");
        AccessToken token = await app.Credentials.GetTokenAsync(App.Client);
        using HttpClient thief = new();
        using HttpRequestMessage request = new(HttpMethod.Get, $"{Rig.PlainIssuer}/api/any/1");
        request.Headers.Authorization = new("Bearer", token.Reveal());

        using HttpResponseMessage response = await thief.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("DPoP-bound", (await Rig.CountsAsync()).Reasons, StringComparison.Ordinal);
        Outcomes.Add("dpop", "token sent by another as Bearer", "refused");
    }

    [InteropTheory]
    [InlineData("dpop", 2)]
    [InlineData("dpop-nonce", 3)]
    [InlineData("dpop-pkjwt", 3)]
    public async Task A_revoked_token_costs_one_token_request_and_no_call(string client, int tokenRequests)
    {
        App app = Bound(client);
        await app.CallAsync();
        await Rig.TellAsync("revoke-all");

        await app.CallAsync();

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((tokenRequests, 2, 2, 1), (counts.TokenRequests, counts.Tokens, counts.Served, counts.Denied));
        Outcomes.Add(client, "bound token revoked", "401, then served: 1 token request more");
    }

    [InteropFact]
    public async Task No_proof_is_sent_twice()
    {
        App app = Bound("dpop");

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => app.CallAsync()));

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((1, 100, 0), (counts.TokenRequests, counts.Served, counts.Denied));
        Outcomes.Add("dpop", "100 first calls at once", "1 token request, all served, no proof replayed");
    }

    [InteropFact]
    public async Task A_client_that_must_prove_its_key_and_does_not_is_refused()
    {
        App app = Start("dpop");

        ClientCredentialsException exception = await app.FailAsync();

        Assert.Equal((FailureReason.Refused, false, 1), (exception.Reason, exception.IsTransient, (await Rig.CountsAsync()).TokenRequests));
        Outcomes.Add("dpop", "without Dpop:Enabled", $"{exception.Error}: 1 token request");
    }

    [InteropFact]
    public async Task A_server_that_binds_though_not_registered_so_is_fine()
    {
        App app = Bound("basic");

        JsonElement token = await app.CallAsync("nonce/1");

        Assert.Equal("DPoP", token.GetProperty("scheme").GetString());
        Outcomes.Add("basic", "Dpop:Enabled, by choice", "bound token, served");
    }

    private App Bound(string client, Action<ClientCredentialsOptions>? configure = null, Action<ClientCredentialsBuilder>? build = null) =>
        Start(client, options =>
        {
            options.Dpop.Enabled = true;
            configure?.Invoke(options);
        }, build);

    private static string Thumbprint(ECParameters key)
    {
        string json = $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(key.Q.X)}}","y":"{{Base64Url.EncodeToString(key.Q.Y)}}"}""";
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
    }
}
