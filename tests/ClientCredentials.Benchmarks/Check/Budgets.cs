using System.Diagnostics;
using System.Globalization;
using ClientCredentials.Benchmarks.Crowds;
using ClientCredentials.Benchmarks.HotPath;
using ClientCredentials.Benchmarks.Scene;
using ClientCredentials.Benchmarks.Signing;
using ClientCredentials.Tokens;

namespace ClientCredentials.Benchmarks.Check;

/// <summary>The budgets of the design, measured in less than a minute. Bytes and counts are judged, times only shown.</summary>
internal static class Budgets
{
    private const long AnsweredAtOnce = 168;
    private const long AnsweredLater = 224;
    private const long WaitingCaller = 400;
    private const long IdleSource = 1024;

    /// <summary>Header, claims and their encoding, all of them new each time.</summary>
    private const long AroundAssertion = 12 * 1024;
    private const long AroundProof = 6 * 1024;

    /// <summary>Patience, log scopes, a factory and checks may cost about as much again as the exchange.</summary>
    private const long FetchFactor = 3;

    /// <summary>What still counts as flat: the runtime's own caches come and go.</summary>
    private const long Flat = 64 * 1024;

    /// <returns>0 where every budget is kept, else 1.</returns>
    public static async Task<int> RunAsync()
    {
        long started = Stopwatch.GetTimestamp();
        Figures figures = new();
        await CachedRequestsAsync(figures);
        await PeersAsync(figures);
        await CrowdsAsync(figures);
        await ShapesAsync(figures);
        await MemoryAsync(figures);
        await SigningAsync(figures);
        await ChoicesAsync(figures);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{figures.Count} figures, {figures.Failed} budgets broken, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"));
        return figures.Failed == 0 ? 0 : 1;
    }

    private static async Task CachedRequestsAsync(Figures figures)
    {
        using App app = new(new TokenStub());
        using App withLongTokens = new(new TokenStub(tokenLength: 4096));
        await app.Credentials.GetTokenAsync(App.Client);
        await withLongTokens.Credentials.GetTokenAsync(App.Client);
        foreach ((bool later, string when, long limit) in new[] { (false, "answered at once", AnsweredAtOnce), (true, "answered later", AnsweredLater) })
        {
            Wire wire = new(later);
            using HttpMessageInvoker floor = new(new PassThrough(wire));
            using HttpMessageInvoker ours = app.Over(wire);
            using HttpMessageInvoker oursWithLongTokens = withLongTokens.Over(wire);
            long floorBytes = Bytes.PerRequest(floor, wire);
            long oursBytes = Bytes.PerRequest(ours, wire);
            figures.Judge($"cached request {when}, bytes", oursBytes - floorBytes, floorBytes, limit);
            figures.Judge($"cached request {when}, bytes more with a token of 4 KB", Bytes.PerRequest(oursWithLongTokens, wire) - oursBytes, oursBytes, 0);

            Wire reading = new(later) { ReadsUrl = true };
            using HttpMessageInvoker readingFloor = new(new PassThrough(reading));
            using HttpMessageInvoker readingOurs = app.Over(reading);
            long urlFloor = Bytes.PerRequest(readingFloor, reading, NewUrl);
            figures.Judge($"cached request {when}, each with a URL of its own, bytes", Bytes.PerRequest(readingOurs, reading, NewUrl) - urlFloor, urlFloor, limit);
        }

        Wire synchronous = new();
        using HttpMessageInvoker sendFloor = new(new PassThrough(synchronous));
        using HttpMessageInvoker send = app.Over(synchronous);
        long sendFloorBytes = Bytes.OnThisThread(() => App.NewRequest(), request => sendFloor.Send(request, CancellationToken.None));
        figures.Judge("cached request by the synchronous Send, bytes", Bytes.OnThisThread(() => App.NewRequest(), request => send.Send(request, CancellationToken.None)) - sendFloorBytes, sendFloorBytes, AnsweredAtOnce);

        static HttpRequestMessage NewUrl() => App.NewRequest(new Uri(App.Url.OriginalString));
    }

    private static async Task PeersAsync(Figures figures)
    {
        using Contenders contenders = new();
        IReadOnlyList<Result> results = await Race.RunAsync(contenders, rounds: 3, batches: 20);
        Result ours = results.Single(result => result.Contender.Name == Contenders.Ours);
        foreach (Result peer in results.Where(result => result.Contender.IsPeer))
        {
            figures.Judge($"cached request, bytes, against {peer.Contender.Name}", (long)Race.Median(ours.Bytes), 0, (long)Race.Median(peer.Bytes) - 1);
        }

        foreach (Result result in results)
        {
            figures.Show($"cached request, ns, {result.Contender.Name}", Math.Round(result.Nanoseconds.Min()), 0);
        }
    }

