using System.Diagnostics;
using System.Globalization;
using ClientCredentials.Benchmarks.Scene;

namespace ClientCredentials.Benchmarks.Crowds;

/// <summary>Many kinds of tokens of one client, as a multi-tenant app has them, all in memory.</summary>
/// <remarks>The package holds 10,000 kinds at most. To show that a look-up costs the same however many there are, the limit is raised here; nothing else is changed.</remarks>
internal sealed class Shapes : IDisposable
{
    private readonly App _app;
    private readonly IClientCredentials _credentials;

    /// <param name="count">How many kinds.</param>
    /// <param name="limit">How many may be held. Defaults to all of them.</param>
    /// <param name="tokenLength">How long the tokens are.</param>
    public Shapes(int count, int? limit = null, int tokenLength = 32)
    {
        _app = new App(new TokenStub(tokenLength), limit: limit ?? count + 1);
        _credentials = _app.Credentials;
        All = [.. Enumerable.Range(0, count).Select(number => new TokenParameters { Audience = string.Create(CultureInfo.InvariantCulture, $"https://tenant-{number}.example.com/") })];
    }

    /// <summary>So many kinds each, all in memory.</summary>
    public static async Task<IReadOnlyList<Shapes>> FilledAsync(params int[] counts)
    {
        Shapes[] all = [.. counts.Select(count => new Shapes(count))];
        foreach (Shapes shapes in all)
        {
            await shapes.FillAsync(shapes.All);
        }

        return all;
    }

    /// <summary>What a look-up takes in each, in nanoseconds; measured in turn, so that a busy machine is busy for all.</summary>
    public static IReadOnlyList<double[]> Race(IReadOnlyList<Shapes> all, int rounds)
    {
        double[][] figures = [.. all.Select(_ => new double[rounds])];
        for (int round = -1; round < rounds; round++)
        {
            for (int i = 0; i < all.Count; i++)
            {
                double nanoseconds = HotPath.Race.Median(Enumerable.Range(0, 20).Select(_ => all[i].NanosecondsPerLookUp()).ToArray());
                if (round >= 0)
                {
                    figures[i][round] = nanoseconds;
                }
            }
        }

        return figures;
    }

    public TokenParameters[] All { get; }

    public async Task FillAsync(TokenParameters[] asked)
    {
        foreach (TokenParameters parameters in asked)
        {
            await _credentials.GetTokenAsync(App.Client, parameters);
        }
    }

    public bool IsInMemory(TokenParameters parameters)
    {
        ValueTask<AccessToken> token = _credentials.GetTokenAsync(App.Client, parameters);
        return token.IsCompletedSuccessfully;
    }

    /// <summary>Bytes of one look-up with parameters that are used again.</summary>
    public long BytesPerLookUp()
    {
        int next = 0;
        return Bytes.OnThisThread(() => All[next++ % All.Length], parameters => IsInMemory(parameters));
    }

    /// <summary>Nanoseconds of one look-up. The same few are asked for, wherever they lie: what is measured is the look-up, not the memory of the machine.</summary>
    public double NanosecondsPerLookUp(int lookUps = 5_000, int different = 64)
    {
        int step = Math.Max(1, All.Length / different);
        TokenParameters[] asked = [.. All.Where((_, index) => index % step == 0).Take(different)];
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < lookUps; i++)
        {
            IsInMemory(asked[i % asked.Length]);
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / lookUps;
    }

    public HttpMessageInvoker Over(HttpMessageHandler inner) => _app.Over(inner);

    public void Dispose() => _app.Dispose();
}
