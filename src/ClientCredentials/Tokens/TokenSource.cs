using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Telemetry;

namespace ClientCredentials.Tokens;

/// <summary>Always has a usable token of one kind, or says why not: memory, one flight at a time, renewal ahead of time.</summary>
/// <remarks>
/// <para>
/// The common case is one volatile read and one comparison of monotonic ticks: no lock, no lookup, no allocation.
/// Where the token is due and somebody is at it already, or nobody is to be for a while, the gate is left alone too: thousands may come
/// meanwhile. Everything else happens under the gate, which is never held while something is awaited.
/// </para>
/// <para>
/// Where no usable token is in memory, the caller looks again under the gate (another may have been faster), and joins the flight in the
/// air or starts one. A flight runs on the thread pool outside the execution context of the caller that started it, so that no
/// AsyncLocal and no Activity of one request flows into what serves all of them, and on no caller's cancellation: each caller waits
/// with its own. It yields a value, token or failure, and never faults: every waiter throws an exception of its own. When it lands,
/// the token is published first, the flight cleared second, the waiters released last, so that whoever comes in between finds one or the other.
/// </para>
/// <para>
/// A flight keeps the settings it began with. If what identifies the client has changed meanwhile, those who waited get its result,
/// but it is not kept, and whoever comes later starts a flight of the new settings.
/// </para>
/// <para>
/// A token that is due is handed out while one flight renews it behind the scenes: one attempt, then a pause that doubles as long as
/// renewing brings nothing better. A caller that had to join such a flight, because the token ended meanwhile, does not take its
/// transient failure for an answer: it starts a flight with full patience.
/// </para>
/// <para>
/// A rejected token is forgotten only if it is still the current one, by its text; whoever comes with an older one just gets the current.
/// The brake lets one rejection through per pause. One that comes in the token's last second is no rejection but its end: servers count whole seconds.
/// </para>
/// <para>
/// Some servers end a token when they give another, so that renewing ahead of time takes it from under the requests that carry it.
/// Where that was seen at two renewals, tokens are renewed only when they end.
/// </para>
/// </remarks>
internal sealed class TokenSource
{
    private static readonly TimeSpan FirstAheadPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NoLater = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TokenKit _kit;
    private readonly LiveSettings _live;
    private readonly TokenParameters? _asked;
    private readonly Standings _standings;
    private Brake? _brake;
    private readonly Pauses _aheadPauses = new(FirstAheadPause);
    private volatile Held? _held;
    private Flight? _flight;
    private AccessToken? _rejected;
    private Revocations? _revocations;
    private long _aheadNotBefore = long.MinValue;

    public TokenSource(TokenKit kit, LiveSettings live, TokenParameters? asked, Standing ofClient)
    {
        (_kit, _live, _asked) = (kit, live, asked);
        _standings = new Standings(kit, live, ofClient);
    }

    /// <summary>Told after each flight, before its waiters go on.</summary>
    public Action<TokenSource>? AfterLanding { get; init; }

    public LiveSettings Live => _live;

    public TokenParameters? Asked => _asked;

    /// <summary>The client's name as metrics show it.</summary>
    public string Label => _live.Label;

    /// <summary>How this kind of request stands, apart from the client.</summary>
    public Standing? OfRequest => _standings.OfRequest;

