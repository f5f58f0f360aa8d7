using System.Net;

namespace ClientCredentials.Tests.Tokens;

public sealed class Rejection : OneClient
{
    [Fact]
    [Trait("Scenario", "T50")]
    public async Task A_hundred_concurrent_rejections_of_one_token_cause_one_request()
    {
        var refused = await AskAsync();

        var next = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(async () => (IsWorthwhile: Source.Reject(refused), Token: await AskAsync()))));

        Assert.All(next, answer => Assert.True(answer.IsWorthwhile));
        Assert.NotSame(refused, Assert.Single(next.Select(answer => answer.Token).Distinct()));
        Assert.Equal(2, Endpoint.Count);
        Assert.Equal(["Client 'billing' (profile 'none'): the API refused the token, a new one is asked for."], Log.Of(20));
    }

    [Fact]
    [Trait("Scenario", "T50")]
    public async Task Rejections_while_the_renewal_is_in_the_air_join_it()
    {
        var refused = await AskAsync();
        var hold = Endpoint.Hold();
        Source.Reject(refused);
        var first = AskAsync();
        await ArriveAsync(2);

        var late = Enumerable.Range(0, 20).Select(_ => Source.Reject(refused)).ToArray();
        var calls = AskTimes(20);
        hold.Dispose();
        var tokens = await Task.WhenAll([first, .. calls]);

        Assert.DoesNotContain(false, late);
        Assert.Single(tokens.Distinct());
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    [Trait("Scenario", "T51")]
    public async Task A_token_that_was_renewed_meanwhile_is_not_fetched_again()
    {
        var old = await AskAsync();
        Source.Reject(old);
        var current = await AskAsync();

        var isWorthwhile = Source.Reject(old);

        Assert.True(isWorthwhile);
        Assert.Same(current, AskAtOnce());
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    public async Task The_same_text_in_another_object_is_the_same_token()
    {
        var current = await AskAsync();

        Credentials.Reject("billing", new AccessToken(current.Reveal(), current.ExpiresAt));
        await AskAsync();

        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    [Trait("Scenario", "T106")]
    public async Task A_token_that_the_server_gives_again_is_braked()
    {
        Server["billing-app"].ReissuesToken = true;
        var refused = await AskAsync();
        Source.Reject(refused);
        var again = await AskAsync();

        var isWorthwhile = Source.Reject(again);

        Assert.Equal(refused.Reveal(), again.Reveal());
        Assert.False(isWorthwhile);
        Assert.Same(again, AskAtOnce());
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    [Trait("Scenario", "T103")]
    public async Task An_api_that_always_refuses_costs_the_others_one_token_a_pause()
    {
        var current = await AskAsync();
        Source.Reject(current);
        current = await AskAsync();

        for (var second = 1; second < 10; second++)
        {
            Advance(1);
            Assert.False(Source.Reject(AskAtOnce()));
            Assert.Same(current, AskAtOnce());
        }

        Advance(1);
        Assert.True(Source.Reject(current));
        await AskAsync();
        Assert.Equal(3, Endpoint.Count);
        Assert.Equal(["Client 'billing' (profile 'none'): the API refused a token again; tokens are renewed for that at most once in 00:00:10, and until then its answers go back as they are."], Log.Of(21));
    }

    [Fact]
    public async Task A_background_flight_that_fails_does_not_bring_a_rejected_token_back()
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(100);
        var refused = await AskAsync();
        Advance(81);
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable);
        var hold = Endpoint.Hold();
        AskAtOnce();
        await ArriveAsync(2);

        Source.Reject(refused);
        var call = AskAsync();
        hold.Dispose();
        var token = await call;

        Assert.NotEqual(refused.Reveal(), token.Reveal());
        Assert.Equal(3, Endpoint.Count);
    }

    [Fact]
    public async Task A_token_rejected_while_it_is_renewed_is_not_handed_out_any_more()
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(100);
        var refused = await AskAsync();
        Advance(81);
        var hold = Endpoint.Hold();
        AskAtOnce();
        await ArriveAsync(2);

        Source.Reject(refused);
        var call = AskAsync();
        var isWaiting = !call.IsCompleted;
        hold.Dispose();

        Assert.True(isWaiting);
        Assert.NotEqual(refused.Reveal(), (await call).Reveal());
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    public async Task Tokens_that_are_never_kept_are_braked_too()
    {
        Endpoint.Answer(HttpStatusCode.OK, Token("once-1", 0));
        Endpoint.Answer(HttpStatusCode.OK, Token("once-2", 0));
        var first = await AskAsync();

        var isWorthwhile = Source.Reject(first);
        var second = await AskAsync();

        Assert.True(isWorthwhile);
        Assert.False(Source.Reject(second));
    }
}
