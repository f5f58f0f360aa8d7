using System.Collections.Concurrent;

namespace ClientCredentials.Testing.Server;

/// <summary>The registered clients by their id, which is case-sensitive (RFC 6749 §2.2).</summary>
internal sealed class ClientRegister
{
    private readonly ConcurrentDictionary<string, TestClient> _clients = new(StringComparer.Ordinal);

    public TestClient this[string clientId] => Find(clientId)
        ?? throw new KeyNotFoundException($"Client '{clientId}' is not registered at this server; registered: {Names()}.");

    public TestClient Add(string clientId, string? clientSecret, Action<TestClient>? configure)
    {
        var client = new TestClient(clientId, clientSecret);
        // Configured before it is seen, so that no request meets half a client.
        configure?.Invoke(client);
        return _clients[clientId] = client;
    }

    public TestClient? Find(string clientId) => _clients.GetValueOrDefault(clientId);

    private string Names()
        => _clients.IsEmpty ? "none" : string.Join(", ", _clients.Keys.Order(StringComparer.Ordinal).Select(id => $"'{id}'"));
}
