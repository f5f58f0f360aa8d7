using System.Diagnostics.Metrics;
using ClientCredentials.Tests.Clients;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Telemetry;

/// <summary>Hears what the instruments of one app measure.</summary>
internal sealed class Ears : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly List<(string Instrument, string Line)> _heard = [];
    private readonly List<(Func<bool> IsHeard, TaskCompletionSource Heard)> _waiting = [];

    public Ears(SettingsApp app)
    {
        object scope = app.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ClientCredentialsTelemetry.MeterName && instrument.Meter.Scope == scope)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Everything that was heard, as "instrument value tag=value".</summary>
    public string[] All
    {
        get
        {
            lock (_gate)
            {
                return [.. _heard.Select(heard => $"{heard.Instrument} {heard.Line}")];
            }
        }
    }

    /// <summary>What one instrument measured, as "value tag=value".</summary>
    public string[] Of(string instrument)
    {
        lock (_gate)
        {
            return [.. _heard.Where(heard => heard.Instrument == instrument).Select(heard => heard.Line)];
        }
    }

    /// <summary>Completes when an instrument has measured the same so many times.</summary>
    public Task HearAsync(string instrument, string line, int times)
    {
        lock (_gate)
        {
            TaskCompletionSource heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((() => _heard.Count(one => one == (instrument, line)) >= times, heard));
            Tell();
            return heard.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string[] parts = [FormattableString.Invariant($"{value}"), .. tags.ToArray().Select(tag => $"{tag.Key.Replace("client_credentials.", "", StringComparison.Ordinal)}={tag.Value}")];
        lock (_gate)
        {
            _heard.Add((instrument.Name["client_credentials.".Length..], string.Join(' ', parts)));
            Tell();
        }
    }

    private void Tell()
    {
        foreach ((_, TaskCompletionSource heard) in _waiting.Where(waiting => waiting.IsHeard()))
        {
            heard.TrySetResult();
        }
    }
}
