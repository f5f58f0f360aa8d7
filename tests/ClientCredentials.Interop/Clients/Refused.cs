using ClientCredentials.Interop.Running;

namespace ClientCredentials.Interop.Clients;

/// <summary>What the server says no to: one request, and a reason that names what is wrong.</summary>
public class Refused(Rig rig) : InteropTests(rig)
{
    [InteropTheory]
    [InlineData("basic", "wrong secret", "invalid_client")]
    [InlineData("post", "wrong secret", "invalid_client")]
    [InlineData("hs256-jwt", "wrong secret", "invalid_client")]
    [InlineData("expired-secret", "expired secret", "invalid_client")]
    [InlineData("nogrant", "grant not allowed", "invalid_request")] // RFC 6749 §5.2 says unauthorized_client; this server does not
    [InlineData("pkjwt-es256", "key of another client", "invalid_client")]
    [InlineData("pkjwt-es256", "wrong audience", "invalid_client")]
    [InlineData("public", "unknown client", "invalid_client")]
    [InlineData("basic", "another method: none", "invalid_client")]
    public async Task A_refusal_costs_one_request_however_often_it_is_asked(string client, string wrong, string error)
    {
        App app = Start(client, options => Spoil(options, wrong));

        ClientCredentialsException first = await app.FailAsync();
        ClientCredentialsException second = await app.FailAsync();

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((FailureReason.Refused, error, false, 1), (first.Reason, first.Error, first.IsTransient, first.Attempts));
        Assert.Equal((FailureReason.Refused, error), (second.Reason, second.Error));
        Assert.Equal((1, 0), (counts.TokenRequests, counts.Served + counts.Denied));
        Outcomes.Add(client, wrong, $"{error}: 1 token request for two calls, nothing reaches the API");
    }

    [InteropFact]
    public async Task A_secret_is_in_no_message()
    {
        App app = Start("basic", options => options.ClientSecret = "canary-secret-0123456789");

        ClientCredentialsException exception = await app.FailAsync();

        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
    }

    private void Spoil(ClientCredentialsOptions options, string wrong)
    {
        switch (wrong)
        {
            case "wrong secret":
                options.ClientSecret = "not-the-secret-of-that-client-but-long-enough";
                break;
            case "key of another client":
                options.Key.PemFile = Rig.Client("dpop-pkjwt").PemFile;
                break;
            case "wrong audience":
                options.Assertion.Audience = "https://elsewhere.rig.test";
                break;
            case "unknown client":
                options.ClientId = "nobody";
                break;
            case "another method: none":
                (options.AuthenticationMethod, options.ClientSecret) = (AuthenticationMethod.None, null);
                break;
        }
    }
}
