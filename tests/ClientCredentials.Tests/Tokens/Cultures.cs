using System.Globalization;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Tokens;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClientCredentials.Tests.Tokens;

public sealed class Cultures
{
    [Fact]
    public async Task Seconds_are_written_alike_in_every_culture()
    {
        // In a culture of its own making, which no data of the machine decides; it is this test's alone.
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "·" } };
        Patience patience = new(new Clock(new ManualClock()), new Jitter(() => 0.5), NullLogger<Patience>.Instance);
        Settings settings = new("billing", null, true, new() { MaxWait = TimeSpan.FromSeconds(10.5) });
        Failure busy = new(FailureReason.Unreachable, "busy.") { IsTransient = true, RetryAfter = TimeSpan.FromSeconds(30.5) };

        var reply = await patience.RunAsync(settings, maxRetries: 3, _ => Task.FromResult<TokenReply>(busy), () => "the server", CancellationToken.None);

        Assert.Equal("The next try is due in 30.5 s, and only 10.5 s of MaxWait (00:00:10.5000000) are left.", reply.Failure!.Hint);
    }
}
