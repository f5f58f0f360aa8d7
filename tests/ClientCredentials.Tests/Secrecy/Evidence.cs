using System.Collections;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.Json;
using ClientCredentials.Tests.Http;

namespace ClientCredentials.Tests.Secrecy;

/// <summary>Everything that a run of an app leaves behind for others to read.</summary>
internal sealed class Evidence : IDisposable
{
    private readonly List<string> _texts = [];
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    public Evidence()
    {
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<long>((_, _, tags, _) => AddTags(tags));
        _meters.SetMeasurementEventCallback<int>((_, _, tags, _) => AddTags(tags));
        _meters.SetMeasurementEventCallback<double>((_, _, tags, _) => AddTags(tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => Add($"{activity.DisplayName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(e => e.Tags))} {string.Join(' ', activity.Baggage)}"),
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public int Count
    {
        get
        {
            lock (_texts)
            {
                return _texts.Count;
            }
        }
    }

    public void Add(string? text)
    {
        lock (_texts)
        {
            _texts.Add(text ?? "");
        }
    }

    /// <summary>What it says of itself, its public properties and its JSON.</summary>
    public void AddObject(object value)
    {
        Add(value.ToString());
        Add(JsonSerializer.Serialize(value, value.GetType()));
    }

    public void AddException(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            Add(exception.ToString());
            Add(exception.Message);
            foreach (DictionaryEntry entry in exception.Data)
            {
                Add($"{entry.Key}={entry.Value}");
            }

            foreach (PropertyInfo property in exception.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0))
            {
                Add($"{property.Name}={property.GetValue(exception)}");
            }
        }
    }

    public async Task AddAppAsync(App app)
    {
        AddObject(await app.Credentials.ConnectAsync("billing"));
        foreach (ClientStatus status in app.Credentials.Statuses)
        {
            AddObject(status);
        }

        foreach (LogEntry entry in app.Log.Entries)
        {
            // The framework's log of the app's own HttpClient: its text is in our hands, the state behind it is not.
            Add(entry.Category.StartsWith("System.Net.Http.HttpClient.", StringComparison.Ordinal) ? entry.Message : entry.Whole);
        }
    }

    public void AssertClean()
    {
        lock (_texts)
        {
            Assert.Empty(_texts.SelectMany(Canaries.In));
        }
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private void AddTags(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach ((string key, object? value) in tags)
        {
            Add($"{key}={value}");
        }
    }
}
