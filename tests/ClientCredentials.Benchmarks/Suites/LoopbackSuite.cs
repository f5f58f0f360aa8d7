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
    public Task NoToken() => SendAsync(0);

    [Benchmark]
    public Task SharedHeaderByHand() => SendAsync(1);

    [Benchmark]
    public Task Ours() => SendAsync(2);

    private Task SendAsync(int chain) => _loopback.SendAsync(_loopback.All[chain].Chain);
}
