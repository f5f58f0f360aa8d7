using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Telemetry;

namespace ClientCredentials.Tokens;

/// <summary>How one kind of request stands: by itself, and as one of its client's.</summary>
internal sealed class Standings(TokenKit kit, LiveSettings live, Standing ofClient)
{
    /// <summary>How this kind of request stands by itself: a tenant's bad audience is not the client's fault.</summary>
    /// <remarks>Made when first something is wrong with it: with most, nothing ever is.</remarks>
    public Standing? OfRequest { get; private set; }

    /// <summary>Asks to go to the server.</summary>
    /// <returns>Why not, or null.</returns>
    public Failure? Enter(Settings settings, long now, out bool isProbe)
    {
        isProbe = false;
        if (OfRequest?.Enter(settings, now, out isProbe) is { } refused)
        {
            return refused;
        }

        Failure? refusedClient = ofClient.Enter(settings, now, out bool probesClient);
        if (refusedClient is not null && isProbe)
        {
            OfRequest?.Leave();
        }

        isProbe |= probesClient;
        return refusedClient;
    }

    /// <summary>Counts a token that an API refused.</summary>
    public void Rejected() => ofClient.Rejected();

    /// <summary>Lets the server's answer count for or against the client, or for or against this kind of request alone.</summary>
    /// <returns>Whether it turns things: well again, or refused from now on.</returns>
    public bool Judge(Flight flight, TokenReply reply)
    {
        // What older settings met with says nothing about those of now, unless it is a token that is good under them too.
        bool counts = reply.Failure is null ? !flight.Settings.Identity.IsRetired : ReferenceEquals(flight.Settings, live.Current);
        if (!counts)
        {
            ofClient.Leave();
            OfRequest?.Leave();
            return false;
        }

        DateTimeOffset wall = kit.Clock.Wall;
        if (reply.Failure is not { } failure)
        {
            // Both must hear of it: either may be what was in doubt.
            return ofClient.Succeeded(flight.Settings, wall) | OfRequest?.Succeeded(flight.Settings, wall) == true;
        }

        Other(failure)?.Leave();
        return Judged(failure).Failed(flight.Settings, failure, flight.Kind != FlightKind.Ahead, kit.Clock.Now, wall);
    }

    /// <summary>Says what came of a flight, to whoever reads logs and metrics.</summary>
    public void Tell(Flight flight, TokenReply reply, bool isTurn)
    {
        if (isTurn)
        {
            kit.Meter.StandingChanged(flight.Settings.Label, live.Profile, isRefused: reply.Failure is not null);
        }

        if (reply.Failure is { } failure)
        {
            TellFailure(flight, failure, isTurn);
            return;
        }

        kit.Log.TokenReceived(live.Client, live.ProfileName, reply.Lifetime, string.Join(' ', reply.Token!.Scopes), reply.Attempts, kit.Clock.Between(reply.AskedAt, kit.Clock.Now));
        if (isTurn)
        {
            kit.Log.ClientRecovered(live.Client, live.ProfileName);
        }

        foreach (string oddity in reply.Oddities.Concat(Oddities(flight.Settings, reply)))
        {
            kit.Log.TokenOdd(live.Client, live.ProfileName, oddity);
        }
    }

    private void TellFailure(Flight flight, Failure failure, bool isTurn)
    {
        if (isTurn)
        {
            kit.Log.ClientRefused(live.Client, live.ProfileName, Judged(failure).Look().NextProbe - kit.Clock.Wall ?? TimeSpan.Zero, failure.Message);
        }
        else if (flight.Kind != FlightKind.Ahead)
        {
            kit.Log.TokenFailed(live.Client, live.ProfileName, failure.Message);
        }
        else
        {
            kit.Log.RefreshFailed(live.Client, live.ProfileName, failure.Message);
        }
    }

    private Standing Judged(Failure failure) => failure.IsOfOneRequest ? OfRequest ??= new Standing(kit.Clock, kit.Jitter) : ofClient;

    private Standing? Other(Failure failure) => failure.IsOfOneRequest ? ofClient : OfRequest;

    private IEnumerable<string> Oddities(Settings settings, TokenReply reply)
    {
        if (reply.ClockSkew is { } skew && skew.Duration() >= ClockSkews.Notable && settings.Identity.WarnsOfSkewNow())
        {
            yield return ClockSkews.Sentence(skew);
        }

        if (live.Siblings.Count > 0
            && reply.Claims is { Audiences: var audiences }
            && EnvironmentGuards.MistakenFor(audiences, settings, live.Siblings.Select(sibling => sibling.Current).OfType<Settings>()) is { } profile)
        {
            yield return $"the token is meant for the API of profile '{profile}'; are the settings of the two mixed up?";
        }
    }
}
