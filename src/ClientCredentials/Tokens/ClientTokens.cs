using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tokens;

/// <summary>What belongs to one client and profile: its settings, how it stands with the server, and the source of its usual token.</summary>
internal sealed class ClientTokens
{
    private readonly TokenKit _kit;
    private readonly Standing _standing;
    private readonly Action<TokenSource> _afterLanding;
    private (ClientState State, string? Problem)? _told;

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
            (ClientState State, string? Problem) news = (status.State, status.Problem);
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
        ClientCredentialsOptions options = Live.Current?.Options ?? new();
        Standing.View ofClient = _standing.Look();
        Standing.View standing = ofClient.LastFailure is null ? Usual.OfRequest.Look() : ofClient;
        Failure? failure = Live.Problems.Count > 0
            ? new Failure(FailureReason.NotConfigured, string.Join(" ", Live.Problems))
            : standing.LastFailure;
        bool isDisabled = !options.Enabled;
        AccessToken? token = Usual.Current;
        return new()
        {
            Client = Live.Client,
            Profile = Live.Profile,
            IsActive = Live.IsActive,
            DisplayName = string.IsNullOrEmpty(options.DisplayName) ? Live.Client : options.DisplayName,
            Category = options.Category,
            Description = options.Description,
            State = (isDisabled, failure, ofClient.LastSuccess) switch
            {
                (true, _, _) => ClientState.Disabled,
                (_, not null, _) => ClientState.Error,
                (_, _, null) => ClientState.NotYetUsed,
                _ => ClientState.OK,
            },
            Problem = isDisabled ? null : failure?.Message,
            Reason = isDisabled ? null : failure?.Reason,
            Since = isDisabled ? null : standing.FailingSince,
            NextProbe = isDisabled ? null : standing.NextProbe,
            LastSuccess = ofClient.LastSuccess,
            TokenExpiresAt = token?.ExpiresAt,
            Scopes = token?.Scopes ?? [],
        };
    }
}
