using System.Diagnostics;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Telemetry;

namespace ClientCredentials.Tokens;

/// <summary>One fetch of a token, shared by all who wait for it. It belongs to nobody and never faults.</summary>
internal sealed class Flight(TokenKit kit, Settings settings, FlightKind kind, TokenParameters? asked)
{
    // Whoever waits goes on by itself: the one who lands must not run ten thousand callers' code.
    private readonly TaskCompletionSource<TokenReply?> _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // What the caller that starts it is doing: linked to, never a parent, for the flight serves all.
    private readonly ActivityContext _startedBy = Activity.Current?.Context ?? default;

    /// <summary>The settings it began with, and keeps.</summary>
    public Settings Settings => settings;

    public FlightKind Kind => kind;

    /// <summary>The kind as metrics and activities show it.</summary>
    public string Name => kind switch
    {
        FlightKind.First => "first",
        FlightKind.Expired => "expired",
        FlightKind.Rejected => "rejected",
        FlightKind.Ahead => "ahead",
        FlightKind.Probe => "probe",
        _ => "connect",
    };

    /// <summary>Token or failure; null where the source was disposed before it landed.</summary>
    public Task<TokenReply?> Landed => _landed.Task;

    /// <param name="land">Takes what came of it, before those who wait go on.</param>
    public async Task FlyAsync(Action<Flight, TokenReply?> land)
    {
        TokenReply? reply = null;
        long began = kit.Clock.Now;
        Activity? activity = null;
        Quietly(() => activity = Spans.BeginFlight(settings.Client, settings.Profile, Name, _startedBy));
        try
        {
            int maxRetries = kind is FlightKind.Ahead or FlightKind.Probe ? 0 : settings.Options.MaxRetries;
            reply = await kit.Endpoint.FetchAsync(settings, asked, maxRetries, kit.Stopping).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (!kit.Stopping.IsCancellationRequested)
            {
                reply = new Failure(FailureReason.Unreachable, $"asking for a token failed with {exception.GetType().Name}.") { Cause = exception };
            }
        }

        Quietly(() => land(this, reply));
        Quietly(() => Measure(reply, began, activity));
        // Over before those who waited go on.
        Quietly(() => activity?.Dispose());
        _landed.TrySetResult(reply);
    }

    private static void Quietly(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception)
        {
            // Only a log or a listener of the app throws here. Nobody would ever see it on this task, and nobody must wait for ever because of it.
        }
    }

    private void Measure(TokenReply? reply, long began, Activity? activity)
    {
        if (reply is null)
        {
            return;
        }

        string? error = reply.Failure?.Label;
        int requests = reply.Failure?.Attempts ?? reply.Attempts;
        activity?.EndFlight(error, requests);
        if (reply.ClockSkew is { } skew)
        {
            kit.Meter.ClockSkewed(settings.Label, settings.Profile, skew);
        }

        kit.Meter.FlightLanded(settings.Label, settings.Profile, Name, error, requests, kit.Clock.Between(began, kit.Clock.Now), reply.Token is null ? null : reply.Lifetime);
    }
}

/// <summary>Why a token is fetched.</summary>
internal enum FlightKind
{
    /// <summary>There was no token yet, or the settings are others now.</summary>
    First,

    /// <summary>The token ended before it was renewed.</summary>
    Expired,

    /// <summary>The API refused the token.</summary>
    Rejected,

    /// <summary>Ahead of time: nobody waits, one attempt.</summary>
    Ahead,

    /// <summary>A question to a server that refused before: one attempt.</summary>
    Probe,

    /// <summary>An operator asks, whatever is known.</summary>
    Connect,
}
