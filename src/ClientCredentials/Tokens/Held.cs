using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tokens;

/// <summary>A token in memory: until when it is good, and from when on it is renewed. Never changes.</summary>
internal sealed class Held
{
    // More than two clocks drift apart, less than anybody sleeps.
    private static readonly TimeSpan Slept = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan WholeSecond = TimeSpan.FromSeconds(1);

    private readonly long _askedAt;
    private readonly DateTimeOffset _askedAtWall;
    private readonly TimeSpan _usableFor;

    public Held(TokenReply reply, Settings settings, Clock clock, Jitter jitter)
    {
        Token = reply.Token!;
        Identity = reply.Certificate?.Identity ?? settings.Identity;
        Lifetime = reply.Token!.Certificate is { } bound && bound.NotAfter - reply.AskedAtWall is var left && left < reply.Lifetime ? left : reply.Lifetime;
        _askedAt = reply.AskedAt;
        _askedAtWall = reply.AskedAtWall;
        _usableFor = Lifetime - Lifetimes.Margin(Lifetime);
        EndsAt = _askedAt + clock.Ticks(_usableFor);
        ExpiresAt = _askedAt + clock.Ticks(Lifetime);
        TimeSpan window = jitter.OfProcess(Lifetimes.RefreshWindow(Lifetime, settings.Options.RefreshBefore));
        DueAt = Math.Min(EndsAt, _askedAt + clock.Ticks(Lifetime - window));
    }

    public AccessToken Token { get; }

    public Identity Identity { get; }

    public TimeSpan Lifetime { get; }

    /// <summary>From here on it is renewed, and still handed out.</summary>
    public long DueAt { get; }

    /// <summary>From here on it is not handed out.</summary>
    public long EndsAt { get; }

    /// <summary>Where its life ends as the server counts it.</summary>
    public long ExpiresAt { get; }

    /// <summary>Whether the server may have ended it already: many count whole seconds. Of a very short life it is the second half, so that what is refused at once still counts as refused.</summary>
    public bool MayHaveEnded(Clock clock, long now) => now >= ExpiresAt - clock.Ticks(Lifetime / 2 < WholeSecond ? Lifetime / 2 : WholeSecond);

    public bool IsUsable(Clock clock, long now) => now < EndsAt && !Identity.IsRetired && !HasEndedAsleep(clock, now);

    // The monotonic clock stands still while the machine sleeps; the server's does not.
    private bool HasEndedAsleep(Clock clock, long now)
    {
        TimeSpan byWall = clock.Wall - _askedAtWall;
        return byWall - clock.Between(_askedAt, now) > Slept && byWall >= _usableFor;
    }
}
