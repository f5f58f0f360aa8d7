using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Tokens;

public sealed class Disposal : OneClient
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string?> _secret = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override void Register(IServiceCollection services, ClientCredentialsBuilder builder)
        => builder.UseSecretStore(async (_, _, _, _) =>
        {
            _asked.TrySetResult();
            return await _secret.Task;
        });

    [Fact]
    [Trait("Scenario", "T81")]
    public async Task Waiters_end_when_the_services_are_disposed()
    {
        var hold = Endpoint.Hold();
        var calls = AskTimes(10);
        await ArriveAsync(1);

        await App.DisposeAsync();
        var ends = await Task.WhenAll(calls.Select(call => Assert.ThrowsAsync<ObjectDisposedException>(() => call)));

        Assert.All(ends, end => Assert.Contains("The app's services were disposed while a token was fetched.", end.Message, StringComparison.Ordinal));
        hold.Dispose();
    }

    [Fact]
    [Trait("Scenario", "T81")]
    public async Task Waiters_end_also_in_the_pause_between_two_attempts()
    {
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable);
        var call = AskAsync();
        await Clock.WaitForTimerAsync(TimeSpan.FromSeconds(0.5));

        await App.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        Assert.Equal(0, Clock.ActiveTimers);
    }

    [Fact]
    [Trait("Scenario", "T81")]
    public async Task A_hanging_secret_store_holds_nobody_up()
    {
        Set(("ClientSecret", ""), ("ClientSecretName", "billing-secret"));
        var call = AskAsync();
        await _asked.Task;

        await App.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
    }

    [Fact]
    [Trait("Scenario", "T81")]
    public async Task Nothing_is_left_unobserved()
    {
        using var unobserved = new Unobserved();
        await LeaveBehindAsync();

        var seen = unobserved.Collect();

        Assert.Empty(seen);
    }

    [Fact]
    public async Task A_waiter_whose_code_blocks_does_not_hold_up_the_disposal()
    {
        using var hold = Endpoint.Hold();
        using var done = new ManualResetEventSlim();
        var blocked = AskAsync().ContinueWith(_ => done.Wait(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await ArriveAsync(1);

        var disposing = Task.Run(() => App.Dispose());
        var isHeldUp = await Record.ExceptionAsync(() => disposing.WaitAsync(TimeSpan.FromSeconds(30))) is not null;
        done.Set();
        await blocked;

        Assert.False(isHeldUp);
    }

    [Fact]
    public async Task A_call_after_the_disposal_fails_and_asks_for_nothing()
    {
        var early = Source;
        await App.DisposeAsync();

        var call = early.GetTokenAsync(CancellationToken.None);

        Assert.True(call.IsFaulted);
        var disposed = await Assert.ThrowsAsync<ObjectDisposedException>(() => call.AsTask());
        Assert.StartsWith("The app's services are disposed.", disposed.Message, StringComparison.Ordinal);
        Assert.Equal(0, Endpoint.Count);
    }

    [Fact]
    public async Task After_the_disposal_a_due_token_is_not_renewed()
    {
        var token = await AskAsync();
        var source = Source;
        Advance(3543);

        await App.DisposeAsync();
        var call = source.GetTokenAsync(CancellationToken.None);

        Assert.Same(token, await call);
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task Connecting_after_the_disposal_fails()
    {
        var credentials = Credentials;
        await credentials.ConnectAsync("billing");

        await App.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => credentials.ConnectAsync("billing"));
        Assert.Equal(1, Endpoint.Count);
    }

    private async Task LeaveBehindAsync()
    {
        Set(("ClientSecret", ""), ("ClientSecretName", "billing-secret"));
        var call = AskAsync();
        await _asked.Task;
        await App.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        _secret.SetException(new InvalidOperationException("The vault is closed."));
    }
}
