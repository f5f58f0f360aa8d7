using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Telemetry;

namespace ClientCredentials.Tokens;

/// <summary>The clients that are not configured but were found by code: looked up once for all who ask, kept for a while, as many as the bound allows.</summary>
internal sealed class ResolvedClients : IDisposable
{
    private static readonly Task<Failure?> Found = Task.FromResult<Failure?>(null);

    private readonly Lock _gate = new();
    private readonly BoundedStore<string, Entry> _entries;

    // Apart from the clients: names that lead nowhere must not push out those that are in use.
    private readonly BoundedStore<string, Missing> _missing;
    private readonly ClientResolver _resolver;
    private readonly TokenKit _kit;
    private readonly Func<LiveSettings, ClientTokens> _make;

    public ResolvedClients(ClientResolver resolver, TokenKit kit, Func<LiveSettings, ClientTokens> make)
    {
        (_resolver, _kit, _make) = (resolver, kit, make);
        int limit = Math.Max(1, resolver.Options.Limit);
        _entries = new(limit, _ => kit.Log.ResolvedAtLimit(limit), static _ => { }, static _ => { });
        _missing = new(limit, static _ => { }, static _ => { }, static _ => { });
    }

    /// <summary>The client, from memory or from where the app looks it up.</summary>
    /// <param name="client">Its name; compared ignoring case.</param>
    /// <param name="cancellationToken">Ends the waiting of this caller.</param>
    /// <exception cref="ClientCredentialsException">There is none, or what was found breaks the rules.</exception>
    public async ValueTask<ClientTokens> GetAsync(string client, CancellationToken cancellationToken)
    {
        if (Names.ProblemWith(client) is { } problem)
        {
            throw new ClientCredentialsException(client, FailureReason.NotConfigured, $"Client '{client}': {problem}.");
        }

        if (_missing.Get(Key(client)) is { } missing && _kit.Clock.Now < missing.Until)
        {
            throw missing.Failure.ToException(client, profile: null);
        }

        Entry entry = _entries.GetOrAdd(Key(client), () => new Entry(_make(new LiveSettings(client, profile: null, isActive: true))));
        if (entry.Tokens.Live.Current is null)
        {
            Failure? failure = await LookUpAsync(entry).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (failure is null)
            {
                return entry.Tokens;
            }

            throw _kit.Stopping.IsCancellationRequested
                ? new ObjectDisposedException(nameof(IClientCredentials), "The app's services were disposed while a client was looked up.")
                : failure.ToException(client, profile: null);
        }

        if (_kit.Clock.Now >= entry.StaleAt)
        {
            // What is known serves on while it is looked up anew, and if that fails.
            _ = LookUpAsync(entry);
        }

        return entry.Tokens;
    }

    /// <summary>The client, if it is in memory.</summary>
    public ClientTokens? Find(string client) => _entries.Get(Key(client))?.Tokens;

    /// <summary>Forgets what is known of a client; its next use looks it up.</summary>
    public void Forget(string client)
    {
        string key = Key(client);
        lock (_gate)
        {
            if (_missing.Get(key) is { } missing)
            {
                _missing.Remove(key, missing);
            }

            if (_entries.Get(key) is { } entry)
            {
                Drop(entry);
            }
        }
    }

    public void Dispose()
    {
        _entries.Dispose();
        _missing.Dispose();
    }

    private static string Key(string client) => client.ToUpperInvariant();

    private bool Drop(Entry entry)
    {
        bool wasThere = _entries.Remove(Key(entry.Tokens.Live.Client), entry);
        entry.Tokens.Live.Current?.Identity.Retire();
        return wasThere;
    }

    /// <summary>Drops a client of which there is nothing to keep but that it is not there.</summary>
    private void Drop(Entry entry, Failure failure)
    {
        string key = Key(entry.Tokens.Live.Client);
        lock (_gate)
        {
            // What was forgotten during its look-up is to be looked up anew. What merely failed is, too: it may work the next time.
            if (!Drop(entry) || failure.IsTransient || _resolver.Options.KeepMissingFor == TimeSpan.Zero)
            {
                return;
            }

            if (_missing.Get(key) is { } old)
            {
                _missing.Remove(key, old);
            }

            _missing.GetOrAdd(key, () => new(failure, _kit.Clock.Now + _kit.Clock.Ticks(_resolver.Options.KeepMissingFor)));
        }
    }

    private Task<Failure?> LookUpAsync(Entry entry)
    {
        lock (entry)
        {
            if (entry.LookingUp is { IsCompleted: false } running)
            {
                return running;
            }

            // Another caller may have been faster.
            if (entry.Tokens.Live.Current is not null && _kit.Clock.Now < entry.StaleAt)
            {
                return Found;
            }

            // Not in the caller's context, as a flight is not: it serves all who ask.
            using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
            {
                return entry.LookingUp = Task.Run(() => LookUpOnceAsync(entry));
            }
        }
    }

    /// <summary>Looks a client up. Like a flight it yields a value and never faults: each who waits throws an exception of its own.</summary>
    private async Task<Failure?> LookUpOnceAsync(Entry entry)
    {
        LiveSettings live = entry.Tokens.Live;
        Failure? failure = await TryAsync(entry).ConfigureAwait(false);
        entry.StaleAt = _kit.Clock.Now + _kit.Clock.Ticks(_resolver.Options.KeepFor);
        if (failure is not null && !_kit.Stopping.IsCancellationRequested)
        {
            _kit.Log.NotResolved(live.Client, failure.Problem);
            if (live.Current is null)
            {
                // Names that lead nowhere must not push out those that are in use.
                Drop(entry, failure);
            }
        }

        return failure;
    }

    private async Task<Failure?> TryAsync(Entry entry)
    {
        using CancellationTokenSource timeout = new(_resolver.Options.MaxWait, _kit.Clock.TimeProvider);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _kit.Stopping);
        try
        {
            LiveSettings live = entry.Tokens.Live;
            if (await _resolver.FindAsync(live.Client, stop.Token).ConfigureAwait(false) is not { } options)
            {
                Failure missing = new(FailureReason.NotConfigured, "it is neither configured nor found by AddClientResolver.");
                Drop(entry, missing);
                return missing;
            }

            IReadOnlyList<string> problems = _resolver.Take(options, live);
            return problems.Count == 0 ? null : new(FailureReason.NotConfigured, string.Join(" ", problems));
        }
        catch (Exception exception)
        {
            string problem = timeout.IsCancellationRequested
                ? $"looking it up took longer than {_resolver.Options.MaxWait}."
                : $"looking it up failed with {exception.GetType().Name}.";
            return new(FailureReason.NotConfigured, problem) { IsTransient = true, Cause = exception };
        }
    }

    /// <summary>A name of which nothing is known, and until when nobody asks again.</summary>
    private sealed record Missing(Failure Failure, long Until);

    private sealed class Entry(ClientTokens tokens)
    {
        public ClientTokens Tokens => tokens;

        public Task<Failure?>? LookingUp { get; set; }

        public long StaleAt { get; set; }
    }
}
