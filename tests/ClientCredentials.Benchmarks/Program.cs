using System.Globalization;
using BenchmarkDotNet.Running;
using ClientCredentials.Benchmarks.Check;
using ClientCredentials.Benchmarks.Fuzz;
using ClientCredentials.Benchmarks.HotPath;
using ClientCredentials.Benchmarks.Report;
using ClientCredentials.Benchmarks.Soak;

// --check: the budgets. --table, --chart <file>, or both from one measurement: what it costs. --soak <seconds> [seed]. --fuzz <minutes> [seed], or --fuzz <target> <seed> <number>. Anything else is BenchmarkDotNet's.
if (args is ["--check"])
{
    return await Budgets.RunAsync();
}

if (args is ["--soak", var seconds, .. var rest])
{
    int seed = rest is [var chosen] ? int.Parse(chosen, CultureInfo.InvariantCulture) : 20260101;
    return await new SoakRun(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), seed).RunAsync();
}

if (args is ["--fuzz", var target, var seedOfFind, var number])
{
    return await FuzzRound.RepeatAsync(target, int.Parse(seedOfFind, CultureInfo.InvariantCulture), long.Parse(number, CultureInfo.InvariantCulture));
}

if (args is ["--fuzz", var minutes, .. var restOfFuzz])
{
    int seed = restOfFuzz is [var chosen] ? int.Parse(chosen, CultureInfo.InvariantCulture) : 20260101;
    return await FuzzRound.RunAsync(TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)), seed);
}

int chartAt = Array.IndexOf(args, "--chart");
bool isTable = args.Contains("--table");
if (!isTable && chartAt < 0)
{
    BenchmarkSwitcher.FromAssembly(typeof(Budgets).Assembly).Run(args);
    return 0;
}

IReadOnlyList<Result> results = await Table.RaceAsync();
if (isTable)
{
    await Table.PrintAsync(results);
}

if (chartAt >= 0)
{
    await File.WriteAllTextAsync(args[chartAt + 1], Chart.Draw(results));
}

return 0;
