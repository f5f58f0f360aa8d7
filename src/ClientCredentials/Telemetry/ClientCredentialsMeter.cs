using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClientCredentials.Telemetry;

/// <summary>Every instrument of the package. Nothing is measured, and nothing allocated, while nobody listens.</summary>
internal sealed class ClientCredentialsMeter : IDisposable
{
    private const string Client = "client_credentials.client";
    private const string Profile = "client_credentials.profile";
    private const string FlightTag = "client_credentials.flight";
    private const string ErrorType = "error.type";

    private delegate void Measure(ClientCredentialsMeter all, double value, in TagList tags);

    private readonly Meter _meter;
    private readonly Histogram<double> _flights;
    private readonly Histogram<double> _waits;
    private readonly Histogram<double> _lifetimes;
    private readonly Histogram<double> _ahead;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _standings;
    private readonly Gauge<double> _skew;
    private readonly UpDownCounter<long> _sources;

    public ClientCredentialsMeter(IMeterFactory meters)
    {
        _meter = meters.Create(ClientCredentialsTelemetry.MeterName);
        _flights = _meter.CreateHistogram<double>("client_credentials.flight.duration", "s", "How long getting a token took, retries and pauses included.");
        _waits = _meter.CreateHistogram<double>("client_credentials.wait.duration", "s", "How long callers waited for a token that was not in memory.");
        _lifetimes = _meter.CreateHistogram<double>("client_credentials.token.lifetime", "s", "How long the tokens live.");
        _ahead = _meter.CreateHistogram<double>("client_credentials.refresh.ahead", "s", "How much life the old token had left when the new one came.");
        _requests = _meter.CreateCounter<long>("client_credentials.token_requests", "{request}", "Requests made to token endpoints.");
        _rejections = _meter.CreateCounter<long>("client_credentials.rejections", "{rejection}", "Tokens that an API refused.");
        _standings = _meter.CreateCounter<long>("client_credentials.standing.changes", "{change}", "How often a client was refused, or well again.");
        _skew = _meter.CreateGauge<double>("client_credentials.clock.skew", "s", "How far the server's clock is ahead of this machine's.");
        _sources = _meter.CreateUpDownCounter<long>("client_credentials.sources", "{source}", "Kinds of tokens held in memory, beside the usual one of each client.");
    }

    /// <summary>Whether anybody wants to know how long callers wait.</summary>
    public bool MeasuresWaits => _waits.Enabled;

    public void SourceAdded(string client) => Tell(static (all, value, in tags) => all._sources.Add((long)value, tags), 1, Tags(client, profile: null));

    public void SourceDropped(string client) => Tell(static (all, value, in tags) => all._sources.Add((long)value, tags), -1, Tags(client, profile: null));

    /// <param name="client">The client.</param>
    /// <param name="profile">Its profile.</param>
    /// <param name="flight">Why a token was fetched.</param>
    /// <param name="error">The server's error code or the kind of failure; null where there is a token.</param>
    /// <param name="requests">How many requests it took.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="lifetime">How long the token lives.</param>
    public void FlightLanded(string client, string? profile, string flight, string? error, int requests, TimeSpan duration, TimeSpan? lifetime)
    {
        TagList tags = Tags(client, profile);
        if (lifetime is { } life)
        {
            Tell(static (all, value, in tags) => all._lifetimes.Record(value, tags), life.TotalSeconds, tags);
        }

        tags.Add(FlightTag, flight);
        if (error is not null)
        {
            tags.Add(ErrorType, error);
        }

        Tell(static (all, value, in tags) => all._flights.Record(value, tags), duration.TotalSeconds, tags);
        Tell(static (all, value, in tags) => all._requests.Add((long)value, tags), requests, tags);
    }

    public void CallerWaited(string client, string? profile, string flight, TimeSpan duration)
    {
        TagList tags = Tags(client, profile);
        tags.Add(FlightTag, flight);
        Tell(static (all, value, in tags) => all._waits.Record(value, tags), duration.TotalSeconds, tags);
    }

    public void RefreshedAhead(string client, string? profile, TimeSpan left) => Tell(static (all, value, in tags) => all._ahead.Record(value, tags), left.TotalSeconds, Tags(client, profile));

    public void TokenRejected(string client, string? profile, bool isBraked)
    {
        TagList tags = Tags(client, profile);
        tags.Add("client_credentials.braked", isBraked);
        Tell(static (all, value, in tags) => all._rejections.Add((long)value, tags), 1, tags);
    }

    public void StandingChanged(string client, string? profile, bool isRefused)
    {
        TagList tags = Tags(client, profile);
        tags.Add("client_credentials.standing", isRefused ? "refused" : "well");
        Tell(static (all, value, in tags) => all._standings.Add((long)value, tags), 1, tags);
    }

    public void ClockSkewed(string client, string? profile, TimeSpan skew) => Tell(static (all, value, in tags) => all._skew.Record(value, tags), skew.TotalSeconds, Tags(client, profile));

    public void Dispose() => _meter.Dispose();

    // A listener of the app that throws costs itself and those behind it a measurement, and nobody a token: this runs amid calls, and where tokens land.
    private void Tell(Measure measure, double value, in TagList tags)
    {
        try
        {
            measure(this, value, tags);
        }
        catch (Exception)
        {
            // What it threw is the app's own, and there is nobody here to tell.
        }
    }

    private static TagList Tags(string client, string? profile)
    {
        TagList tags = new() { { Client, client } };
        if (profile is not null)
        {
            tags.Add(Profile, profile);
        }

        return tags;
    }
}
