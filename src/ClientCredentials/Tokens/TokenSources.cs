using System.Collections.Concurrent;
using ClientCredentials.Clients;
using ClientCredentials.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tokens;

/// <summary>All sources: those of the usual tokens, which stay, and those of other kinds of tokens, as many as the bound allows.</summary>
internal sealed class TokenSources : IDisposable
{
    /// <summary>How many kinds of tokens are held at most, beside the usual ones.</summary>
    public const int Limit = 10_000;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ClientSettings _settings;
    private readonly TokenKit _kit;
    private readonly ConcurrentDictionary<LiveSettings, ClientTokens> _clients = new();
    private readonly ConcurrentDictionary<(string Client, string? Profile), ClientTokens> _byName = new();
    private readonly BoundedStore<ShapeKey, TokenSource> _shapes;
    private readonly ResolvedClients? _resolved;

    public TokenSources(
        ClientSettings settings,
        TokenEndpoint endpoint,
        Clock clock,
        Jitter jitter,
        ClientCredentialsMeter meter,
        ILogger<TokenSources> log,
        ClientResolver? resolver = null,
        int limit = Limit)
    {
        _settings = settings;
        _kit = new TokenKit(clock, jitter, endpoint, meter, log, _stopping.Token);
        _shapes = new(limit, source => log.SourcesAtLimit(source.Live.Client, limit), source => meter.SourceAdded(source.Label), key => meter.SourceDropped(key.Live.Label));
        _resolved = resolver is null ? null : new(resolver, _kit, live => new ClientTokens(_kit, live, AfterLanding));
        _settings.Changed += OnSettingsChanged;
    }

    /// <summary>Told when the status of a client may have changed.</summary>
    public event Action<ClientTokens>? Changed;

    /// <summary>How many kinds of tokens are held beside the usual ones.</summary>
    public int Kinds => _shapes.Count;

    public Clock Clock => _kit.Clock;

    /// <summary>Whether a client has to be looked up first.</summary>
    public bool IsElsewhere(string? client) => _resolved is not null && client is not null && !_byName.ContainsKey((client, null)) && !_settings.Has(client);

    /// <summary>The client that a name means; with no name, the only one.</summary>
    /// <exception cref="ClientCredentialsException">There is no such client, or no such profile.</exception>
    public ClientTokens Client(string? client, string? profile)
    {
        if (client is not null && _byName.TryGetValue((client, profile), out ClientTokens? tokens))
        {
            return tokens;
        }

        (string? known, string problem) = _settings.Find(client);
        if (known is null)
        {
            string advice = client is null && _resolved is not null ? " A client that AddClientResolver finds is named by the request: UseClientCredentials." : "";
            throw new ClientCredentialsException(client ?? "", FailureReason.NotConfigured, $"{problem}{advice}");
        }

        (LiveSettings? live, string wrong) = _settings.Get(known, profile);
        if (live is null)
        {
            throw new ClientCredentialsException(known, FailureReason.NotConfigured, wrong) { Profile = profile };
        }

        tokens = _clients.GetOrAdd(live, static (key, sources) => new ClientTokens(sources._kit, key, sources.AfterLanding), this);
        // As it was written: there are only so many ways in which the code of an app writes a name.
        _byName.TryAdd((client ?? known, profile), tokens);
        return tokens;
    }

    /// <summary>The source of the tokens that are asked for.</summary>
    /// <exception cref="ClientCredentialsException">There is no such client or profile, or what is asked for breaks the rules.</exception>
    public TokenSource Source(string? client, TokenParameters? asked) => Source(Client(client, asked?.Profile), asked);

    /// <summary>The source of the tokens of a client that may have to be looked up first.</summary>
    /// <exception cref="ClientCredentialsException">There is no such client or profile, or what is asked for breaks the rules.</exception>
    /// <param name="client">The client's name; null for the only one.</param>
    /// <param name="asked">What is asked for.</param>
    /// <param name="profile">The profile, where what is asked for names none; null for the active one.</param>
    /// <param name="cancellationToken">Ends the waiting of this caller.</param>
    public async ValueTask<TokenSource> SourceAsync(string? client, TokenParameters? asked, string? profile, CancellationToken cancellationToken) =>
        Source(await ClientAsync(client, asked?.Profile ?? profile, cancellationToken).ConfigureAwait(false), asked);

