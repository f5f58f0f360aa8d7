using System.Diagnostics.Metrics;

namespace Worker;

/// <summary>What the app itself counts, beside what the package measures.</summary>
internal sealed class WorkerMeter : IDisposable
{
    public const string Name = "Worker";
    public const string Calls = "worker.calls";
    public const string Result = "result";
    public const string Answered = "answered";

    private readonly Meter _meter;
    private readonly Counter<long> _calls;

    public WorkerMeter(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _calls = _meter.CreateCounter<long>(Calls, "{call}", "Calls of APIs.");
    }

    public void Called(string api, string result) => _calls.Add(1, new("api", api), new(Result, result));

    public void Dispose() => _meter.Dispose();
}
