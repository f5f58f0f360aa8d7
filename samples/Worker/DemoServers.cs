using System.Security.Cryptography;
using ClientCredentials.Testing;

namespace Worker;

/// <summary>For each profile of the configuration an authorization server with an API on loopback, which know the clients of that profile and no others.</summary>
internal sealed class DemoServers : IAsyncDisposable
{
    // Long enough that a token outlives a hiccup of a busy machine, short enough to see it renewed.
    public static readonly TimeSpan TokenLifetime = TimeSpan.FromSeconds(8);

    private readonly Dictionary<string, TestAuthorizationServer> _servers = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Client, string Profile, string ClientId)> _registered = [];

    public IReadOnlyCollection<TestAuthorizationServer> All => _servers.Values;

    public TestAuthorizationServer this[string profile] => _servers[profile];

    public static async Task<DemoServers> StartAsync(IConfigurationSection clients)
    {
        DemoServers servers = new();
        foreach (IConfigurationSection client in clients.GetChildren())
        {
            foreach (IConfigurationSection profile in client.GetSection("Profiles").GetChildren())
            {
                await servers.RegisterAsync(client, profile);
            }
        }

        return servers;
    }

    /// <summary>What an app needs to know of these servers, as environment variables.</summary>
    public Dictionary<string, string> Variables()
    {
        Dictionary<string, string> variables = [];
        foreach ((string client, string profile, string clientId) in _registered)
        {
            TestAuthorizationServer server = _servers[profile];
            string prefix = $"ClientCredentials__Clients__{client}__Profiles__{profile}__";
            variables.Add($"{prefix}TokenUrl", $"{server.TokenUrl}");
            variables.Add($"{prefix}ApiUrl", $"{server.ApiUrl}");
            variables.Add($"{prefix}ClientSecret", server[clientId].Secret!);
        }

        return variables;
    }

    /// <summary>A client of the configuration, as its server knows it.</summary>
    public TestClient Registration(string client, string profile) => _servers[profile][_registered.Single(entry => entry.Client == client && entry.Profile == profile).ClientId];

    public static string NewSecret() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public async ValueTask DisposeAsync()
    {
        foreach (TestAuthorizationServer server in _servers.Values)
        {
            await server.DisposeAsync();
        }
    }

    private async Task RegisterAsync(IConfigurationSection client, IConfigurationSection profile)
    {
        if (!_servers.TryGetValue(profile.Key, out TestAuthorizationServer? server))
        {
            server = await TestAuthorizationServer.StartAsync(options => options.TokenLifetime = TokenLifetime);
            _servers.Add(profile.Key, server);
        }

        string clientId = profile["ClientId"]!;
        server.AddClient(clientId, NewSecret(), registration =>
            registration.Authentication = client["AuthenticationMethod"] == "client_secret_post" ? ClientAuthentication.Post : ClientAuthentication.Basic);
        _registered.Add((client.Key, profile.Key, clientId));
    }
}
