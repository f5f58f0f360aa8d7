using ClientCredentials.Clients;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClientCredentials;

/// <summary>Says how the clients are doing from what is known; it makes no request of its own.</summary>
/// <param name="credentials">The clients.</param>
/// <param name="clients">Those that matter; all where none is named.</param>
internal sealed class HealthCheck(IClientCredentials credentials, IReadOnlyCollection<string> clients) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ClientStatus[] statuses = [.. credentials.Statuses.Where(status => clients.Count == 0 || clients.Contains(status.Client, Names.Comparer))];
        string[] unknown = [.. clients.Except(statuses.Select(status => status.Client), Names.Comparer)];
        Dictionary<string, object> data = [];
        foreach (ClientStatus status in statuses)
        {
            // Names may hold a slash: two that read the same must not fail the check.
            data[Subject(status)] = status.Problem is null ? $"{status.State}" : $"{status.State}: {status.Problem}";
        }

        foreach (string client in unknown)
        {
            data[client] = "not known";
        }

        ClientStatus[] wrong = [.. statuses.Where(status => status.State == ClientState.Error)];
        ClientStatus[] unproven = [.. statuses.Where(status => status is { IsActive: true, State: not ClientState.Disabled, HasChangedSinceSuccess: true, TokenExpiresAt: null })];
        bool isDown = unknown.Length > 0 || wrong.Any(IsDown);
        string description = string.Join(' ', wrong.Select(status => status.Problem)
            .Concat(unknown.Select(client => $"Client '{client}' is not known."))
            .Concat(unproven.Except(wrong).Select(status => $"Client '{status.Client}': its settings have changed, and no token proves them yet.")));
        return Task.FromResult((isDown, wrong.Length + unproven.Length > 0) switch
        {
            (true, _) => new HealthCheckResult(context.Registration.FailureStatus, description, data: data),
            (_, true) => HealthCheckResult.Degraded(description, data: data),
            _ => HealthCheckResult.Healthy(data: data),
        });
    }

    // An old token still serves; and a profile that only tests use takes nothing from the app.
    private static bool IsDown(ClientStatus status) => status is { IsActive: true, TokenExpiresAt: null };

    private static string Subject(ClientStatus status) => status.Profile is null ? status.Client : $"{status.Client}/{status.Profile}";
}
