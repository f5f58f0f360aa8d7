using ClientCredentials;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the clients to the health checks of an app.</summary>
public static class ClientCredentialsHealthChecksBuilderExtensions
{
    /// <summary>Adds a check of the clients. It makes no request: it tells what the last token requests brought. An old token that still serves is Degraded, a client that is not used yet is Healthy.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check. Defaults to <c>client_credentials</c>.</param>
    /// <param name="clients">The clients that matter. Defaults to all.</param>
    /// <param name="failureStatus">What to report where a client gets no token. Defaults to Unhealthy.</param>
    /// <param name="tags">Tags of the check. Defaults to none.</param>
    /// <returns>The health checks.</returns>
    public static IHealthChecksBuilder AddClientCredentials(
        this IHealthChecksBuilder builder,
        string name = "client_credentials",
        IEnumerable<string>? clients = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string[] named = [.. clients ?? []];
        ClientCredentialsServiceCollectionExtensions.Add(builder.Services);
        return builder.Add(new HealthCheckRegistration(name, services => new HealthCheck(services.GetRequiredService<IClientCredentials>(), named), failureStatus, tags));
    }
}
