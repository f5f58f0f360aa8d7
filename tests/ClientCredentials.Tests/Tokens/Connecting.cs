using System.Net;

namespace ClientCredentials.Tests.Tokens;

public sealed class Connecting : OneClient
{
    [Fact]
    public async Task Connecting_asks_the_server_though_a_token_is_in_memory_and_keeps_the_new_one()
    {
        var before = await AskAsync();

        var result = await Credentials.ConnectAsync("billing");
        var after = AskAtOnce();

        Assert.Equal((true, null, 1, "Bearer", TimeSpan.FromHours(1)), (result.IsOK, result.Problem, result.Attempts, result.TokenType, result.TokenLifetime));
        Assert.NotEqual(before.Reveal(), after.Reveal());
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    public async Task Connecting_does_not_wait_for_the_probe_and_ends_the_refusal()
    {
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");
        await FailAsync();

        var result = await Credentials.ConnectAsync("billing");
        AskAtOnce();

        Assert.True(result.IsOK);
        Assert.Equal(ClientState.OK, Assert.Single(Credentials.Statuses).State);
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    public async Task Connecting_in_vain_leaves_the_kept_token()
    {
        var kept = await AskAsync();
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");

        var result = await Credentials.ConnectAsync("billing");

        Assert.Equal((false, FailureReason.Refused, "invalid_client", HttpStatusCode.Unauthorized), (result.IsOK, result.Reason, result.Error, result.TokenEndpointStatus));
        Assert.Same(kept, AskAtOnce());
    }

    [Fact]
    public async Task Connecting_waits_out_the_flight_in_the_air_and_then_asks_itself()
    {
        var hold = Endpoint.Hold();
        var call = AskAsync();
        await ArriveAsync(1);

        var connecting = Credentials.ConnectAsync("billing");
        hold.Dispose();
        var token = await call;
        var result = await connecting;

        Assert.True(result.IsOK);
        Assert.NotEqual(token.Reveal(), AskAtOnce().Reveal());
        Assert.Equal((2, 1), (Endpoint.Count, Endpoint.MaxConcurrent));
    }

    [Fact]
    public async Task Callers_ride_along_when_somebody_connects()
    {
        var hold = Endpoint.Hold();
        var connecting = Credentials.ConnectAsync("billing");
        await ArriveAsync(1);

        var calls = AskTimes(10);
        hold.Dispose();
        await connecting;
        var tokens = await Task.WhenAll(calls);

        Assert.Single(tokens.Distinct());
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task Connecting_after_a_change_of_the_secret_is_not_answered_by_the_old_one()
    {
        Set(("ClientSecret", "wrong"));
        var hold = Endpoint.Hold();
        var before = Credentials.ConnectAsync("billing");
        await ArriveAsync(1);

        Set(("ClientSecret", "s3cret"));
        var after = Credentials.ConnectAsync("billing");
        hold.Dispose();

        Assert.Equal((false, true), ((await before).IsOK, (await after).IsOK));
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    public async Task Connecting_has_full_patience()
    {
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable);

        var connecting = Credentials.ConnectAsync("billing");
        await PassPauseAsync(0.5);
        var result = await connecting;

        Assert.Equal((true, 2, TimeSpan.FromSeconds(0.5)), (result.IsOK, result.Attempts, result.Duration));
    }

    [Fact]
    public async Task Who_connects_can_leave()
    {
        using var leaving = new CancellationTokenSource();
        var hold = Endpoint.Hold();
        var connecting = Credentials.ConnectAsync("billing", cancellationToken: leaving.Token);
        await ArriveAsync(1);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        hold.Dispose();
        await LandedAsync();

        AskAtOnce();
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task A_client_that_is_switched_off_asks_for_nothing()
    {
        Set(("Enabled", "false"));

        var result = await Credentials.ConnectAsync("billing");

        Assert.Equal((false, FailureReason.Disabled, "Client 'billing': it is switched off by Enabled: false."), (result.IsOK, result.Reason, result.Problem));
        Assert.Equal(0, Endpoint.Count);
    }
}
