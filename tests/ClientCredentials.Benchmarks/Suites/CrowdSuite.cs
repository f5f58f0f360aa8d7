using BenchmarkDotNet.Attributes;
using ClientCredentials.Benchmarks.Crowds;

namespace ClientCredentials.Benchmarks.Suites;

/// <summary>Many callers at once: at the start, app and all, and when the token has ended.</summary>
[MemoryDiagnoser]
public class CrowdSuite
{
    private Expiry _expiry = null!;

    [Params(1_000, 10_000)]
    public int Callers { get; set; }

    [GlobalSetup]
    public void Begin() => _expiry = new Expiry(Callers);

    [GlobalCleanup]
    public void End() => _expiry.Dispose();

    [Benchmark]
    public Task ColdStartOfAnApp() => ColdStart.SendAsync(Callers);

    [Benchmark]
    public Task TokenHasEnded() => _expiry.RunAsync();
}
