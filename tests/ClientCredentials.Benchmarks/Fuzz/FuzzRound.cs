using System.Globalization;
using ClientCredentials.Tests.Fuzzing;

namespace ClientCredentials.Benchmarks.Fuzz;

/// <summary>Tries inputs on every target in turn until the time is over, and says how many, and what was found.</summary>
internal static class FuzzRound
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <param name="time">How long, for all targets together.</param>
    /// <param name="seed">What the inputs are made of: the same seed, the same inputs in the same order.</param>
    /// <returns>0 where nothing was found, else 1.</returns>
    public static async Task<int> RunAsync(TimeSpan time, int seed)
    {
        FuzzRun[] runs = [.. Target.All().Select(target => new FuzzRun(target, seed))];
        Say($"fuzzing for {time.TotalMinutes:0.##} minutes, seed {seed}");
        while (Took(runs) < time && runs.Any(run => !run.IsOver))
        {
            foreach (FuzzRun run in runs.TakeWhile(_ => Took(runs) < time))
            {
                await run.TryForAsync(Turn);
            }
        }

        foreach (FuzzRun run in runs)
        {
            Say($"{run.Target.Name,-10} {run.Tried,12:N0} inputs, {100.0 * run.Taken / Math.Max(1, run.Tried),5:0.0} % taken, {run.Took.TotalSeconds,8:0.0} s {run.Finds.Count,4} finds");
            run.Target.Dispose();
        }

        return Report([.. runs.SelectMany(run => run.Finds)], $"{runs.Sum(run => run.Tried):N0} inputs in {Took(runs).TotalSeconds:0} s");
    }

    /// <summary>Tries one input again.</summary>
    /// <param name="name">The target.</param>
    /// <param name="seed">The seed of the run that found it.</param>
    /// <param name="number">Its number.</param>
    /// <returns>0 where nothing was found, else 1.</returns>
    public static async Task<int> RepeatAsync(string name, int seed, long number)
    {
        using Target target = Target.All().Single(target => target.Name == name);
        FuzzRun run = new(target, seed);
        await run.TryNumberAsync(number);
        return Report(run.Finds, $"{name}, seed {seed}, number {number}");
    }

    private static TimeSpan Took(FuzzRun[] runs) => runs.Aggregate(TimeSpan.Zero, (sum, run) => sum + run.Took);

    private static int Report(IReadOnlyList<Find> finds, FormattableString tried)
    {
        foreach (Find find in finds)
        {
            Say($"{find}{Environment.NewLine}again: --fuzz {find.Target} {find.Seed} {find.Number}");
        }

        Say($"{tried.ToString(CultureInfo.InvariantCulture)}: {finds.Count} finds");
        return finds.Count == 0 ? 0 : 1;
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
