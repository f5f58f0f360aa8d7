using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using ClientCredentials.Benchmarks.HotPath;
using ClientCredentials.Benchmarks.Scene;
using ClientCredentials.Protocol;
using ClientCredentials.Tests;

namespace ClientCredentials.Benchmarks.Signing;

/// <summary>What a signature costs beyond the same without it, one figure a run, and what of that the signature alone costs.</summary>
internal sealed record SigningResult(string Name, IReadOnlyList<double> Nanoseconds, IReadOnlyList<double> Bare, long Bytes, long BareBytes)
{
    public bool IsProof => Name.StartsWith(Signatures.Proof, StringComparison.Ordinal);
}

/// <summary>An assertion for each token fetch, and a DPoP proof for each request.</summary>
internal sealed class Signatures : IDisposable
{
    public const string Proof = "DPoP proof";

    private const int Batch = 100;

    // About as long as the header and claims of an assertion.
    private static readonly byte[] Input = Encoding.ASCII.GetBytes(new string('a', 400));

    private readonly ManualClock _clock = new();
    private readonly Wire _wire = new();
    private readonly List<IDisposable> _owned = [];
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Func<Task> _secretFetch;
    private readonly Func<Task> _bearerRequest;

    public Signatures()
    {
        _owned.AddRange([_wire, _rsa, _ec]);
        _secretFetch = Fetch(_ => { });
        _bearerRequest = Request(_ => { });
    }

    /// <param name="rounds">How many runs, each of <paramref name="batches"/> batches.</param>
    /// <param name="batches">How many batches; a run's figure is the median of theirs.</param>
    public async Task<IReadOnlyList<SigningResult>> RunAsync(int rounds, int batches)
    {
        List<SigningResult> results = [];
        foreach ((string name, Func<Task> signed, bool isProof, Action alone) in All())
        {
            results.Add(await MeasureAsync(name, signed, isProof ? _bearerRequest : _secretFetch, alone, rounds, batches));
        }

        return results;
    }

    /// <summary>A token fetch with a secret, and a request with a Bearer token: what the others are compared with.</summary>
    public Func<Task> Unsigned(bool isProof) => isProof ? _bearerRequest : _secretFetch;

    /// <summary>Each kind of signature: in use, and alone.</summary>
    public IReadOnlyList<(string Name, Func<Task> Signed, bool IsProof, Action Alone)> All()
    {
        string rsaPem = _rsa.ExportPkcs8PrivateKeyPem();
        string ecPem = _ec.ExportPkcs8PrivateKeyPem();
        byte[] secret = RandomNumberGenerator.GetBytes(64);
        Action rs256 = () => _rsa.SignData(Input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Action ps256 = () => _rsa.SignData(Input, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        Action es256 = () => _ec.SignData(Input, HashAlgorithmName.SHA256);
        return
        [
            ("assertion, HS256", Fetch(AsSecretJwt), false, () => HMACSHA256.HashData(secret, Input)),
            ("assertion, RS256", Fetch(client => AsKeyJwt(client, rsaPem, "RS256")), false, rs256),
            ("assertion, PS256", Fetch(client => AsKeyJwt(client, rsaPem, "PS256")), false, ps256),
            ("assertion, ES256", Fetch(client => AsKeyJwt(client, ecPem, "ES256")), false, es256),
            ($"{Proof}, ES256", Request(client => client.Dpop.Enabled = true), true, es256),
            ($"{Proof}, PS256", Request(client => (client.Dpop.Enabled, client.Dpop.Algorithm) = (true, "PS256")), true, ps256),
        ];
    }

    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    private static async Task<SigningResult> MeasureAsync(string name, Func<Task> ours, Func<Task> without, Action bare, int rounds, int batches)
    {
        Func<Task> alone = () =>
        {
            bare();
            return Task.CompletedTask;
        };
        List<(double Ours, double Without, double Alone)> runs = [];
        (long Ours, long Without, long Alone) bytes = (long.MaxValue, long.MaxValue, long.MaxValue);
        for (int round = -1; round < rounds; round++)
        {
            List<(double Ours, double Without, double Alone)> costs = [];
            for (int batch = 0; batch < batches; batch++)
            {
                (double oursTime, long oursBytes) = await BatchAsync(ours);
                (double withoutTime, long withoutBytes) = await BatchAsync(without);
                (double aloneTime, long aloneBytes) = await BatchAsync(alone);
                costs.Add((oursTime, withoutTime, aloneTime));
                bytes = (Math.Min(bytes.Ours, oursBytes), Math.Min(bytes.Without, withoutBytes), Math.Min(bytes.Alone, aloneBytes));
            }

            // The first round is for the compiler.
            if (round >= 0)
            {
                runs.Add((Race.Median(costs.Select(cost => cost.Ours)), Race.Median(costs.Select(cost => cost.Without)), Race.Median(costs.Select(cost => cost.Alone))));
            }
        }

        return new(name, [.. runs.Select(run => run.Ours - run.Without)], [.. runs.Select(run => run.Alone)], bytes.Ours - bytes.Without, bytes.Alone);
    }

    private static async Task<(double Nanoseconds, long Bytes)> BatchAsync(Func<Task> operation)
    {
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < Batch; i++)
        {
            await operation();
        }

        double nanoseconds = Stopwatch.GetElapsedTime(started).TotalNanoseconds / Batch;
        return (nanoseconds, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / Batch);
    }

    private static void AsSecretJwt(ClientCredentialsOptions client)
    {
        client.AuthenticationMethod = AuthenticationMethod.ClientSecretJwt;
        client.ClientSecret = new string('s', 64);
    }

    private static void AsKeyJwt(ClientCredentialsOptions client, string pem, string algorithm)
    {
        client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt;
        (client.ClientSecret, client.Key.Pem, client.Assertion.Algorithm) = (null, pem, algorithm);
    }

    /// <summary>One token fetch.</summary>
    private Func<Task> Fetch(Action<ClientCredentialsOptions> configure)
    {
        App app = Own(new App(new TokenStub(), _clock, configure: configure));
        return async () =>
        {
            _clock.Advance(TimeSpan.FromHours(2));
            await app.Credentials.GetTokenAsync(App.Client);
        };
    }

    /// <summary>One request with its token in memory.</summary>
    private Func<Task> Request(Action<ClientCredentialsOptions> configure)
    {
        HttpMessageInvoker chain = Own(Own(new App(new TokenStub(), configure: configure)).Over(_wire));
        return async () =>
        {
            using HttpRequestMessage request = App.NewRequest();
            await chain.SendAsync(request, CancellationToken.None);
            if (request.Headers.NonValidated.Contains(DpopProof.HeaderName) || request.Headers.NonValidated.Contains("Authorization"))
            {
                throw new InvalidOperationException("What the handler adds stays on the request.");
            }
        };
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
