using System.Text;
using System.Text.Json;
using ClientCredentials.Interop.Running;

namespace ClientCredentials.Interop.Tokens;

/// <summary>JWT and opaque tokens, resources, scopes.</summary>
public class KindsOfTokens(Rig rig) : InteropTests(rig)
{
    [InteropTheory]
    [InlineData("https://api-a.rig.test", "a/1", "a.read", "jwt")]
    [InlineData("https://api-b.rig.test", "b/1", "b.read", "opaque")]
    [InlineData("https://api-c.rig.test", "c/1", "c.read", "jwt")]
    public async Task A_token_is_for_the_resource_that_was_asked_for(string resource, string path, string scope, string format)
    {
        App app = Start("basic", options =>
        {
            options.Resources.Add(resource);
            options.Scopes.Add(scope);
        });

        JsonElement token = await app.CallAsync(path);

        Assert.Equal((format, resource, scope), (token.GetProperty("format").GetString(), token.GetProperty("aud").GetString(), token.GetProperty("scope").GetString()));
        Assert.Equal(1, (await Rig.CountsAsync()).TokenRequests);
        Outcomes.Add("basic", $"resource {resource}", $"{format} token, scope {scope}, served");
    }

    [InteropFact]
    public async Task Each_resource_has_a_token_of_its_own_within_one_client()
    {
        App app = Start("basic");
        TokenParameters a = new() { Resources = ["https://api-a.rig.test"], Scopes = ["a.read"] };
        TokenParameters b = new() { Resources = ["https://api-b.rig.test"], Scopes = ["b.read"] };

        await app.CallAsync("a/1", a);
        await app.CallAsync("b/1", b);
        await app.CallAsync("a/2", a);
        await app.CallAsync();

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((3, 4, 3), (counts.TokenRequests, counts.Served, counts.TokensSeen));
        Outcomes.Add("basic", "resources by TokenParameters", "4 calls, 3 kinds of token, 3 token requests");
    }

    [InteropFact]
    public async Task Several_resources_are_sent_as_several_parameters()
    {
        App app = Start("basic", options =>
        {
            options.Resources.Add("https://api-a.rig.test");
            options.Resources.Add("https://api-b.rig.test");
        });

        ClientCredentialsException exception = await app.FailAsync("a/1");

        // This server takes no more than one for this grant, and says so; what it saw is what matters.
        JsonElement request = Assert.Single((await Rig.CountsAsync()).Log);
        Assert.Equal(["https://api-a.rig.test", "https://api-b.rig.test"], request.GetProperty("resource").EnumerateArray().Select(value => value.GetString()!));
        Assert.Equal((FailureReason.Refused, "invalid_target"), (exception.Reason, exception.Error));
        Outcomes.Add("basic", "two resources", "the server reads both, and takes one only: invalid_target, 1 token request");
    }

    [InteropFact]
    public async Task An_unknown_resource_is_the_problem_of_that_request_only()
    {
        App app = Start("basic");
        TokenParameters elsewhere = new() { Resources = ["https://elsewhere.rig.test"] };

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.CallAsync("any/1", elsewhere));
        await app.CallAsync();

        Assert.Equal((FailureReason.Refused, "invalid_target", false), (exception.Reason, exception.Error, exception.IsTransient));
        Assert.Equal((2, 1), ((await Rig.CountsAsync()).TokenRequests, (await Rig.CountsAsync()).Served));
        Outcomes.Add("basic", "unknown resource", "invalid_target, 1 token request; the client's other tokens are served on");
    }

    [InteropFact]
    public async Task A_scope_beyond_the_clients_own_is_refused()
    {
        App app = Start("limited");
        TokenParameters more = new() { Scopes = ["rig.read", "rig.write"] };

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.CallAsync("any/1", more));
        JsonElement token = await app.CallAsync("any/1", new TokenParameters { Scopes = ["rig.read"] });

        Assert.Equal((FailureReason.Refused, "invalid_scope"), (exception.Reason, exception.Error));
        Assert.Equal("rig.read", token.GetProperty("scope").GetString());
        Assert.Equal(2, (await Rig.CountsAsync()).TokenRequests);
        Outcomes.Add("limited", "a scope too many", "invalid_scope, 1 token request; the scope it has is granted");
    }

    [InteropTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_smaller_grant_is_taken_unless_what_is_missing_is_required(bool isRequired)
    {
        App app = Start("limited", options =>
        {
            options.Resources.Add("https://api-a.rig.test");
            options.Scopes.Add("a.read");
            options.Scopes.Add("b.admin");
            if (isRequired)
            {
                options.RequiredScopes.Add("b.admin");
            }
        });

        ConnectResult result = await app.Credentials.ConnectAsync(App.Client);

        Assert.Equal((!isRequired, 1), (result.IsOK, (await Rig.CountsAsync()).Tokens));
        Assert.Equal(isRequired ? [] : ["a.read"], result.ScopesGranted);
        Outcomes.Add("limited", isRequired ? "smaller grant, RequiredScopes" : "smaller grant", isRequired ? "token refused by us" : "token taken, with the scope that was granted");
    }

    [InteropFact]
    public async Task The_server_itself_says_that_the_token_is_good()
    {
        App app = Start("basic", options => options.Scopes.Add("rig.read"));
        AccessToken token = await app.Credentials.GetTokenAsync(App.Client);
        RigClient resourceServer = Rig.Client("rs");
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Post, $"{Rig.PlainIssuer}/token/introspection");
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{resourceServer.Id}:{resourceServer.Secret}")));
        request.Content = new FormUrlEncodedContent([new("token", token.Reveal())]);

        using HttpResponseMessage response = await http.SendAsync(request);

        JsonElement said = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        Assert.True(said.GetProperty("active").GetBoolean());
        Assert.Equal(("basic", "rig.read", "Bearer"), (said.GetProperty("client_id").GetString(), said.GetProperty("scope").GetString(), said.GetProperty("token_type").GetString()));
        Assert.InRange(token.ExpiresAt.ToUnixTimeSeconds(), said.GetProperty("exp").GetInt64() - 30, said.GetProperty("exp").GetInt64() + 1);
        Outcomes.Add("rs", "introspects a token of 'basic'", "active, with the client, scope, type and end that we know");
    }
}
