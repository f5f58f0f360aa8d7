using System.Diagnostics;
using ClientCredentials.Interop.Running;

namespace ClientCredentials.Interop.Tokens;

/// <summary>Many callers, and tokens that end soon, in real time.</summary>
public class LivesOfTokens(Rig rig) : InteropTests(rig)
{
    [InteropTheory]
    [InlineData("basic")]
    [InlineData("pkjwt-es256")]
    public async Task A_hundred_first_calls_cause_one_token_request(string client)
    {
        App app = Start(client);
        await Rig.TellAsync("delay", new { ms = 200 });

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => app.CallAsync($"any/{i}")));

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((1, 100, 0, 1), (counts.TokenRequests, counts.Served, counts.Denied, counts.TokensSeen));
        Outcomes.Add(client, "100 first calls at once", "1 token request, all served");
    }

    [InteropFact]
    public async Task No_call_is_lost_across_the_renewals_of_short_tokens()
    {
        App app = Start("basic", options =>
        {
            options.Resources.Add("https://short.rig.test");
            options.Scopes.Add("s.read");
        });

        int calls = 0;
        for (Stopwatch since = Stopwatch.StartNew(); since.Elapsed < TimeSpan.FromSeconds(5); calls++)
        {
            await app.CallAsync("s/1");
            await Task.Delay(50);
        }

        Counts counts = await Rig.CountsAsync();
        Assert.Equal(calls, counts.Served);
        // This server counts in whole seconds: a token of 3 s may end after little more than 2. The API's 401 then brings the next one.
        Assert.InRange(counts.Denied, 0, counts.Tokens);
        Assert.InRange(counts.TokenRequests, 2, 6);
        Assert.Equal(counts.TokenRequests, counts.Tokens);
        Outcomes.Add("basic", "tokens of 3 s, calls for 5 s", "2 to 6 token requests, every call served");
    }
}
