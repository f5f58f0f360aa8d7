using BenchmarkDotNet.Attributes;
using ClientCredentials.Benchmarks.HotPath;

namespace ClientCredentials.Benchmarks.Suites;

/// <summary>One request over real HTTP on this machine.</summary>
[MemoryDiagnoser]
public class LoopbackSuite
{
    private Loopback _loopback = null!;

    [GlobalSetup]
    public async Task BeginAsync() => _loopback = await Loopback.StartAsync();

    [GlobalCleanup]
    public async Task EndAsync() => await _loopback.DisposeAsync();

    [Benchmark(Baseline = true)]
    public Task NoToken() => SendAsync(Loopback.Nothing);

    [Benchmark]
    public Task Ours() => SendAsync(Contenders.Ours);

    [Benchmark]
    public Task SharedHeaderByHand() => SendAsync(Contenders.Shared);

    [Benchmark]
    public Task CacheByHand() => SendAsync(Contenders.Cache);

    [Benchmark]
    public Task MsalPerRequest() => SendAsync(Contenders.Msal);

    private Task SendAsync(string chain) => _loopback.SendAsync(_loopback[chain]);
}
