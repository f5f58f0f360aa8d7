using System.Net;

namespace ClientCredentials.Tests.Tokens;

public sealed class ChangedSettings : OneClient
{
    [Fact]
    [Trait("Scenario", "T105")]
    public async Task A_flight_of_another_client_id_serves_its_waiters_and_nobody_else()
    {
        Server.AddClient("other-app", "0ther");
        var hold = Endpoint.Hold();
        var waiting = AskAsync();
        await ArriveAsync(1);

        Set(("ClientId", "other-app"), ("ClientSecret", "0ther"));
        hold.Dispose();
        var old = await waiting;
        var next = await AskAsync();

        Assert.NotEqual(old.Reveal(), next.Reveal());
        Assert.Equal(["billing-app", "other-app"], Endpoint.Received.Select(request => request.ClientId));
    }

    [Fact]
    [Trait("Scenario", "T105")]
    public async Task A_caller_after_the_change_does_not_join_the_flight_of_the_old_settings()
    {
        Server.AddClient("other-app", "0ther");
        var hold = Endpoint.Hold();
        var before = AskAsync();
        await ArriveAsync(1);

        Set(("ClientId", "other-app"), ("ClientSecret", "0ther"));
        var after = AskAsync();
        await ArriveAsync(2);
        hold.Dispose();
        var (old, current) = (await before, await after);

        Assert.NotEqual(old.Reveal(), current.Reveal());
        Assert.Same(current, AskAtOnce());
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    [Trait("Scenario", "T67")]
    public async Task A_new_secret_leaves_the_kept_token_and_is_used_by_the_next_flight()
    {
        var kept = await AskAsync();
        Server["billing-app"].Secret = "rotated";

        Set(("ClientSecret", "rotated"));
        var served = AskAtOnce();
        Credentials.Reject("billing", served);
        var next = await AskAsync();

        Assert.Same(kept, served);
        Assert.NotEqual(kept.Reveal(), next.Reveal());
        Assert.Equal(2, Endpoint.Succeeded);
    }

    [Fact]
    [Trait("Scenario", "T67")]
    public async Task A_new_secret_does_not_break_the_flight_in_the_air_and_its_token_is_kept()
    {
        var hold = Endpoint.Hold();
        var waiting = AskAsync();
        await ArriveAsync(1);

        Set(("ClientSecret", "rotated"));
        hold.Dispose();
        var token = await waiting;

        Assert.Same(token, AskAtOnce());
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task A_token_of_settings_that_have_changed_but_stand_for_the_same_client_says_that_it_is_well()
    {
        var hold = Endpoint.Hold();
        var waiting = AskAsync();
        await ArriveAsync(1);

        Set(("DisplayName", "Bills"));
        hold.Dispose();
        await waiting;

        Assert.Equal((ClientState.OK, 1L), (Credentials.Statuses[0].State, Credentials.Statuses[0].Tokens));
    }

    [Fact]
    public async Task The_failure_of_an_old_secret_does_not_count_against_the_new_one()
    {
        Set(("ClientSecret", "wrong"));
        var hold = Endpoint.Hold();
        var waiting = AskAsync();
        await ArriveAsync(1);

        Set(("ClientSecret", "s3cret"));
        hold.Dispose();
        await Assert.ThrowsAsync<ClientCredentialsException>(() => waiting);
        var status = Assert.Single(Credentials.Statuses);

        Assert.Equal((ClientState.NotYetUsed, null), (status.State, status.Problem));
        Assert.NotNull(await AskAsync());
        Assert.Empty(Log.Of(11));
    }

    [Fact]
    public async Task Switched_off_every_call_fails_though_a_token_is_in_memory()
    {
        await AskAsync();

        Set(("Enabled", "false"));
        var failures = await Task.WhenAll(FailAsync(), FailAsync());

        Assert.All(failures, failure => Assert.Equal(FailureReason.Disabled, failure.Reason));
        Assert.Equal("Client 'billing': it is switched off by Enabled: false; no request is made for it.", failures[0].Message);
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task Switched_on_again_a_token_is_fetched_anew()
    {
        var before = await AskAsync();
        Set(("Enabled", "false"));
        await FailAsync();

        Set(("Enabled", "true"));
        var after = await AskAsync();

        Assert.NotEqual(before.Reveal(), after.Reveal());
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    public async Task Switched_off_in_mid_flight_the_waiters_get_its_token_and_the_next_call_fails()
    {
        var hold = Endpoint.Hold();
        var waiting = AskAsync();
        await ArriveAsync(1);

        Set(("Enabled", "false"));
        hold.Dispose();

        Assert.NotNull(await waiting);
        Assert.Equal(FailureReason.Disabled, (await FailAsync()).Reason);
    }

    [Fact]
    public async Task A_reload_that_changes_nothing_keeps_the_token()
    {
        var before = await AskAsync();

        Set(("ClientId", "billing-app"));

        Assert.Same(before, AskAtOnce());
        Assert.Empty(Log.Of(3));
    }

    [Fact]
    public async Task A_change_of_the_settings_ends_a_refusal()
    {
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");
        await FailAsync();

        Set(("ClientSecret", "rotated"));
        Server["billing-app"].Secret = "rotated";

        Assert.NotNull(await AskAsync());
        Assert.Equal(2, Endpoint.Count);
    }
}
