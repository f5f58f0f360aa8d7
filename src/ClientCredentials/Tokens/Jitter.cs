namespace ClientCredentials.Tokens;

/// <summary>Chance, where many processes must not do the same thing at the same moment.</summary>
internal sealed class Jitter(Func<double> next)
{
    private readonly double _ofProcess = next();

    public Jitter()
        : this(Random.Shared.NextDouble)
    {
    }

    /// <summary>A pause between three quarters of the span and five quarters of it.</summary>
    public TimeSpan Around(TimeSpan span) => span * (0.75 + (next() / 2));

    /// <summary>A window up to a tenth shorter than the span, the same for the life of the process: a fleet does not renew in step.</summary>
    public TimeSpan OfProcess(TimeSpan span) => span * (1 - (_ofProcess / 10));
}