    /// <summary>The token in memory, if there is a usable one.</summary>
    public AccessToken? Current => _held is { } held && held.IsUsable(_kit.Clock, _kit.Clock.Now) ? held.Token : null;

    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken)
    {
        if (_held is not { } held)
        {
            return BoardAsync(cancellationToken);
        }

        long now = _kit.Clock.Now;
        bool isCurrent = now < held.DueAt ? !held.Identity.IsRetired : !MayRenew(now) && held.IsUsable(_kit.Clock, now);
        return isCurrent ? new ValueTask<AccessToken>(held.Token) : BoardAsync(cancellationToken);
    }

    /// <summary>Forgets a token that the API refused.</summary>
    /// <returns>Whether it is worth asking for another: not when tokens are refused again and again.</returns>
    public bool Reject(AccessToken token)
    {
        NoticeRevocation(token);
        int heldBack = 0;
        TimeSpan pause = default;
        lock (_gate)
        {
            bool isKnown = _held is { } held ? !held.Token.IsSameAs(token) : _rejected?.IsSameAs(token) == true;
            if (isKnown)
            {
                return true;
            }

            long now = _kit.Clock.Now;
            bool isOver = _held?.MayHaveEnded(_kit.Clock, now) == true;
            if (!isOver)
            {
                _brake ??= new Brake(_kit.Clock);
                isOver = _brake.TryPass(now);
                (heldBack, pause) = (_brake.HeldBack, _brake.Current);
            }

            if (isOver)
            {
                _rejected = token;
                _held = null;
            }
        }

        _standings.Rejected();
        _kit.Meter.TokenRejected(Label, _live.Profile, isBraked: heldBack > 0);
        switch (heldBack)
        {
            case 0:
                _kit.Log.TokenRejected(_live.Client, _live.ProfileName);
                break;
            case 1:
                _kit.Log.RejectionBraked(_live.Client, _live.ProfileName, pause);
                break;
        }

        return heldBack == 0;
    }

    private void NoticeRevocation(AccessToken token)
    {
        lock (_gate)
        {
            if (_revocations?.Refused(token, _kit.Clock.Wall) != true)
            {
                return;
            }

            _aheadNotBefore = long.MaxValue;
        }

        _kit.Log.TokenOdd(_live.Client, _live.ProfileName, "the server ends a token as soon as it gives another. From now on a token is renewed when it ends, and not ahead of time, so that none is revoked under a request; calls wait for that.");
    }

    /// <summary>Asks the server for a token whatever is in memory or known. Success is kept; failure leaves what was.</summary>
    public async Task<TokenReply> ConnectAsync(Settings settings, CancellationToken cancellationToken)
    {
        while (true)
        {
            Flight flight;
            lock (_gate)
            {
                flight = _flight ?? Start(settings, FlightKind.Connect);
            }

            TokenReply reply = await WaitAsync(flight, cancellationToken).ConfigureAwait(false);
            // One who connects with other settings wants to hear about those.
            if (flight.Kind == FlightKind.Connect && ReferenceEquals(flight.Settings, settings))
            {
                return reply;
            }
        }
    }

    /// <summary>Answers from memory, starts what is due, or puts the caller on a flight.</summary>
    private ValueTask<AccessToken> BoardAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<AccessToken>(cancellationToken);
        }

        Flight flight;
        lock (_gate)
        {
            long now = _kit.Clock.Now;
            if (_held is { } held && held.IsUsable(_kit.Clock, now))
            {
                RenewAhead(held, now);
                return new ValueTask<AccessToken>(held.Token);
            }

            if (_kit.Stopping.IsCancellationRequested)
            {
                return ValueTask.FromException<AccessToken>(new ObjectDisposedException(nameof(IClientCredentials), "The app's services are disposed."));
            }

            // Read once: between two looks they may change, and what was checked must be what is used.
            Settings? settings = _live.Current;
            if (Refusal(settings, now, out FlightKind kind) is { } refusal)
            {
                return ValueTask.FromException<AccessToken>(refusal.ToException(_live.Client, _live.Profile));
            }

            flight = Joinable() ?? Start(settings!, kind);
        }

        return flight.Kind == FlightKind.Ahead || _kit.Meter.MeasuresWaits
            ? RideAsync(flight, cancellationToken)
            : RideAsync(flight.Landed.WaitAsync(cancellationToken));
    }

    // Ten thousand may wait here at once: each keeps no more than this.
    private async ValueTask<AccessToken> RideAsync(Task<TokenReply?> landed) => TokenOf(Arrived(await landed.ConfigureAwait(false)));

    private async ValueTask<AccessToken> RideAsync(Flight flight, CancellationToken cancellationToken)
    {
        TokenReply reply = await WaitAsync(flight, cancellationToken).ConfigureAwait(false);
        if (reply.Failure is { IsTransient: true } && flight.Kind == FlightKind.Ahead)
        {
            // It tried once, for nobody. Now somebody waits: the next flight is a patient one.
            return await BoardAsync(cancellationToken).ConfigureAwait(false);
        }

        return TokenOf(reply);
    }

    private AccessToken TokenOf(TokenReply reply) => reply.Token ?? throw reply.Failure!.ToException(_live.Client, _live.Profile);

    private async ValueTask<TokenReply> WaitAsync(Flight flight, CancellationToken cancellationToken)
    {
        long? began = _kit.Meter.MeasuresWaits ? _kit.Clock.Now : null;
        TokenReply? reply = await flight.Landed.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (began is { } start)
        {
            _kit.Meter.CallerWaited(Label, _live.Profile, flight.Name, _kit.Clock.Between(start, _kit.Clock.Now));
        }

        return Arrived(reply);
    }

    private static TokenReply Arrived(TokenReply? reply) =>
        reply ?? throw new ObjectDisposedException(nameof(IClientCredentials), "The app's services were disposed while a token was fetched.");

    /// <summary>Why no flight may start or be joined now, or null.</summary>
    private Failure? Refusal(Settings? settings, long now, out FlightKind kind)
    {
        kind = FlightKind.First;
        if (settings is null)
        {
            return new(FailureReason.NotConfigured, string.Join(" ", _live.Problems));
        }

        if (!settings.Options.Enabled)
        {
            return new(FailureReason.Disabled, "it is switched off by Enabled: false; no request is made for it.");
        }

        // A probe in the air is one caller's; the others are not kept waiting for a server that refused before.
        Failure? refusal = _standings.Enter(settings, now, out bool isProbe);
        kind = isProbe ? FlightKind.Probe : Why();
        return refusal;
    }

    private FlightKind Why() => _held switch
    {
        null when _rejected is not null => FlightKind.Rejected,
        null or { Identity.IsRetired: true } => FlightKind.First,
        _ => FlightKind.Expired,
    };

    private Flight? Joinable() => _flight is { } flight && !flight.Settings.Identity.IsRetired ? flight : null;

    private bool MayRenew(long now) => Volatile.Read(ref _flight) is null && now >= Volatile.Read(ref _aheadNotBefore);

    private void RenewAhead(Held held, long now)
    {
        if (now < held.DueAt || !MayRenew(now) || _kit.Stopping.IsCancellationRequested)
        {
            return;
        }

        Settings? settings = _live.Current;
        if (Refusal(settings, now, out _) is not null)
        {
            PauseAhead();
            return;
        }

        if (_revocations?.Identity != held.Identity)
        {
            _revocations = new Revocations(held.Identity);
        }

        _revocations.Renewing(held.Token);
        Start(settings!, FlightKind.Ahead);
    }

    private Flight Start(Settings settings, FlightKind kind)
    {
        Flight flight = new(_kit, settings, kind, _asked);
        _flight = flight;
        // Unsafe: without the caller's execution context.
        ThreadPool.UnsafeQueueUserWorkItem(static trip => _ = trip.Flight.FlyAsync(trip.Source.Land), (Source: this, Flight: flight), preferLocal: false);
        return flight;
    }

    private void Land(Flight flight, TokenReply? reply)
    {
        bool isTurn;
        TimeSpan? ahead = null;
        lock (_gate)
        {
            if (reply?.Token is not null)
            {
                ahead = Publish(flight, reply);
            }
            else if (flight.Kind == FlightKind.Ahead)
            {
                _revocations?.Renewing(null);
                PauseAhead(reply?.Failure?.RetryAfter);
            }

            // Before the flight is cleared: whoever comes in between would ask a server that has just said no.
            isTurn = reply is not null && _standings.Judge(flight, reply);
            if (ReferenceEquals(_flight, flight))
            {
                _flight = null;
            }
        }

        if (reply is null)
        {
            return;
        }

        try
        {
            _standings.Tell(flight, reply, isTurn);
            if (ahead is { } left)
            {
                _kit.Meter.RefreshedAhead(Label, _live.Profile, left);
            }
        }
        finally
        {
            AfterLanding?.Invoke(this);
        }
    }

    /// <returns>How long the old token would still have lived, where it was renewed ahead of time.</returns>
    private TimeSpan? Publish(Flight flight, TokenReply reply)
    {
        Held? old = _held is { Identity.IsRetired: false } kept ? kept : null;
        Held held = new(reply, flight.Settings, _kit.Clock, _kit.Jitter);
        if (held.Identity.IsRetired)
        {
            return null;
        }

        TimeSpan? ahead = flight.Kind == FlightKind.Ahead && old is not null ? _kit.Clock.Between(_kit.Clock.Now, old.EndsAt) : null;
        bool endsNoLater = old is not null && held.ExpiresAt <= old.ExpiresAt + _kit.Clock.Ticks(NoLater);
        if (!endsNoLater)
        {
            _aheadPauses.Reset();
            _aheadNotBefore = long.MinValue;
        }

        bool isSame = old?.Token.IsSameAs(held.Token) == true;
        if (isSame && flight.Kind == FlightKind.Ahead)
        {
            // Nothing was replaced: whoever refuses this token refuses the current one.
            _revocations?.Renewing(null);
        }

        if (endsNoLater || isSame)
        {
            // Some servers give the same token until it ends: to ask again and again would only be noise.
            _aheadNotBefore = _kit.Clock.Now + _kit.Clock.Ticks(_aheadPauses.Next());
        }

        if (_revocations is { AreCertain: true } revocations && revocations.Identity == held.Identity)
        {
            _aheadNotBefore = long.MaxValue;
        }

        if (_kit.Clock.Now < held.EndsAt)
        {
            _held = held;
        }

        return ahead;
    }

    /// <summary>Lets some time pass before the next renewal ahead of time: little enough that a short-lived token still gets a few, and as much as the server asks for.</summary>
    private void PauseAhead(TimeSpan? asked = null)
    {
        if (_aheadNotBefore == long.MaxValue)
        {
            return;
        }

        double scale = _held is { } held ? Math.Min(1, (held.EndsAt - held.DueAt) / 4.0 / _kit.Clock.Ticks(FirstAheadPause)) : 1;
        TimeSpan pause = _aheadPauses.Next() * scale;
        if (asked > pause)
        {
            pause = asked < Pauses.Longest ? asked.Value : Pauses.Longest;
        }

        _aheadNotBefore = _kit.Clock.Now + _kit.Clock.Ticks(pause);
    }
}
