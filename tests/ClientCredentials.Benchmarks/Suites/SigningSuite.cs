using BenchmarkDotNet.Attributes;
using ClientCredentials.Benchmarks.Signing;

namespace ClientCredentials.Benchmarks.Suites;

/// <summary>A token fetch with an assertion beside one with a secret, and a request with a DPoP proof beside one with a Bearer token.</summary>
[MemoryDiagnoser]
public class SigningSuite
{
    private Signatures _signatures = null!;
    private Func<Task> _signed = null!;
    private Func<Task> _unsigned = null!;

    [Params("assertion, RS256", "assertion, PS256", "assertion, ES256", "DPoP proof, ES256", "DPoP proof, PS256")]
    public string Kind { get; set; } = "";

    [GlobalSetup]
    public void Begin()
    {
        _signatures = new Signatures();
        (_, _signed, bool isProof, _) = _signatures.All().Single(one => one.Name == Kind);
        _unsigned = _signatures.Unsigned(isProof);
    }

    [GlobalCleanup]
    public void End() => _signatures.Dispose();

    [Benchmark(Baseline = true)]
    public Task WithoutSignature() => _unsigned();

    [Benchmark]
    public Task WithSignature() => _signed();
}
