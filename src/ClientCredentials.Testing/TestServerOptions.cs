using ClientCredentials.Testing.Server;

namespace ClientCredentials.Testing;

/// <summary>What a <see cref="TestAuthorizationServer"/> starts with.</summary>
public sealed class TestServerOptions
{
    internal TestServerOptions()
    {
    }

    /// <summary>The clock that tokens expire by and requests are dated with. Defaults to <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The clock that <see cref="EndpointScript.Delay"/> runs on. Defaults to <see cref="TimeProvider.System"/>, so that a delay is
    /// real even where tokens expire by a manual clock.</summary>
    public TimeProvider DelayTimeProvider { get; set; } = TimeProvider.System;

    /// <summary>How long tokens live unless their client says otherwise. Defaults to 1 hour.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The loopback port to listen on, 0 for a free one. In memory it is only part of the URLs. Defaults to 0.</summary>
    public int Port { get; set; }

    /// <summary>How many requests each endpoint's log keeps; older ones are forgotten. Defaults to 10,000.</summary>
    public int LogCapacity { get; set; } = 10_000;

    /// <summary>Whether the server speaks TLS, with a certificate of an authority of its own that only <see cref="TestAuthorizationServer.CreateHandler()"/> trusts; it then
    /// asks for a client certificate, and takes none too. Not in memory. Defaults to false.</summary>
    public bool UseHttps { get; set; }

    internal ClientRegister Clients { get; } = new();

    internal Provider? Provider { get; private set; }

    /// <summary>Registers a client.</summary>
    /// <param name="clientId">The <c>client_id</c>; another client of this id is replaced.</param>
    /// <param name="clientSecret">The <c>client_secret</c>; a client without one sends its id alone.</param>
    /// <param name="configure">Sets the rest.</param>
    public TestClient AddClient(string clientId, string? clientSecret = null, Action<TestClient>? configure = null)
        => Clients.Add(clientId, clientSecret, configure);

    /// <summary>Lets the token endpoint behave like a provider: it wants of a request what the provider wants, and its answers look like the
    /// provider's. Tokens are issued, checked and revoked as ever. What a client's <see cref="TestClient.TokenType"/>,
    /// <see cref="TestClient.OmitExpiresIn"/> and <see cref="TestClient.ExtraResponse"/> say is left out of account.</summary>
    /// <param name="name">The provider's name, one of <see cref="Provider.All"/>, which ignores case.</param>
    /// <returns>The provider: its settings, its errors.</returns>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    public Provider UseProvider(string name) => UseProvider(Provider.Named(name));

    internal Provider UseProvider(Provider provider) => Provider = provider;
}
