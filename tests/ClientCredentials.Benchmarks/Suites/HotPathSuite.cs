using BenchmarkDotNet.Attributes;
using ClientCredentials.Benchmarks.HotPath;
using ClientCredentials.Benchmarks.Scene;

namespace ClientCredentials.Benchmarks.Suites;

/// <summary>One request with its token in memory; making the request is part of each, so compare with the bare chain.</summary>
[MemoryDiagnoser]
public class HotPathSuite
{
    private Contenders _contenders = null!;

    [GlobalSetup]
    public void Begin() => _contenders = new Contenders();

    [GlobalCleanup]
    public void End() => _contenders.Dispose();

    [Benchmark(Baseline = true)]
    public Task BareChain() => SendAsync("bare chain");

    [Benchmark]
    public Task PassThroughHandler() => SendAsync("pass-through handler");

    [Benchmark]
    public Task TextMadeOnce() => SendAsync("text made once, unparsed, nothing else");

    [Benchmark]
    public Task Ours() => SendAsync(Contenders.Ours);

    [Benchmark]
    public Task SharedHeaderByHand() => SendAsync(Contenders.Shared);

    [Benchmark]
    public Task CacheByHand() => SendAsync(Contenders.Cache);

    [Benchmark]
    public Task AzureCorePipelineAlone() => SendAsync("Azure.Core pipeline alone");

    [Benchmark]
    public Task AzureCoreBearerPolicy() => SendAsync("Azure.Core 1.64 bearer policy");

    [Benchmark]
    public Task MsalPerRequest() => SendAsync(Contenders.Msal);

    private Task SendAsync(string name) => _contenders[name].SendAsync(App.NewRequest());
}
