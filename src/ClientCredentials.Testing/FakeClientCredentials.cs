using System.Collections.Concurrent;

namespace ClientCredentials.Testing;

/// <summary>Stands in for all clients: hands out tokens that open nothing, and keeps in mind what was asked of it.</summary>
public sealed class FakeClientCredentials : IClientCredentials
{
    private readonly ConcurrentQueue<FakeCall> _calls = new();
    private readonly ConcurrentDictionary<string, int> _rejected = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public event EventHandler<ClientStatus>? StatusChanged;

    /// <summary>Makes the token for a client. Defaults to <c>fake-token-for-{client}</c>, with the number of rejections behind it once there were any. May throw, to test what the app does without a token.</summary>
    public Func<string, TokenParameters?, AccessToken>? Token { get; set; }

    /// <summary>The tokens asked for so far, in order.</summary>
    public IReadOnlyList<FakeCall> Calls => [.. _calls];

    /// <summary>How many tokens were rejected so far.</summary>
    public int Rejections => _rejected.Values.Sum();

    /// <summary>The statuses to show. Defaults to none.</summary>
    public IReadOnlyList<ClientStatus> Statuses { get; set; } = [];

    /// <summary>What comes of connecting. Defaults to success.</summary>
    public Func<string, string?, ConnectResult>? Connect { get; set; }

    /// <inheritdoc/>
    public ValueTask<AccessToken> GetTokenAsync(string client, TokenParameters? parameters = null, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<AccessToken>(cancellationToken);
        }

        _calls.Enqueue(new FakeCall(client, parameters));
        try
        {
            return new(Token?.Invoke(client, parameters) ?? Usual(client));
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<AccessToken>(exception);
        }
    }

    /// <inheritdoc/>
    public void Reject(string client, AccessToken token, TokenParameters? parameters = null) => _rejected.AddOrUpdate(client, 1, static (_, count) => count + 1);

    /// <inheritdoc/>
    public void Forget(string client) => _rejected.TryRemove(client, out _);

    /// <inheritdoc/>
    public Task<ConnectResult> ConnectAsync(string client, string? profile = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(Connect?.Invoke(client, profile) ?? new ConnectResult { Client = client, Profile = profile, IsOK = true });

    /// <summary>Tells the subscribers of <see cref="StatusChanged"/> of a status.</summary>
    /// <param name="status">The status.</param>
    public void ChangeStatus(ClientStatus status) => StatusChanged?.Invoke(this, status);

    private AccessToken Usual(string client)
    {
        string renewed = _rejected.TryGetValue(client, out int count) ? $"-{count}" : "";
        string name = string.Concat(client.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-'));
        return new AccessToken($"fake-token-for-{name}{renewed}", DateTimeOffset.MaxValue);
    }
}

/// <summary>A token that was asked of the fake.</summary>
/// <param name="Client">The client; empty where the app named none and there is not exactly one.</param>
/// <param name="Parameters">What was asked for beside it.</param>
public sealed record FakeCall(string Client, TokenParameters? Parameters);
