using System.Collections;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.Json;
using ClientCredentials.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClientCredentials.Tests.Secrecy;

/// <summary>Everything that a run of an app leaves behind for others to read.</summary>
internal sealed class Evidence : IDisposable
{
    private static readonly JsonSerializerOptions WithFields = new() { IncludeFields = true };

    private readonly List<string> _texts = [];
    private readonly HashSet<string> _further = [];
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

    /// <summary>Names something else that must not be found, such as an assertion that was made on the way.</summary>
    public void Seek(params IEnumerable<string> secrets) => _further.UnionWith(secrets);

    /// <summary>What it says of itself, its JSON, and what a debugger shows of it.</summary>
    public void AddObject(object value)
    {
        Add(value.ToString());
        if (value is not (Exception or ClientCredentialsBuilder or TokenRequestMessage))
        {
            Add(JsonSerializer.Serialize(value, value.GetType(), WithFields));
        }

        foreach (string shown in DebuggerView.Of(value))
        {
            Add(shown);
        }
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

        if (app.Provider.GetService<HealthCheckService>() is { } health)
        {
            AddHealth(await health.CheckHealthAsync());
        }

        foreach (LogEntry entry in app.Log.Entries)
        {
            // The framework's log of the app's own HttpClient: its text is in our hands, the state behind it is not (see OutOfReach).
            Add(entry.Category.StartsWith("System.Net.Http.HttpClient.", StringComparison.Ordinal) ? entry.Message : entry.Whole);
        }
    }

    public void AssertClean()
    {
        lock (_texts)
        {
            Dictionary<string, string> further = Canaries.FormsOf(_further);
            string[] found = [.. _texts.Distinct(StringComparer.Ordinal).SelectMany(text => Canaries.In(text).Concat(Canaries.In(text, further)))];
            Assert.True(found.Length == 0, string.Join(Environment.NewLine, found.Take(10)));
        }
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private void AddHealth(HealthReport report)
    {
        foreach ((string name, HealthReportEntry entry) in report.Entries)
        {
            Add($"{name} {entry.Status} {entry.Description} {string.Join(' ', entry.Tags)}");
            Add(JsonSerializer.Serialize(entry.Data));
            AddException(entry.Exception);
        }
    }

    private void AddTags(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach ((string key, object? value) in tags)
        {
            Add($"{key}={value}");
        }
    }
}
