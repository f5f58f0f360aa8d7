using System.Diagnostics;

namespace ClientCredentials.Tests.Fuzzing;

/// <summary>Tries a target's inputs one after the other, and keeps what it finds.</summary>
internal sealed class FuzzRun(Target target, int seed)
{
    private const int MostFinds = 10;

    // Nothing here waits for real time: what takes this long hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<Find> _finds = [];

    public Target Target => target;

    public long Tried { get; private set; }

    /// <summary>How many inputs were taken, rather than refused.</summary>
    public long Taken { get; private set; }

    public TimeSpan Took { get; private set; }

    public IReadOnlyList<Find> Finds => _finds;

    /// <summary>Whether so much is wrong that to go on would only repeat it.</summary>
    public bool IsOver => _finds.Count >= MostFinds;

    public async Task TryAsync(long inputs)
    {
        for (long end = Tried + inputs; Tried < end && !IsOver;)
        {
            await TryNextAsync();
        }
    }

    public async Task TryForAsync(TimeSpan time)
    {
        TimeSpan end = Took + time;
        while (Took < end && !IsOver)
        {
            await TryNextAsync();
        }
    }

    /// <summary>Tries one input by its number.</summary>
    public async Task TryNumberAsync(long number)
    {
        Tried = number;
        await TryNextAsync();
    }

    private async Task TryNextAsync()
    {
        long number = Tried++;
        long began = Stopwatch.GetTimestamp();
        List<string> shown = [];
        try
        {
            // Not on this thread: what spins for ever must not take the run along.
            Taken += await Task.Run(() => target.TryAsync(Chance.Of(seed, target.Name, number), shown).AsTask()).WaitAsync(Patience) ? 1 : 0;
        }
        catch (Exception exception)
        {
            _finds.Add(new(target.Name, seed, number, string.Join(Environment.NewLine, shown), exception));
        }

        Took += Stopwatch.GetElapsedTime(began);
    }
}

/// <summary>An input after which something did not hold.</summary>
internal sealed record Find(string Target, int Seed, long Number, string Input, Exception Exception)
{
    public override string ToString() => $"{Target}, seed {Seed}, number {Number}:{Environment.NewLine}{Input}{Environment.NewLine}{Exception}";
}
