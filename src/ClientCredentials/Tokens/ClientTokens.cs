using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tokens;

/// <summary>What belongs to one client and profile: its settings, how it stands with the server, and the source of its usual token.</summary>
internal sealed class ClientTokens
{
    private readonly Standing _standing;

    public ClientTokens(TokenKit kit, LiveSettings live, Action<TokenSource> afterLanding)
    {
        Live = live;
        _standing = new Standing(kit.Clock, kit.Jitter);
        Usual = new TokenSource(kit, live, asked: null, _standing) { AfterLanding = afterLanding };
    }

    public LiveSettings Live { get; }

    /// <summary>The source of the token that the settings ask for; it is never dropped.</summary>
    public TokenSource Usual { get; }

    public TokenSource NewSource(TokenKit kit, TokenParameters asked, Action<TokenSource> afterLanding) =>
        new(kit, Live, asked, _standing) { AfterLanding = afterLanding };

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