    /// <summary>The client that a name means, looked up where it is not configured.</summary>
    /// <exception cref="ClientCredentialsException">There is no such client or profile.</exception>
    public ValueTask<ClientTokens> ClientAsync(string? client, string? profile, CancellationToken cancellationToken)
    {
        if (!IsElsewhere(client))
        {
            return new(Client(client, profile));
        }

        return profile is null
            ? _resolved!.GetAsync(client!, cancellationToken)
            : throw new ClientCredentialsException(client!, FailureReason.NotConfigured, $"Client '{client}': it has no profile '{profile}'; a client that AddClientResolver finds has none.") { Profile = profile };
    }

    /// <summary>The settings of a client and profile, without looking the client up; null where there are none in memory.</summary>
    public LiveSettings? Live(string client, string? profile)
    {
        if (IsElsewhere(client))
        {
            return profile is null ? _resolved!.Find(client)?.Live : null;
        }

        return _settings.Has(client) && _settings.Find(client).Client is { } known ? _settings.Get(known, profile).Settings : null;
    }

    /// <summary>The source of a token that was handed out; null where the client that it was for is no longer held.</summary>
    /// <exception cref="ClientCredentialsException">There is no such client or profile.</exception>
    public TokenSource? Known(string client, TokenParameters? asked)
    {
        if (!IsElsewhere(client))
        {
            return Source(client, asked);
        }

        return _resolved!.Find(client) is { } tokens ? Source(tokens, asked) : null;
    }

    /// <summary>Forgets all that is known of a client.</summary>
    public void Forget(string client)
    {
        if (IsElsewhere(client))
        {
            _resolved!.Forget(client);
            return;
        }

        foreach (ClientTokens tokens in _clients.Values.Where(tokens => Names.Same(tokens.Live.Client, client)))
        {
            _settings.Renew(tokens.Live);
        }
    }

    public IEnumerable<ClientTokens> All() =>
        _settings.Clients
            .Where(client => Names.ProblemWith(client) is null)
            .SelectMany(client => _settings.Profiles(client).Select(profile => Client(client, profile)));

    public void Dispose()
    {
        _settings.Changed -= OnSettingsChanged;
        _stopping.Cancel();
        _resolved?.Dispose();
        _shapes.Dispose();
    }

    private TokenSource Source(ClientTokens tokens, TokenParameters? asked)
    {
        if (asked is null || asked.IsUsual)
        {
            return tokens.Usual;
        }

        ShapeKey key = new(tokens.Live, asked);
        return _shapes.Get(key) ?? Add(key, tokens, asked);
    }

    // By itself, so that only who comes here pays for the closure.
    private TokenSource Add(ShapeKey key, ClientTokens tokens, TokenParameters asked) => _shapes.GetOrAdd(key, () => NewSource(tokens, asked));

    private static TokenSource NewSource(ClientTokens tokens, TokenParameters asked)
    {
        (string client, string? profile) = (tokens.Live.Client, tokens.Live.Profile);
        return ParameterRules.Problems(asked).FirstOrDefault() is { } problem
            ? throw new ClientCredentialsException(client, FailureReason.NotConfigured, ClientSettings.Sentence(client, profile, problem)) { Profile = profile }
            : tokens.NewSource(asked);
    }

    private void AfterLanding(ClientTokens tokens, TokenSource source)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        if (source.Asked is { } asked)
        {
            // It may have been dropped while its flight was in the air: those who come later should find what it brought.
            _shapes.GetOrAdd(new ShapeKey(source.Live, asked), () => source);
        }

        Changed?.Invoke(tokens);
    }

    private void OnSettingsChanged(LiveSettings live)
    {
        if (_clients.TryGetValue(live, out ClientTokens? tokens))
        {
            Changed?.Invoke(tokens);
        }
    }

    /// <summary>A kind of token of a client and profile.</summary>
    private sealed record ShapeKey(LiveSettings Live, TokenParameters Asked);
}