    private static async Task CrowdsAsync(Figures figures)
    {
        const int Callers = 10_000;
        using CancellationTokenSource cancellation = new();
        // The first crowd is for the compiler.
        await ColdStart.AskAsync(Callers, cancellation.Token);
        await ColdStart.SendAsync(Callers, cancellation.Token);
        CrowdResult asked = await ColdStart.AskAsync(Callers);
        CrowdResult askedCancellable = await ColdStart.AskAsync(Callers, cancellation.Token);
        CrowdResult sent = await ColdStart.SendAsync(Callers);
        CrowdResult sentCancellable = await ColdStart.SendAsync(Callers, cancellation.Token);
        long cached = await ColdStart.CachedAsync(Callers);
        figures.Judge("10,000 cold callers, token requests", asked.TokenRequests, 1, 1);
        figures.Judge("10,000 cold requests, token requests", sentCancellable.TokenRequests, 1, 1);
        figures.Judge("10,000 cold callers, bytes per waiting caller", asked.BytesPerCaller, 0, WaitingCaller);
        figures.Judge("10,000 cold callers that can cancel, bytes per waiting caller", askedCancellable.BytesPerCaller, 0, WaitingCaller);
        figures.Judge("10,000 cold requests, bytes per waiting request", sent.BytesPerCaller - cached, cached, WaitingCaller);
        figures.Show("10,000 cold requests that can cancel, bytes per waiting request", sentCancellable.BytesPerCaller - cached, cached);
        figures.Judge("50 concurrent 401s, token requests", await Refusals.RunAsync(50), 1, 1);

        RefreshResult load = await Refreshes.ByManualClockAsync(renewals: 20);
        figures.Judge("steady load across 20 renewals at a server that takes 300 ms, calls that waited", load.Waited, 0, 0);
        figures.Judge("steady load across 20 renewals, token requests", load.Renewals, 20, 20);
        long byHand = await Fetches.ByHandAsync();
        figures.Judge("token fetch, bytes (floor: the bare exchange by hand)", await Fetches.OursAsync(), byHand, FetchFactor * byHand);
    }

    private static async Task ShapesAsync(Figures figures)
    {
        IReadOnlyList<Shapes> all = await Shapes.FilledAsync(1, 1_000, 100_000);
        long bytesOfOne = all[0].BytesPerLookUp();
        foreach ((Shapes shapes, double[] nanoseconds) in all.Zip(Shapes.Race(all, rounds: 3)))
        {
            string among = string.Create(CultureInfo.InvariantCulture, $"cached TokenParameters among {shapes.All.Length:N0}");
            figures.Judge($"{among}, bytes per look-up", shapes.BytesPerLookUp(), bytesOfOne, bytesOfOne);
            figures.Show($"{among}, ns per look-up", Math.Round(nanoseconds.Min()), 0);
            shapes.Dispose();
        }

        using Shapes tenants = new(12_000, TokenSources.Limit);
        await tenants.FillAsync(tenants.All);
        // From the newest back to the first that is gone; to ask for one that is gone would bring it back.
        figures.Judge("12,000 kinds of tokens on a bound of 10,000, of them in memory", tenants.All.Reverse().TakeWhile(tenants.IsInMemory).Count(), 0, TokenSources.Limit);
    }

    /// <summary>Last, because after the first request that asks for something of its own every request is looked at for it.</summary>
    private static async Task ChoicesAsync(Figures figures)
    {
        using App app = new(new TokenStub());
        TokenParameters parameters = new() { Audience = "https://tenant.example.com/" };
        await app.Credentials.GetTokenAsync(App.Client);
        await app.Credentials.GetTokenAsync(App.Client, parameters);
        Wire wire = new(later: true);
        using HttpMessageInvoker floor = new(new PassThrough(wire));
        using HttpMessageInvoker ours = app.Over(wire);
        long floorBytes = Bytes.PerRequest(floor, wire);
        figures.Show("cached request with TokenParameters of its own, answered later, bytes", Bytes.PerRequest(ours, wire, () => App.NewRequest().UseClientCredentials(parameters)) - floorBytes, floorBytes);
        figures.Show("cached request without, in an app where another has them, answered later, bytes", Bytes.PerRequest(ours, wire) - floorBytes, floorBytes);
    }

    private static async Task SigningAsync(Figures figures)
    {
        using Signatures signatures = new();
        foreach (SigningResult result in await signatures.RunAsync(rounds: 3, batches: 5))
        {
            figures.Judge($"{result.Name}, bytes", result.Bytes, result.BareBytes, result.BareBytes + (result.IsProof ? AroundProof : AroundAssertion));
            figures.Show($"{result.Name}, ns (floor: the signature alone)", Math.Round(result.Nanoseconds.Min()), Math.Round(result.Bare.Min()));
        }
    }

    private static async Task MemoryAsync(Figures figures)
    {
        figures.Judge("idle source, bytes beyond a token of 32 characters", await IdleMemory.PerSourceAsync(5_000, tokenLength: 32), 0, IdleSource);
        figures.Judge("idle source, bytes beyond a token of 1,024 characters", await IdleMemory.PerSourceAsync(5_000, tokenLength: 1024), 0, IdleSource);
        figures.Judge("memory after 1,000,000 requests and 200 renewals, bytes more than after a tenth of them", await IdleMemory.GrowthAsync(100_000, 20, tenths: 9), 0, Flat);
    }
}
