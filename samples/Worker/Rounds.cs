using ClientCredentials;
using Microsoft.Extensions.Options;

namespace Worker;

internal sealed class RoundOptions
{
    /// <summary>How often a round is done.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether the first invoice is sent to Staging, before the rounds begin. For that, Staging's secret must be there too.</summary>
    public bool Rehearses { get; set; }
}

/// <summary>The work: every second a look at a customer, and an invoice. Where one API cannot be called, the work with the other goes on.</summary>
internal sealed class Rounds(IServiceScopeFactory scopes, IOptions<RoundOptions> options, WorkerMeter meter, ILogger<Rounds> log) : BackgroundService
{
    private static readonly Invoice Rehearsal = new("0000", 0.01m);
    private static readonly Invoice Invoice = new("4711", 120m);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Rehearses)
        {
            await DoAsync("billing", RehearseAsync);
        }

        // A round that has begun is done to its end, also when the host stops.
        using PeriodicTimer timer = new(options.Value.Every);
        while (await NextAsync(timer, stoppingToken))
        {
            await Task.WhenAll(
                DoAsync("crm", services => services.GetRequiredService<CustomerClient>().FindAsync("4711")),
                DoAsync("billing", services => services.GetRequiredService<InvoiceClient>().SendAsync(Invoice)));
        }
    }

    private async Task RehearseAsync(IServiceProvider services)
    {
        ApiAnswer answer = await services.GetRequiredService<InvoiceClient>().RehearseAsync(Rehearsal);
        log.LogInformation("Rehearsed at Staging, as the client '{Client}'.", answer.ClientId);
    }

    private async Task DoAsync(string api, Func<IServiceProvider, Task> work)
    {
        // A typed client is for now, not for ever: the factory renews what is below it.
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        try
        {
            await work(scope.ServiceProvider);
            meter.Called(api, WorkerMeter.Answered);
        }
        catch (ClientCredentialsException exception)
        {
            // No token, so nothing was sent. Why has been logged once, and is in the status and in /health: here the work is just left for later.
            meter.Called(api, $"{exception.Reason}");
            log.LogDebug(exception, "No token for '{Api}'.", api);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            meter.Called(api, "failed");
            log.LogWarning("The call of '{Api}' failed: {Problem}", api, exception.Message);
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
