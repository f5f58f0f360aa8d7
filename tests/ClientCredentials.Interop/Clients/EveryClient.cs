using System.Text.Json;
using ClientCredentials.Interop.Running;

namespace ClientCredentials.Interop.Clients;

/// <summary>The clients that have nothing but their way to prove themselves.</summary>
public class EveryClient(Rig rig) : InteropTests(rig)
{
    [InteropTheory]
    [InlineData("basic")]
    [InlineData("svc:p@y/r d+%&=")]
    [InlineData("post")]
    [InlineData("post&special=1")]
    [InlineData("hs256-jwt")]
    [InlineData("hs384-jwt")]
    [InlineData("hs512-jwt")]
    [InlineData("pkjwt-rs256")]
    [InlineData("pkjwt-rs384")]
    [InlineData("pkjwt-rs512")]
    [InlineData("pkjwt-ps256")]
    [InlineData("pkjwt-ps384")]
    [InlineData("pkjwt-ps512")]
    [InlineData("pkjwt-es256")]
    [InlineData("pkjwt-es384")]
    [InlineData("pkjwt-es512")]
    [InlineData("pkjwt-p12")]
    [InlineData("public")]
    public async Task Gets_one_token_for_all_calls(string client)
    {
        App app = Start(client);

        JsonElement first = await app.CallAsync();
        JsonElement second = await app.CallAsync();

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((1, 1, 2, 1), (counts.TokenRequests, counts.Tokens, counts.Served, counts.TokensSeen));
        Assert.Equal(client, first.GetProperty("client_id").GetString());
        Assert.Equal(first.GetProperty("token").GetString(), second.GetProperty("token").GetString());
        Assert.Equal(HowItLooks(Rig.Client(client).Method), counts.Log.Single().GetProperty("auth").GetString());
        Outcomes.Add(client, $"two calls, {Rig.Client(client).Method} {Rig.Client(client).Algorithm}".TrimEnd(), "1 token request, opaque token, both served");
    }

    [InteropTheory]
    [InlineData("basic")]
    [InlineData("post")]
    [InlineData("public")]
    public async Task Gets_a_token_of_the_plain_listener_too(string client)
    {
        App app = Start(client, options => (options.TokenUrl, options.ApiUrl, options.Issuer) =
            (new Uri($"{Rig.PlainIssuer}/token"), new Uri($"{Rig.PlainIssuer}/api/"), Rig.PlainIssuer));

        await app.CallAsync();

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((1, 1), (counts.TokenRequests, counts.Served));
        Outcomes.Add(client, "http on loopback", "1 token request, served");
    }

    [InteropFact]
    public async Task Ed25519_is_refused_at_start_in_plain_words()
    {
        App app = Start("pkjwt-eddsa", options => options.Assertion.Algorithm = null);

        string problem = Assert.Single(app.StartProblems());

        Assert.Contains("has a private key that is damaged, or neither RSA nor EC (Ed25519 is not supported)", problem, StringComparison.Ordinal);
        Assert.Equal(0, (await Rig.CountsAsync()).TokenRequests);
        Outcomes.Add("pkjwt-eddsa", "private_key_jwt EdDSA", "left out: the BCL has no Ed25519; refused at start, nothing sent");
    }

    private static string HowItLooks(string method) => method switch
    {
        "client_secret_basic" => "basic",
        "client_secret_post" => "post",
        "none" => "none",
        _ => "assertion",
    };
}
