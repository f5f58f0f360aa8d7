using BenchmarkDotNet.Attributes;
using ClientCredentials.Benchmarks.Crowds;

namespace ClientCredentials.Benchmarks.Suites;

/// <summary>A token in memory by parameters, among so many kinds.</summary>
[MemoryDiagnoser]
public class TokenParametersSuite
{
    private Shapes _shapes = null!;
    private int _next;

    [Params(1, 1_000, 100_000)]
    public int Kinds { get; set; }

    [GlobalSetup]
    public async Task BeginAsync()
    {
        _shapes = new Shapes(Kinds);
        await _shapes.FillAsync(_shapes.All);
    }

    [GlobalCleanup]
    public void End() => _shapes.Dispose();

    /// <summary>Each in turn: with many, the memory of the machine is measured too.</summary>
    [Benchmark]
    public bool LookUp() => _shapes.IsInMemory(_shapes.All[_next++ % _shapes.All.Length]);
}
