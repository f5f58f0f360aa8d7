namespace ClientCredentials;

/// <summary>Tokens without an HttpClient (gRPC, SignalR, a queue), and how the clients are doing. Everything here may be called from many threads at once.</summary>
public interface IClientCredentials
{
    /// <summary>How every configured client and profile is doing. Clients that code finds (<c>AddClientResolver</c>) are not among them; <see cref="StatusChanged"/> tells of those too.</summary>
    IReadOnlyList<ClientStatus> Statuses { get; }

    /// <summary>Told when the status of a client changes: refused, well again, new settings, another secret in use. Comes on the thread pool, one after the other and in order; nobody who waits for a token waits for a
    /// subscriber. One that blocks for so long that 1,000 are waiting misses the oldest; what it throws is logged.</summary>
    event EventHandler<ClientStatus>? StatusChanged;

    /// <summary>A usable token: from memory where there is one, else from the server, in one request for all who wait.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="parameters">What to ask for, other than the client's settings say. Defaults to nothing.</param>
    /// <param name="cancellationToken">Ends the waiting of this caller, and of nobody else.</param>
    /// <exception cref="ClientCredentialsException">There is no token; its <see cref="ClientCredentialsException.Reason"/> says why.</exception>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    /// <exception cref="ObjectDisposedException">The app's services are disposed.</exception>
    ValueTask<AccessToken> GetTokenAsync(string client, TokenParameters? parameters = null, CancellationToken cancellationToken = default);

    /// <summary>Says that the API refused a token, so that the next call gets another. Nothing happens if it was replaced already, or if tokens are refused again and again.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="token">The token that was refused.</param>
    /// <param name="parameters">What the token was asked for with. Defaults to nothing.</param>
    /// <exception cref="ClientCredentialsException">The client is not known.</exception>
    void Reject(string client, AccessToken token, TokenParameters? parameters = null);

    /// <summary>Forgets all that is known of a client: its tokens, whether the server refuses it, and, where code found it (<c>AddClientResolver</c>), its settings. The next call starts anew.</summary>
    /// <param name="client">The client's name. Nothing happens if it is not known.</param>
    void Forget(string client);

    /// <summary>Validates the settings of a client and profile, asks the server for a new token whatever is in memory, and says what came of it.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="profile">The profile. Defaults to the active one.</param>
    /// <param name="cancellationToken">Ends the waiting of this caller.</param>
    /// <returns>What was learned. A refusal is a result, not an exception, and costs neither settings nor the token in memory.</returns>
    Task<ConnectResult> ConnectAsync(string client, string? profile = null, CancellationToken cancellationToken = default);
}
