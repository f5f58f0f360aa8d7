using System.Text.Json;
using ClientCredentials.Interop.Running;

namespace ClientCredentials.Interop.Clients;

/// <summary>Clients that know the issuer alone, and find the token endpoint by its metadata (RFC 8414).</summary>
public class Discovered(Rig rig) : InteropTests(rig)
{
    [InteropTheory]
    [InlineData("basic", "basic")]
    [InlineData("pkjwt-es256", "assertion")]
    [InlineData("mtls-ca", "certificate")]
    [InlineData("dpop", "basic")]
    public async Task The_token_endpoint_is_found_and_the_call_is_served(string client, string method)
    {
        App app = Start(client, options => (options.TokenUrl, options.Dpop.Enabled) = (null, client == "dpop"));

        await app.CallAsync();
        await app.CallAsync("any/2");

        Counts counts = await Rig.CountsAsync();
        JsonElement request = counts.Log.Single();
        Assert.Equal((1, 1, 2, 0), (counts.TokenRequests, counts.Tokens, counts.Served, counts.Denied));
        Assert.Equal(method, request.GetProperty("auth").GetString());
        // The metadata names another endpoint for certificates (RFC 8705 §5).
        Assert.Equal(new Uri(method == "certificate" ? Rig.MtlsUrl : Rig.Issuer).Port, request.GetProperty("port").GetInt32());
        Outcomes.Add(client, "issuer alone, token endpoint by its metadata", "1 token request, both served");
    }
}
