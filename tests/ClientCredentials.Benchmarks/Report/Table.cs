using System.Globalization;
using System.Runtime.InteropServices;
using ClientCredentials.Benchmarks.Crowds;
using ClientCredentials.Benchmarks.HotPath;
using ClientCredentials.Benchmarks.Signing;

namespace ClientCredentials.Benchmarks.Report;

/// <summary>What it costs, as the README shows it.</summary>
internal static class Table
{
    private const int Rounds = 7;

    public static async Task<IReadOnlyList<Result>> RaceAsync()
    {
        using Contenders contenders = new();
        return await Race.RunAsync(contenders, Rounds, batches: 50);
    }

    public static async Task PrintAsync(IReadOnlyList<Result> results)
    {
        Say($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} cores; a token of 1,024 characters in memory. Median and (least–most) of {Rounds} runs, all in one process, in turn.");
        Say($"");
        Say($"| One request with its token in memory | bytes more than without | time more than without |");
        Say($"|---|---|---|");
        foreach (Result result in results)
        {
            Say($"| {result.Contender.Name} | {Spread(result.Bytes, "N0")} B | {Spread(result.Nanoseconds, "N0")} ns |");
        }

        await PrintLoopbackAsync();
        await PrintSignaturesAsync();
        await PrintCrowdsAsync();
    }

    private static async Task PrintLoopbackAsync()
    {
        await using Loopback loopback = await Loopback.StartAsync();
        var measured = loopback.All.ToDictionary(chain => chain.Name, _ => new List<(double Nanoseconds, double Bytes)>(), StringComparer.Ordinal);
        for (int round = -1; round < Rounds; round++)
        {
            foreach ((string name, HttpMessageInvoker chain) in loopback.All)
            {
                (double, double) cost = await loopback.MeasureAsync(chain);
                if (round >= 0)
                {
                    measured[name].Add(cost);
                }
            }
        }

        Say($"");
        Say($"| One request over real HTTP on this machine, client and server | bytes | time |");
        Say($"|---|---|---|");
        foreach ((string name, var costs) in measured)
        {
            Say($"| {name} | {Spread(costs.Select(cost => cost.Bytes), "N0")} B | {Spread(costs.Select(cost => cost.Nanoseconds / 1000), "N1")} µs |");
        }
    }

    private static async Task PrintCrowdsAsync()
    {
        using CancellationTokenSource cancellation = new();
        await ColdStart.AskAsync(10_000, cancellation.Token);
        CrowdResult cold = await ColdStart.AskAsync(10_000, cancellation.Token);
        using Expiry expiry = new(10_000);
        await expiry.RunAsync();
        await expiry.RunAsync();
        RefreshResult load = await Refreshes.InRealTimeAsync(TimeSpan.FromSeconds(30));
        Say($"");
        Say($"| At scale | |");
        Say($"|---|---|");
        Say($"| 10,000 callers at once, no token yet | {cold.TokenRequests} token request, {cold.BytesPerCaller} B per caller that waits |");
        Say($"| 10,000 callers at once, the token has ended | {expiry.TokenRequests - 1} token request |");
        Say($"| 30 s at full speed, tokens of 10 s, a token endpoint that takes 300 ms | {load.Calls:N0} calls, {load.Renewals} renewals, {load.Waited} calls that waited for one; slower than 50 ms: {load.Slow}, and of as many calls without a token beside them: {load.SlowWithout} |");
        IReadOnlyList<Shapes> all = await Shapes.FilledAsync(1, 1_000, 100_000);
        foreach ((Shapes shapes, double[] runs) in all.Zip(Shapes.Race(all, Rounds)))
        {
            Say($"| a cached token by `TokenParameters`, {shapes.All.Length:N0} kinds of tokens in memory | {Spread(runs, "N0")} ns, {shapes.BytesPerLookUp()} B |");
            shapes.Dispose();
        }

        Say($"| a kind of token that nobody uses, beyond the text of the token | {await IdleMemory.PerSourceAsync(5_000, 1024):N0} B |");
    }

    private static async Task PrintSignaturesAsync()
    {
        using Signatures signatures = new();
        Say($"");
        Say($"| A signature of its own | bytes more than without | time more than without | of which the signature alone |");
        Say($"|---|---|---|---|");
        foreach (SigningResult result in await signatures.RunAsync(Rounds, batches: 10))
        {
            Say($"| {result.Name} | {result.Bytes:N0} B | {Spread(result.Nanoseconds.Select(time => time / 1000), "N0")} µs | {Spread(result.Bare.Select(time => time / 1000), "N0")} µs |");
        }
    }

    private static string Spread(IEnumerable<double> figures, string format)
    {
        double[] all = [.. figures];
        (string least, string most) = (all.Min().ToString(format, CultureInfo.InvariantCulture), all.Max().ToString(format, CultureInfo.InvariantCulture));
        string median = Race.Median(all).ToString(format, CultureInfo.InvariantCulture);
        return least == most ? median : $"{median} ({least}–{most})";
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
