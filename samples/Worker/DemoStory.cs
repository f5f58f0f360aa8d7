using System.Diagnostics;
using ClientCredentials;
using ClientCredentials.Testing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Worker;

/// <summary>What happens to the app in the demo, as /health shows it: a secret that was changed too early, and tokens that were revoked.</summary>
internal sealed class DemoStory(
    Demo demo,
    DemoServers servers,
    TimeSpan length,
    IServer self,
    IClientCredentials credentials,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    ILogger<DemoStory> log) : BackgroundService
{
    private const string Healthy = "Healthy";
    private const string Unhealthy = "Unhealthy";
    private const int Clients = 2;

    // Each of the steps takes seconds. This is for a machine that has much else to do.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RefusedFor = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Fresh = DemoServers.TokenLifetime / 2;

    private readonly HttpClient _http = new();
    private string _health = "";

    private IEnumerable<ClientStatus> Active => credentials.Statuses.Where(status => status.IsActive);

    private ClientStatus Crm => Active.Single(status => status.Client == "crm");

    /// <summary>After the rounds have ended, for the story was added before them: waits until the last answer is counted.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Stopwatch waited = Stopwatch.StartNew();
        while (!demo.IsCounted && waited.Elapsed < Settling)
        {
            await Task.Delay(Glance, CancellationToken.None);
        }
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await PlayAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Ctrl+C: the demo is not over, and says so.
        }
        catch (Exception exception) when (exception is TimeoutException or HttpRequestException)
        {
            demo.Deviated(exception.Message);
        }

        lifetime.StopApplication();
    }

    private async Task PlayAsync(CancellationToken stoppingToken)
    {
        await StartedAsync(stoppingToken);
        Stopwatch all = Stopwatch.StartNew();
        string profile = Crm.Profile!;
        (TestClient billing, TestClient crm) = (servers.Registration("billing", profile), servers.Registration("crm", profile));
        await UntilAsync("all is well after the start", () => _health == Healthy, stoppingToken);

        await SecretChangedTooEarlyAsync(billing, crm, profile, stoppingToken);
        await TokensRevokedAsync(servers[profile], stoppingToken);

        await UntilAsync("the time is over", () => all.Elapsed >= length, stoppingToken, length);
        demo.Expect("calls that the API of another profile answered", servers.All.Where(server => server != servers[profile]).Sum(server => server.Api.Succeeded), profile == "Staging" ? 0 : 1);
        demo.IsOver = true;
    }

    // First somebody changes the secret at the authorization server, and only then in the configuration: between the two no new token is to be had.
    private async Task SecretChangedTooEarlyAsync(TestClient billing, TestClient crm, string profile, CancellationToken stoppingToken)
    {
        crm.Secret = DemoServers.NewSecret();
        log.LogInformation("DEMO: the secret of 'crm' is another one from now on, at the server. The app's token serves on, until it has to be renewed.");
        await UntilAsync("'crm' is refused", () => _health == Unhealthy && Crm is { State: ClientState.Error, Reason: FailureReason.Refused }, stoppingToken);

        // What is refused is refused without another request, and the other client's work goes on.
        Stopwatch refused = Stopwatch.StartNew();
        await UntilAsync("'billing' has a new token", () => billing.TokensIssued > 1 && refused.Elapsed > RefusedFor, stoppingToken);

        log.LogInformation("DEMO: now the secret of 'crm' is changed in the configuration too, which is reloaded.");
        configuration[$"ClientCredentials:Clients:crm:Profiles:{profile}:ClientSecret"] = crm.Secret;
        ((IConfigurationRoot)configuration).Reload();
        await UntilAsync("'crm' is well again", () => _health == Healthy && Crm is { State: ClientState.OK, HasChangedSinceSuccess: false }, stoppingToken);
    }

    // The app cannot know it: each client meets one 401, gets another token, and sends its call once more.
    private async Task TokensRevokedAsync(TestAuthorizationServer server, CancellationToken stoppingToken)
    {
        await UntilAsync("both tokens are fresh, and none is being renewed", () => Active.All(status => status.TokenExpiresAt - DateTimeOffset.UtcNow > Fresh), stoppingToken);
        int answered = server.Api.Succeeded;
        server.RevokeAllTokens();
        log.LogInformation("DEMO: the server revokes all tokens.");
        await UntilAsync("the revoked tokens are replaced", () => server.Api.Refused >= Clients && server.Api.Succeeded > answered + Clients, stoppingToken);
        demo.Expect("401s after the revocation", server.Api.Refused, Clients);
    }

    private async Task UntilAsync(string what, Func<bool> isSo, CancellationToken stoppingToken, TimeSpan longer = default)
    {
        Stopwatch waited = Stopwatch.StartNew();
        await LookAsync(stoppingToken);
        while (!isSo())
        {
            if (waited.Elapsed > Patience + longer)
            {
                throw new TimeoutException($"it did not happen in {Patience + longer} that {what}; /health says {_health}");
            }

            await Task.Delay(Glance, stoppingToken);
            await LookAsync(stoppingToken);
        }
    }

    /// <summary>Asks the app for its health, as a probe from outside would, and tells when the answer is another.</summary>
    private async Task LookAsync(CancellationToken stoppingToken)
    {
        Uri url = new(new Uri(self.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()), "health");
        using HttpResponseMessage response = await _http.GetAsync(url, stoppingToken);
        HealthAnswer? answer = await response.Content.ReadFromJsonAsync<HealthAnswer>(stoppingToken);
        if (answer?.Status != _health)
        {
            _health = answer?.Status ?? "";
            log.LogInformation("GET /health: {Code} {Health}", (int)response.StatusCode, await response.Content.ReadAsStringAsync(stoppingToken));
        }
    }

    private async Task StartedAsync(CancellationToken stoppingToken)
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
    }

    private sealed record HealthAnswer(string Status);
}
