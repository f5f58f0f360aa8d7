using ClientCredentials;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a fake in the place of all clients.</summary>
public static class FakeClientCredentialsExtensions
{
    /// <summary>
    /// Fakes all clients, whenever it is called: before <c>AddClientCredentials</c>, after it, or without it. No setting is needed, nothing is
    /// validated at start, and no token request is made. For unit tests, and for tools that start the host without secrets.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Says which tokens are handed out. Defaults to one for each client.</param>
    /// <returns>The fake, to look at afterwards.</returns>
    public static FakeClientCredentials AddFakeClientCredentials(this IServiceCollection services, Action<FakeClientCredentials>? configure = null)
    {
        FakeClientCredentials fake = new();
        configure?.Invoke(fake);
        services.AddClientCredentials();
        services.RemoveAll<IClientCredentials>();
        services.AddSingleton<IClientCredentials>(fake);
        return fake;
    }
}
