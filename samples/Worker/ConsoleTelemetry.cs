using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Worker;

/// <summary>Metrics and traces as OpenTelemetry would get them, added up, for the console.</summary>
internal sealed class ConsoleTelemetry : IDisposable
{
    private const string Prefix = "client_credentials.";

    // What a fetch was for is told by the traces, and how many requests it took by the metrics.
    private const string Flight = Prefix + "flight";
    private const string Requests = Prefix + "requests";

    private readonly ConcurrentDictionary<(string Name, string Tags), Series> _metrics = new();
    private readonly ConcurrentDictionary<(string Name, string Tags), Series> _traces = new();
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    public ConsoleTelemetry(string[] meters, string[] sources)
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (meters.Contains(instrument.Meter.Name))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _meters.Start();

        _activities = new ActivityListener
        {
            ShouldListenTo = source => sources.Contains(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => Add(_traces, activity.OperationName, activity.TagObjects.Where(tag => tag.Key != Requests), activity.Duration.TotalSeconds, Shown.Spread),
        };
        ActivitySource.AddActivityListener(_activities);
    }

    /// <summary>What all series of an instrument add up to, or those that have a tag.</summary>
    public long Total(string instrument, string tag = "") =>
        (long)_metrics.Where(metric => metric.Key.Name == instrument && metric.Key.Tags.Contains(tag, StringComparison.Ordinal)).Sum(metric => metric.Value.Sum);

    public void Print()
    {
        Print("Metrics", _metrics);
        Print("Traces", _traces);
        Console.WriteLine();
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private static void Print(string title, ConcurrentDictionary<(string Name, string Tags), Series> all)
    {
        Console.WriteLine();
        Console.WriteLine(title);
        int width = all.Keys.Select(key => key.Tags.Length).DefaultIfEmpty().Max();
        foreach (((string name, string tags), Series series) in all.OrderBy(entry => entry.Key))
        {
            Console.WriteLine($"  {name,-36} {tags.PadRight(width)} {series}");
        }
    }

    private void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        Add(_metrics, instrument.Name, tags.ToArray().Where(tag => tag.Key != Flight), value, instrument switch
        {
            Counter<long> or UpDownCounter<long> => Shown.Sum,
            Gauge<double> => Shown.Last,
            _ => Shown.Spread,
        });

    private static void Add(ConcurrentDictionary<(string Name, string Tags), Series> all, string name, IEnumerable<KeyValuePair<string, object?>> tags, double value, Shown shown) =>
        all.GetOrAdd((name, Text(tags)), _ => new Series(shown)).Add(value);

    private static string Text(IEnumerable<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.Select(tag => $"{tag.Key.Replace(Prefix, "", StringComparison.Ordinal)}={tag.Value}"));

    /// <summary>What is worth seeing of many values.</summary>
    private enum Shown
    {
        Sum,
        Last,
        Spread,
    }

    /// <summary>All values of one instrument with the same tags.</summary>
    private sealed class Series(Shown shown)
    {
        private readonly Lock _gate = new();
        private int _count;
        private double _greatest = double.MinValue;
        private double _last;

        public double Sum { get; private set; }

        public void Add(double value)
        {
            lock (_gate)
            {
                _count++;
                Sum += value;
                _last = value;
                _greatest = Math.Max(_greatest, value);
            }
        }

        public override string ToString()
        {
            lock (_gate)
            {
                return shown switch
                {
                    Shown.Sum => $"{Sum,4:0}",
                    Shown.Last => $"{_last,10:0.000} s",
                    _ => $"{_count,4} x {Sum / _count,6:0.000} s, at most {_greatest:0.000} s",
                };
            }
        }
    }
}
