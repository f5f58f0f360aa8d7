using System.Diagnostics;
using ClientCredentials.Benchmarks.Scene;

namespace ClientCredentials.Benchmarks.HotPath;

/// <summary>What a contender costs over its floor, one figure a round.</summary>
internal sealed record Result(Contender Contender, IReadOnlyList<double> Nanoseconds, IReadOnlyList<double> Bytes);

/// <summary>Runs the contenders side by side: one after the other, batch by batch, so that a busy machine is busy for all. A round's figure is the median of its batches.</summary>
internal static class Race
{
    private const int Batch = 1_000;

    public static async Task<IReadOnlyList<Result>> RunAsync(Contenders contenders, int rounds, int batches)
    {
        Dictionary<Contender, List<(double Nanoseconds, double Bytes)>> measured = contenders.All.ToDictionary(contender => contender, _ => new List<(double, double)>());
        // The first round is for the compiler.
        for (int round = -1; round < rounds; round++)
        {
            ILookup<Contender, (double Nanoseconds, double Bytes)> costs = await RoundAsync(contenders, batches);
            if (round >= 0)
            {
                foreach (Contender contender in contenders.All)
                {
                    measured[contender].Add((Median(costs[contender].Select(cost => cost.Nanoseconds)), costs[contender].Min(cost => cost.Bytes)));
                }
            }
        }

        return
        [
            .. contenders.All.Where(contender => contender.Floor is not null).Select(contender => new Result(
                contender,
                [.. measured[contender].Zip(measured[contender.Floor!], (cost, floor) => cost.Nanoseconds - floor.Nanoseconds)],
                [.. measured[contender].Zip(measured[contender.Floor!], (cost, floor) => Math.Max(0, cost.Bytes - floor.Bytes))])),
        ];
    }

    public static double Median(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static async Task<ILookup<Contender, (double Nanoseconds, double Bytes)>> RoundAsync(Contenders contenders, int batches)
    {
        List<(Contender Contender, (double, double) Cost)> costs = [];
        for (int batch = 0; batch < batches; batch++)
        {
            foreach (Contender contender in contenders.All)
            {
                costs.Add((contender, await MeasureAsync(contender)));
            }
        }

        return costs.ToLookup(cost => cost.Contender, cost => cost.Cost);
    }

    private static async Task<(double Nanoseconds, double Bytes)> MeasureAsync(Contender contender)
    {
        HttpRequestMessage[] requests = new HttpRequestMessage[Batch];
        for (int i = 0; i < Batch; i++)
        {
            requests[i] = App.NewRequest();
        }

        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        long started = Stopwatch.GetTimestamp();
        foreach (HttpRequestMessage request in requests)
        {
            await contender.SendAsync(request);
        }

        double nanoseconds = Stopwatch.GetElapsedTime(started).TotalNanoseconds;
        return (nanoseconds / Batch, Math.Round((GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)Batch));
    }
}
