using System.Collections.Concurrent;
using ClientCredentials.Clients;
using ClientCredentials.Telemetry;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tokens;

/// <summary>All sources: those of the usual tokens, which stay, and those of other kinds of tokens, as many as the bound allows.</summary>
internal sealed class TokenSources : IDisposable
{
    /// <summary>How many kinds of tokens are held at most, beside the usual ones.</summary>
    public const int Limit = 10_000;

    // A full cache drops what is new; so a twentieth of what was used least is dropped before.
    private const double ToDrop = 0.05;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ClientSettings _settings;
    private readonly TokenKit _kit;
    private readonly ClientCredentialsMeter _meter;
    private readonly ConcurrentDictionary<LiveSettings, ClientTokens> _clients = new();
    private readonly ConcurrentDictionary<(string Client, string? Profile), ClientTokens> _byName = new();
    private readonly MemoryCache _shapes = new(new MemoryCacheOptions { SizeLimit = Limit });
    private bool _hasWarned;

    public TokenSources(ClientSettings settings, TokenEndpoint endpoint, Clock clock, Jitter jitter, ClientCredentialsMeter meter, ILogger<TokenSources> log)
    {
        _settings = settings;
        _meter = meter;
        _kit = new TokenKit(clock, jitter, endpoint, log, _stopping.Token);
        _settings.Changed += OnSettingsChanged;
    }

    /// <summary>Told when the status of a client may have changed.</summary>
    public event Action<ClientTokens>? Changed;

    public Clock Clock => _kit.Clock;

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
            throw new ClientCredentialsException(client ?? "", FailureReason.NotConfigured, problem);
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
    /// <param name="client">The client's name; null for the only one.</param>
    /// <param name="asked">What is asked for.</param>
    /// <param name="profile">The profile, where what is asked for names none; null for the active one.</param>
    /// <exception cref="ClientCredentialsException">There is no such client or profile, or what is asked for breaks the rules.</exception>
    public TokenSource Source(string? client, TokenParameters? asked, string? profile = null)
    {
        ClientTokens tokens = Client(client, asked?.Profile ?? profile);
        return asked is null || asked.IsUsual ? tokens.Usual : Shape(tokens, asked);
    }

    public IEnumerable<ClientTokens> All() =>
        _settings.Clients
            .Where(client => Names.ProblemWith(client) is null)
            .SelectMany(client => _settings.Profiles(client).Select(profile => Client(client, profile)));

    public void Dispose()
    {
        _settings.Changed -= OnSettingsChanged;
        _stopping.Cancel();
        lock (_gate)
        {
            _shapes.Dispose();
        }
    }

    private TokenSource Shape(ClientTokens tokens, TokenParameters asked)
    {
        ShapeKey key = new(tokens.Live, asked);
        if (_shapes.TryGetValue(key, out TokenSource? source))
        {
            return source!;
        }

        if (ParameterRules.Problems(asked).FirstOrDefault() is { } problem)
        {
            throw new ClientCredentialsException(tokens.Live.Client, FailureReason.NotConfigured, ClientSettings.Sentence(tokens.Live.Client, tokens.Live.Profile, problem))
            {
                Profile = tokens.Live.Profile,
            };
        }

        lock (_gate)
        {
            if (!_shapes.TryGetValue(key, out source))
            {
                source = tokens.NewSource(_kit, asked, AfterLanding);
                Keep(key, source);
            }

            return source!;
        }
    }

    private void Keep(ShapeKey key, TokenSource source)
    {
        if (_shapes.Count >= Limit)
        {
            if (!_hasWarned)
            {
                _hasWarned = true;
                _kit.Log.SourcesAtLimit(source.Live.Client, Limit);
            }

            _shapes.Compact(ToDrop);
        }

        string client = source.Live.Client;
        using ICacheEntry entry = _shapes.CreateEntry(key);
        entry.Size = 1;
        entry.Value = source;
        entry.RegisterPostEvictionCallback((_, _, reason, _) =>
        {
            if (reason != EvictionReason.Replaced)
            {
                _meter.SourceDropped(client);
            }
        });
        _meter.SourceAdded(client);
    }

    private void AfterLanding(TokenSource source)
    {
        if (source.Asked is { } asked && !_stopping.IsCancellationRequested)
        {
            // It may have been dropped while its flight was in the air: those who come later should find what it brought.
            lock (_gate)
            {
                ShapeKey key = new(source.Live, asked);
                if (!_stopping.IsCancellationRequested && !_shapes.TryGetValue(key, out _))
                {
                    Keep(key, source);
                }
            }
        }

        if (_clients.TryGetValue(source.Live, out ClientTokens? tokens))
        {
            Changed?.Invoke(tokens);
        }
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
