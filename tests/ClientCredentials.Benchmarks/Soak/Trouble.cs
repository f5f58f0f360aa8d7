using ClientCredentials.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace ClientCredentials.Benchmarks.Soak;

/// <summary>What goes wrong at the server: failures, resets and slow answers by chance, revocations and rotated secrets now and then. The chance is seeded.</summary>
internal sealed class Trouble(TestAuthorizationServer server, IConfigurationRoot configuration, Ledger ledger, int seed)
{
    private static readonly TimeSpan SlowAnswer = TimeSpan.FromMilliseconds(300);

    private readonly Lock _gate = new();
    private readonly Random _chance = new(seed);
    private int _failures;

    public int Failures => Volatile.Read(ref _failures);

    public int Revocations { get; private set; }

    public int Rotations { get; private set; }

    public void Begin()
    {
        server.TokenEndpoint.Do(context => MisbehaveAsync(context, oneIn: 2), times: int.MaxValue);
        server.Api.Do(CheckAndMisbehaveAsync, times: int.MaxValue);
    }

    /// <summary>Revokes and rotates until it is ended.</summary>
    public async Task RunAsync(IReadOnlyList<string> clients, CancellationToken cancellationToken)
    {
        try
        {
            for (int round = 1; ; round++)
            {
                await Task.Delay(TimeSpan.FromSeconds(5 + Next(4)), cancellationToken);
                await RotateAsync(clients[round % clients.Count], round, isAnnounced: Next(2) == 0, cancellationToken);
                // Seldomer than the brake's pause, or it would hold back what is to be seen.
                if (round % 3 == 0)
                {
                    server.RevokeAllTokens();
                    Revocations++;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task RotateAsync(string client, int round, bool isAnnounced, CancellationToken cancellationToken)
    {
        string secret = $"secret of round {round}";
        TestClient registered = server[client];
        registered.AlternateSecrets = isAnnounced ? [registered.Secret!] : [];
        registered.Secret = secret;
        // Where it was not announced the app knows only the old one for a while, and is refused.
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        configuration[$"ClientCredentials:Clients:{client}:ClientSecret"] = secret;
        configuration.Reload();
        Rotations++;
    }

    private Task<bool> CheckAndMisbehaveAsync(HttpContext context)
    {
        string client = context.Request.Path.Value!.Split('/')[2];
        ledger.Check(client, context.Request.Headers.Authorization.ToString());
        return MisbehaveAsync(context, oneIn: 500);
    }

    private async Task<bool> MisbehaveAsync(HttpContext context, int oneIn)
    {
        if (Next(oneIn) != 0)
        {
            return false;
        }

        switch (Next(3))
        {
            case 0:
                Interlocked.Increment(ref _failures);
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return true;
            case 1:
                Interlocked.Increment(ref _failures);
                context.Abort();
                return true;
            default:
                await Task.Delay(SlowAnswer, context.RequestAborted);
                return false;
        }
    }

    private int Next(int below)
    {
        lock (_gate)
        {
            return _chance.Next(below);
        }
    }
}
