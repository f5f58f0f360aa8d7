using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClientCredentials.Interop.Running;

namespace ClientCredentials.Interop.Tokens;

/// <summary>The API refuses a token that was good a moment ago.</summary>
public class Revocation(Rig rig) : InteropTests(rig)
{
    [InteropTheory]
    [InlineData("basic", null, "any/1")]
    [InlineData("hs256-jwt", null, "any/1")]
    [InlineData("pkjwt-rs256", "https://api-a.rig.test", "a/1")]
    [InlineData("public", "https://api-c.rig.test", "c/1")]
    public async Task A_revoked_token_costs_one_token_request_and_no_call(string client, string? resource, string path)
    {
        App app = Start(client, options =>
        {
            if (resource is not null)
            {
                options.Resources.Add(resource);
                options.Scopes.Add(resource.Contains("api-a", StringComparison.Ordinal) ? "a.read" : "c.read");
            }
        });
        await app.CallAsync(path);
        await Rig.TellAsync("revoke-all");

        await app.CallAsync(path);

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((2, 2, 2, 1), (counts.TokenRequests, counts.Tokens, counts.Served, counts.Denied));
        Outcomes.Add(client, $"{(resource is null ? "opaque token" : "JWT")} revoked", "401, then served: 1 token request more");
    }

    [InteropFact]
    public async Task A_token_revoked_by_its_owner_is_replaced_too()
    {
        App app = Start("basic");
        AccessToken token = await app.Credentials.GetTokenAsync(App.Client);
        RigClient owner = Rig.Client("basic");
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Post, $"{Rig.PlainIssuer}/token/revocation");
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{owner.Id}:{owner.Secret}")));
        request.Content = new FormUrlEncodedContent([new("token", token.Reveal())]);
        using HttpResponseMessage revoked = await http.SendAsync(request);

        await app.CallAsync();

        Counts counts = await Rig.CountsAsync();
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        Assert.Equal((2, 1, 1), (counts.TokenRequests, counts.Served, counts.Denied));
        Outcomes.Add("basic", "token revoked by RFC 7009", "401, then served: 1 token request more");
    }

    [InteropFact]
    public async Task A_body_arrives_whole_the_second_time()
    {
        App app = Start("basic");
        await app.CallAsync();
        await Rig.TellAsync("revoke-all");
        byte[] body = [.. Enumerable.Range(0, 200_000).Select(i => (byte)i)];

        using HttpResponseMessage response = await app.Api.PostAsync("any/1", new ByteArrayContent(body));

        JsonElement said = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(body)), said.GetProperty("body_sha256").GetString(), ignoreCase: true);
        Outcomes.Add("basic", "POST of 200 kB with a revoked token", "sent again as it was, served");
    }

    [InteropFact]
    public async Task Fifty_refusals_at_once_cause_one_token_request()
    {
        App app = Start("basic");
        await app.CallAsync();
        await Rig.TellAsync("revoke-all");

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => app.CallAsync($"any/{i}")));

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((2, 51), (counts.TokenRequests, counts.Served));
        Outcomes.Add("basic", "50 calls with a revoked token", "1 token request more, all served");
    }

    [InteropFact]
    public async Task An_API_that_refuses_every_token_gets_one_new_one()
    {
        App app = Start("basic");
        await Rig.TellAsync("api-fail", new { count = 100 });

        HttpStatusCode[] statuses = new HttpStatusCode[10];
        for (int i = 0; i < statuses.Length; i++)
        {
            using HttpResponseMessage response = await app.Api.GetAsync("any/1");
            statuses[i] = response.StatusCode;
        }

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        Assert.Equal(2, (await Rig.CountsAsync()).TokenRequests);
        Outcomes.Add("basic", "API refuses every token, 10 calls", "2 token requests, the API's 401 each time");
    }

    [InteropFact]
    public async Task A_scope_that_does_not_suffice_is_the_callers_to_see()
    {
        App app = Start("basic", options =>
        {
            options.Resources.Add("https://api-a.rig.test");
            options.Scopes.Add("a.read");
        });

        using HttpResponseMessage response = await app.Api.PostAsync("a/1", null);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(1, (await Rig.CountsAsync()).TokenRequests);
        Outcomes.Add("basic", "403 insufficient_scope", "given to the caller, no token request more");
    }
}
