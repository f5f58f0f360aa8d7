using ClientCredentials.Clients;

namespace ClientCredentials.Tokens;

/// <summary>What belongs to one client and profile: its settings, how it stands with the server, and the source of its usual token.</summary>
internal sealed class ClientTokens
{
    private readonly TokenKit _kit;
    private readonly Standing _standing;
    private readonly Action<TokenSource> _afterLanding;
    private (ClientState State, string? Problem, Settings? Settings, bool UsesAlternateSecret)? _told;

    public ClientTokens(TokenKit kit, LiveSettings live, Action<ClientTokens, TokenSource> afterLanding)
    {
        Live = live;
        _standing = new Standing(kit.Clock, kit.Jitter);
        _kit = kit;
        _afterLanding = source => afterLanding(this, source);
        Usual = NewSource(asked: null);
    }

    public LiveSettings Live { get; }

    /// <summary>The source of the token that the settings ask for; it is never dropped.</summary>
    public TokenSource Usual { get; }

    public TokenSource NewSource(TokenParameters? asked) => new(_kit, Live, asked, _standing) { AfterLanding = _afterLanding };

    /// <summary>The status, where it is another than the last that was told.</summary>
    public ClientStatus? News()
    {
        ClientStatus status = Status();
        lock (_standing)
        {
            (ClientState State, string? Problem, Settings? Settings, bool UsesAlternateSecret) news = (status.State, status.Problem, Live.Current, status.UsesAlternateSecret);
            if (_told == news)
            {
                return null;
            }

            _told = news;
            return status;
        }
    }

    public ClientStatus Status()
    {
        Settings? current = Live.Current;
        ClientCredentialsOptions options = current?.Options ?? new();
        Standing.View ofClient = _standing.Look();
        Standing.View standing = ofClient.LastFailure is null ? Usual.OfRequest?.Look() ?? default : ofClient;
        AccessToken? token = Usual.Current;
        ClientStatus status = new()
        {
            Client = Live.Client,
            Profile = Live.Profile,
            IsActive = Live.IsActive,
            DisplayName = string.IsNullOrEmpty(options.DisplayName) ? Live.Client : options.DisplayName,
            Category = options.Category,
            Description = options.Description,
            State = ofClient.LastSuccess is null ? ClientState.NotYetUsed : ClientState.OK,
            LastSuccess = ofClient.LastSuccess,
            HasChangedSinceSuccess = ofClient.Proven is { } proven && current?.SameAs(proven) == false,
            UsesAlternateSecret = current?.UsesAlternateSecret == true,
            TokenExpiresAt = token?.ExpiresAt,
            Scopes = token?.Scopes ?? [],
            Tokens = ofClient.Successes,
            Failures = ofClient.Failures,
            Rejections = ofClient.Rejections,
        };
        if (!options.Enabled)
        {
            return status with { State = ClientState.Disabled };
        }

        if (Live.Problems.Count > 0)
        {
            string problem = ClientSettings.Sentence(Live.Client, Live.Profile, string.Join(" ", Live.Problems));
            return status with { State = ClientState.Error, Problem = problem, Reason = FailureReason.NotConfigured, Since = Live.BrokenSince };
        }

        // What an answer said of other settings says nothing of these.
        return standing.LastFailure is not { } failure || standing.Judged != current
            ? status
            : status with
            {
                State = ClientState.Error,
                Problem = ClientSettings.Sentence(Live.Client, Live.Profile, failure.Message),
                Reason = failure.Reason,
                Since = standing.FailingSince,
                NextProbe = standing.NextProbe,
            };
    }
}
