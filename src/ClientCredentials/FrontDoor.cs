using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Telemetry;
using ClientCredentials.Tokens;
using Microsoft.Extensions.Logging;

namespace ClientCredentials;

/// <summary>What an app asks directly.</summary>
internal sealed class FrontDoor : IClientCredentials, IOwnSources, IDisposable
{
    // So much news waits only for a subscriber that hangs.
    private const int MostNews = 1000;

    private readonly TokenSources _sources;
    private readonly ILogger _log;
    private readonly Lock _gate = new();

    public FrontDoor(TokenSources sources, ILogger<FrontDoor> log)
    {
        (_sources, _log) = (sources, log);
        sources.Changed += Tell;
    }

    public event EventHandler<ClientStatus>? StatusChanged;

    public TokenSources Sources => _sources;

    /// <summary>What subscribers are told, one after the other.</summary>
    public SerialQueue News { get; } = new(MostNews);

    public IReadOnlyList<ClientStatus> Statuses => [.. _sources.All().Select(tokens => tokens.Status())];

    public ValueTask<AccessToken> GetTokenAsync(string client, TokenParameters? parameters = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        try
        {
            return _sources.IsElsewhere(client)
                ? LookUpAsync(client, parameters, cancellationToken)
                : _sources.Source(client, parameters).GetTokenAsync(cancellationToken);
        }
        catch (ClientCredentialsException exception)
        {
            return ValueTask.FromException<AccessToken>(exception);
        }
    }

    public void Reject(string client, AccessToken token, TokenParameters? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(token);
        _sources.Known(client, parameters)?.Reject(token);
    }

    public void Forget(string client)
    {
        ArgumentNullException.ThrowIfNull(client);
        _sources.Forget(client);
    }

    public async Task<ConnectResult> ConnectAsync(string client, string? profile = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        try
        {
            ClientTokens tokens = await _sources.ClientAsync(client, profile, cancellationToken).ConfigureAwait(false);
            return await ConnectAsync(tokens, cancellationToken).ConfigureAwait(false);
        }
        catch (ClientCredentialsException exception)
        {
            return new() { Client = exception.Client, Profile = exception.Profile ?? profile, IsOK = false, Problem = exception.Message, Reason = exception.Reason };
        }
    }

    private async ValueTask<AccessToken> LookUpAsync(string client, TokenParameters? parameters, CancellationToken cancellationToken)
    {
        TokenSource source = await _sources.SourceAsync(client, parameters, profile: null, cancellationToken).ConfigureAwait(false);
        return await source.GetTokenAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _sources.Changed -= Tell;
        News.Dispose();
    }

    private async Task<ConnectResult> ConnectAsync(ClientTokens tokens, CancellationToken cancellationToken)
    {
        LiveSettings live = tokens.Live;
        if (live.Problems.Count > 0 || live.Current is not { } settings)
        {
            throw new ClientCredentialsException(live.Client, FailureReason.NotConfigured, ClientSettings.Sentence(live.Client, live.Profile, string.Join(" ", live.Problems))) { Profile = live.Profile };
        }

        if (!settings.Options.Enabled)
        {
            throw new ClientCredentialsException(live.Client, FailureReason.Disabled, ClientSettings.Sentence(live.Client, live.Profile, "it is switched off by Enabled: false.")) { Profile = live.Profile };
        }

        long started = _sources.Clock.Now;
        TokenReply reply = await tokens.Usual.ConnectAsync(settings, cancellationToken).ConfigureAwait(false);
        ClientCredentialsException? failure = reply.Failure?.ToException(live.Client, live.Profile);
        return new()
        {
            Client = live.Client,
            Profile = live.Profile,
            IsOK = failure is null,
            Problem = failure?.Message,
            Reason = failure?.Reason,
            Error = failure?.Error,
            TokenEndpointStatus = failure?.TokenEndpointStatus,
            Duration = _sources.Clock.Between(started, _sources.Clock.Now),
            Attempts = reply.Failure?.Attempts ?? reply.Attempts,
            TokenType = reply.Token?.Type,
            TokenLifetime = reply.Token is null ? null : reply.Lifetime,
            ScopesAsked = settings.RequestScopes,
            ScopesGranted = reply.Token?.Scopes ?? [],
            UnverifiedAudiences = reply.Claims?.Audiences ?? [],
            UnverifiedIssuer = reply.Claims?.Issuer,
            ClockSkew = reply.ClockSkew,
        };
    }

    // Whoever waits for a token must not wait for a subscriber.
    private void Tell(ClientTokens tokens)
    {
        // Told in the order in which it was seen.
        lock (_gate)
        {
            if (tokens.News() is { } status)
            {
                News.Post(() => Tell(status));
            }
        }
    }

    private void Tell(ClientStatus status)
    {
        foreach (EventHandler<ClientStatus> subscriber in StatusChanged?.GetInvocationList().Cast<EventHandler<ClientStatus>>() ?? [])
        {
            try
            {
                subscriber(this, status);
            }
            catch (Exception exception)
            {
                Report(exception);
            }
        }
    }

    private void Report(Exception exception)
    {
        try
        {
            _log.SubscriberFailed(exception);
        }
        catch (Exception)
        {
            // A log that throws must not keep the other subscribers from what they are told, nor end the process.
        }
    }
}
