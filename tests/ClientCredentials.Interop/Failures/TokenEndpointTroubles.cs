using System.Diagnostics;
using System.Net;
using ClientCredentials.Interop.Running;

namespace ClientCredentials.Interop.Failures;

/// <summary>The token endpoint is there but does not do well.</summary>
public class TokenEndpointTroubles(Rig rig) : InteropTests(rig)
{
    [InteropTheory]
    [InlineData("basic")]
    [InlineData("pkjwt-es384")]
    public async Task A_Retry_After_is_waited_for(string client)
    {
        App app = Start(client);
        await Rig.TellAsync("fail", new { count = 1, status = 503, retryAfter = 1 });

        long started = Stopwatch.GetTimestamp();
        await app.CallAsync();

        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(0.95));
        Assert.Equal((2, 1), ((await Rig.CountsAsync()).TokenRequests, (await Rig.CountsAsync()).Tokens));
        Outcomes.Add(client, "503 with Retry-After: 1", "2 token requests 1 s apart, served");
    }

    [InteropFact]
    public async Task A_Retry_After_beyond_all_patience_fails_at_once()
    {
        App app = Start("basic", options => (options.MaxWait, options.AttemptTimeout) = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)));
        await Rig.TellAsync("fail", new { count = 1, status = 503, retryAfter = 60 });

        ClientCredentialsException exception = await app.FailAsync();

        Assert.Equal((FailureReason.Unreachable, true, HttpStatusCode.ServiceUnavailable), (exception.Reason, exception.IsTransient, exception.TokenEndpointStatus));
        Assert.Equal((TimeSpan.FromSeconds(60), 1), (exception.RetryAfter, (await Rig.CountsAsync()).TokenRequests));
        Outcomes.Add("basic", "503 with Retry-After: 60", "fails at once and says when to come again: 1 token request");
    }

    [InteropTheory]
    [InlineData("reset", "basic", 2)]
    [InlineData("reset", "pkjwt-ps384", 2)]
    [InlineData("truncate", "basic", 1)]
    [InlineData("truncate", "hs256-jwt", 1)]
    [InlineData("hang", "basic", 1)]
    [InlineData("hang", "pkjwt-es256", 1)]
    public async Task What_breaks_on_the_way_is_tried_again(string mode, string client, int times)
    {
        App app = Start(client, options => options.AttemptTimeout = PatienceWith(mode));
        await Rig.TellAsync("fail", new { count = times, mode });

        await app.CallAsync();

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((times + 1, 1, 1), (counts.TokenRequests, counts.Tokens, counts.Served));
        Outcomes.Add(client, $"{times} times {mode}", $"{times + 1} token requests, served");
    }

    [InteropTheory]
    [InlineData("status", FailureReason.Unreachable)]
    [InlineData("reset", FailureReason.Unreachable)]
    [InlineData("truncate", FailureReason.Unreachable)]
    [InlineData("hang", FailureReason.TimedOut)]
    public async Task An_end_of_patience_is_a_failure_that_may_pass(string mode, FailureReason reason)
    {
        App app = Start("basic", options => (options.MaxRetries, options.AttemptTimeout) = (2, PatienceWith(mode)));
        await Rig.TellAsync("fail", new { count = 3, mode });

        ClientCredentialsException exception = await app.FailAsync();
        await app.CallAsync();

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((reason, true, 3), (exception.Reason, exception.IsTransient, exception.Attempts));
        Assert.Equal((4, 1, 0), (counts.TokenRequests, counts.Served, counts.Denied));
        Outcomes.Add("basic", $"3 times {mode}, MaxRetries 2", $"{reason}, transient, 3 token requests; the next call is served");
    }

    [InteropFact]
    public async Task A_trouble_behind_a_good_token_is_not_seen_by_callers()
    {
        App app = Start("basic");
        await app.CallAsync();
        await Rig.TellAsync("fail", new { count = 1, mode = "reset" });
        await Rig.TellAsync("revoke-all");

        await app.CallAsync();

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((3, 2, 2), (counts.TokenRequests, counts.Tokens, counts.Served));
        Outcomes.Add("basic", "token revoked, then reset", "2 token requests more, served");
    }

    // Long enough for a busy machine, short enough for a server that never answers.
    private static TimeSpan PatienceWith(string mode) => TimeSpan.FromSeconds(mode == "hang" ? 3 : 10);
}
