using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Telemetry;

namespace ClientCredentials.Tokens;

/// <summary>The clients that are not configured but were found by code: looked up once for all who ask, kept for a while, as many as the bound allows.</summary>
internal sealed class ResolvedClients : IDisposable
{
    private readonly BoundedStore<string, Entry> _entries;
    private readonly ClientResolver _resolver;
    private readonly TokenKit _kit;
    private readonly Func<LiveSettings, ClientTokens> _make;

    public ResolvedClients(ClientResolver resolver, TokenKit kit, Func<LiveSettings, ClientTokens> make)
    {
        (_resolver, _kit, _make) = (resolver, kit, make);
        int limit = Math.Max(1, resolver.Options.Limit);
        _entries = new(limit, _ => kit.Log.ResolvedAtLimit(limit), static _ => { }, static _ => { });
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

        string key = client.ToUpperInvariant();
        Entry entry = _entries.GetOrAdd(key, () => new Entry(_make(new LiveSettings(client, profile: null, isActive: true))));
        if (entry.Tokens.Live.Current is null)
        {
            Failure? failure = await LookUpAsync(entry).WaitAsync(cancellationToken).ConfigureAwait(false);
            return failure is null ? entry.Tokens : throw failure.ToException(client, profile: null);
        }

        if (_kit.Clock.Now >= entry.StaleAt)
        {
            // What is known serves on while it is looked up anew, and if that fails.
            _ = LookUpAsync(entry);
        }

        return entry.Tokens;
    }

    /// <summary>The client, if it is in memory.</summary>
    public ClientTokens? Find(string client) => _entries.Get(client.ToUpperInvariant())?.Tokens;

    /// <summary>Forgets what is known of a client; its next use looks it up.</summary>
    public void Forget(string client)
    {
        string key = client.ToUpperInvariant();
        Entry? entry = _entries.Get(key);
        _entries.Remove(key);
        entry?.Tokens.Live.Current?.Identity.Retire();
    }

    public void Dispose() => _entries.Dispose();

    private Task<Failure?> LookUpAsync(Entry entry)
    {
        lock (entry)
        {
            if (entry.LookingUp is { IsCompleted: false } running)
            {
                return running;
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
        Failure? failure = await TryAsync(live).ConfigureAwait(false);
        entry.StaleAt = _kit.Clock.Now + _kit.Clock.Ticks(_resolver.Options.KeepFor);
        if (failure is not null)
        {
            _kit.Log.NotResolved(live.Client, failure.Problem);
            if (live.Current is null)
            {
                // Names that lead nowhere must not push out those that are in use.
                _entries.Remove(live.Client.ToUpperInvariant());
            }
        }

        return failure;
    }

    private async Task<Failure?> TryAsync(LiveSettings live)
    {
        using CancellationTokenSource timeout = new(_resolver.Options.MaxWait, _kit.Clock.TimeProvider);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _kit.Stopping);
        try
        {
            (bool exists, IReadOnlyList<string> problems) = await _resolver.ResolveAsync(live, stop.Token).WaitAsync(stop.Token).ConfigureAwait(false);
            if (exists)
            {
                return problems.Count == 0 ? null : new(FailureReason.NotConfigured, string.Join(" ", problems));
            }

            Forget(live.Client);
            return new(FailureReason.NotConfigured, "it is neither configured nor found by AddClientResolver.");
        }
        catch (Exception exception)
        {
            string problem = timeout.IsCancellationRequested
                ? $"looking it up took longer than {_resolver.Options.MaxWait}."
                : $"looking it up failed with {exception.GetType().Name}.";
            return new(FailureReason.NotConfigured, problem) { IsTransient = true, Cause = exception };
        }
    }

    private sealed class Entry(ClientTokens tokens)
    {
        public ClientTokens Tokens => tokens;

        public Task<Failure?>? LookingUp { get; set; }

        public long StaleAt { get; set; }
    }
}
