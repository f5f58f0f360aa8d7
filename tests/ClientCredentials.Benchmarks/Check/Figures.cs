using System.Globalization;

namespace ClientCredentials.Benchmarks.Check;

/// <summary>Prints figures, one a line, and remembers whether a budget was broken.</summary>
internal sealed class Figures
{
    /// <summary>How many budgets were broken.</summary>
    public int Failed { get; private set; }

    public int Count { get; private set; }

    /// <summary>A figure that must keep its budget.</summary>
    /// <param name="name">What it is, and in which unit.</param>
    /// <param name="ours">What we cost beyond the floor.</param>
    /// <param name="floor">What it costs without us.</param>
    /// <param name="limit">The most that ours may be.</param>
    public void Judge(string name, long ours, long floor, long limit)
    {
        bool isKept = ours <= limit;
        Failed += isKept ? 0 : 1;
        Print(name, Text(ours), Text(floor), Text(limit), isKept ? "ok" : "FAIL");
    }

    /// <summary>A figure that is only shown: a time, which depends on the machine and what else it does.</summary>
    public void Show(string name, double ours, double floor) => Print(name, Text(ours), Text(floor), "none", "ok");

    private void Print(string name, string ours, string floor, string limit, string verdict)
    {
        Count++;
        Console.WriteLine($"{name}: ours={ours} floor={floor} limit={limit} {verdict}");
    }

    private static string Text(double figure) => figure.ToString("0.##", CultureInfo.InvariantCulture);
}
