namespace ClientCredentials.Tests.Tokens;

public sealed class WallClock : OneClient
{
    [Fact]
    [Trait("Scenario", "T70")]
    public async Task A_wall_clock_that_jumps_back_does_not_lengthen_a_token()
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(100);
        var first = await AskAsync();

        Clock.JumpWallClock(TimeSpan.FromHours(-1));
        Advance(80);
        var kept = AskAtOnce();
        Advance(15);
        var next = await AskAsync();

        Assert.Same(first, kept);
        Assert.NotEqual(first.Reveal(), next.Reveal());
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    public async Task A_token_that_ended_while_the_machine_slept_is_not_handed_out_when_it_is_due()
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(100);
        var hold = Endpoint.Hold();
        hold.Dispose();
        await AskAsync();
        Clock.JumpWallClock(TimeSpan.FromSeconds(31));
        Advance(81);
        hold = Endpoint.Hold();

        var call = AskAsync();
        var isWaiting = !call.IsCompleted;
        hold.Dispose();

        Assert.True(isWaiting);
        Assert.NotNull(await call);
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    public async Task A_wall_clock_that_is_set_right_by_half_a_minute_ends_no_token()
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(100);
        var first = await AskAsync();

        Clock.JumpWallClock(TimeSpan.FromSeconds(30));
        Advance(81);

        Assert.Same(first, AskAtOnce());
    }

    [Fact]
    public async Task A_long_token_outlives_a_nap()
    {
        var first = await AskAsync();

        Clock.JumpWallClock(TimeSpan.FromMinutes(2));
        Advance(3400);

        Assert.Same(first, AskAtOnce());
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task After_a_sleep_and_a_jump_back_the_new_token_serves_on()
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(100);
        await AskAsync();
        Clock.JumpWallClock(TimeSpan.FromHours(2));
        Advance(81);
        var next = await AskAsync();

        Clock.JumpWallClock(TimeSpan.FromHours(-2));
        Advance(80);

        Assert.Same(next, AskAtOnce());
        Assert.Equal(2, Endpoint.Count);
    }
}
