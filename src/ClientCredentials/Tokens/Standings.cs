using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Telemetry;

namespace ClientCredentials.Tokens;

/// <summary>How one kind of request stands: by itself, and as one of its client's.</summary>
internal sealed class Standings(TokenKit kit, LiveSettings live, Standing ofClient)
{
    /// <summary>How this kind of request stands by itself: a tenant's bad audience is not the client's fault.</summary>
    public Standing OfRequest { get; } = new(kit.Clock, kit.Jitter);

    /// <summary>Asks to go to the server.</summary>
    /// <returns>Why not, or null.</returns>
    public Failure? Enter(Settings settings, long now, out bool isProbe)
    {
        if (OfRequest.Enter(settings, now, out isProbe) is { } refused)
        {
            return refused;
        }

        Failure? refusedClient = ofClient.Enter(settings, now, out bool probesClient);
        if (refusedClient is not null && isProbe)
        {
            OfRequest.Leave();
        }

        isProbe |= probesClient;
        return refusedClient;
    }

    /// <summary>Counts a token that an API refused.</summary>
    public void Rejected() => ofClient.Rejected();

    /// <summary>Gives back a probe that did not reach the server.</summary>
    public void Leave()
    {
        OfRequest.Leave();
        ofClient.Leave();
    }

    /// <summary>Lets the server's answer count for or against the client, or for or against this kind of request alone.</summary>
    public void Judge(Flight flight, TokenReply reply)
    {
        if (reply.Failure is { } failure)
        {
            Failed(flight, failure);
            return;
        }

        // Both must hear of it: either may be what was in doubt.
        DateTimeOffset wall = kit.Clock.Wall;
        bool isRecovered = ofClient.Succeeded(flight.Settings, wall) | OfRequest.Succeeded(flight.Settings, wall);
        kit.Log.TokenReceived(live.Client, live.ProfileName, reply.Lifetime, string.Join(' ', reply.Token!.Scopes), reply.Attempts, kit.Clock.Between(reply.AskedAt, kit.Clock.Now));
        if (isRecovered)
        {
            kit.Log.ClientRecovered(live.Client, live.ProfileName);
            kit.Meter.StandingChanged(flight.Settings.Label, live.Profile, isRefused: false);
        }

        foreach (string oddity in reply.Oddities.Concat(Oddities(flight.Settings, reply)))
        {
            kit.Log.TokenOdd(live.Client, live.ProfileName, oddity);
        }
    }

    private IEnumerable<string> Oddities(Settings settings, TokenReply reply)
    {
        if (reply.ClockSkew is { } skew && skew.Duration() >= ClockSkews.Notable && settings.Identity.WarnsOfSkewNow())
        {
            yield return ClockSkews.Sentence(skew);
        }

        if (live.Siblings.Count > 0
            && JwtClaims.Read(reply.Token!.Reveal()) is { Audiences: var audiences }
            && EnvironmentGuards.MistakenFor(audiences, settings, live.Siblings.Select(sibling => sibling.Current).OfType<Settings>()) is { } profile)
        {
            yield return $"the token is meant for the API of profile '{profile}'; are the settings of the two mixed up?";
        }
    }

    private void Failed(Flight flight, Failure failure)
    {
        bool isForeground = flight.Kind != FlightKind.Ahead;
        (Standing judged, Standing other) = failure.IsOfOneRequest ? (OfRequest, ofClient) : (ofClient, OfRequest);
        other.Leave();
        bool isRefusedNow = judged.Failed(flight.Settings, failure, isForeground, kit.Clock.Now, kit.Clock.Wall);
        if (isRefusedNow)
        {
            kit.Log.ClientRefused(live.Client, live.ProfileName, judged.Look().NextProbe - kit.Clock.Wall ?? TimeSpan.Zero, failure.Message);
            kit.Meter.StandingChanged(flight.Settings.Label, live.Profile, isRefused: true);
        }
        else if (isForeground)
        {
            kit.Log.TokenFailed(live.Client, live.ProfileName, failure.Message);
        }
        else
        {
            kit.Log.RefreshFailed(live.Client, live.ProfileName, failure.Message);
        }
    }
}
