using System.Net;

namespace ClientCredentials.Tests.Testing;

public sealed class HoldingAndWaiting : OneServer
{
    [Fact]
    public async Task Held_requests_are_counted_but_not_answered_until_they_are_let_go()
    {
        var hold = Server.TokenEndpoint.Hold();
        var pending = new[] { Caller.AskAsync(), Caller.AskAsync(), Caller.AskAsync() };
        await Server.TokenEndpoint.WaitForAsync(3);

        var early = (Server.TokenEndpoint.Succeeded, Server.TokenEndpoint.MaxConcurrent, pending.Count(p => p.IsCompleted));
        hold.Dispose();
        var answers = await Task.WhenAll(pending);

        Assert.Equal((0, 3, 0), early);
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(3, Server.TokenEndpoint.Succeeded);
    }

    [Fact]
    public async Task A_held_request_is_checked_when_it_is_let_go()
    {
        var hold = Server.TokenEndpoint.Hold();
        var pending = Caller.AskAsync();
        await Server.TokenEndpoint.WaitForAsync(1);

        Server["billing"].Secret = "rotated";
        hold.Dispose();

        Assert.Equal(HttpStatusCode.Unauthorized, (await pending).StatusCode);
    }

    [Fact]
    public async Task The_last_of_several_holders_lets_go()
    {
        var first = Server.Api.Hold();
        var second = Server.Api.Hold();
        var pending = Caller.GetAsync(null);
        await Server.Api.WaitForAsync(1);

        first.Dispose();
        first.Dispose();
        var early = pending.IsCompleted;
        second.Dispose();

        Assert.False(early);
        Assert.Equal(HttpStatusCode.Unauthorized, (await pending).StatusCode);
    }

    [Fact]
    public async Task Waiting_for_what_has_come_is_over_at_once()
    {
        await Caller.AskAsync();

        var wait = Server.TokenEndpoint.WaitForAsync(1);

        Assert.True(wait.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        using var enough = new CancellationTokenSource();
        var wait = Server.TokenEndpoint.WaitForAsync(1, enough.Token);

        await enough.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task Requests_one_after_the_other_are_never_concurrent()
    {
        await Caller.AskAsync();
        await Caller.AskAsync();

        Assert.Equal(1, Server.TokenEndpoint.MaxConcurrent);
    }
}
