using System.Net;
using System.Text;

namespace ClientCredentials.Tests.Tokens;

public sealed class TokenLife : OneClient
{
    [Theory]
    [Trait("Scenario", "T18")]
    [InlineData("""{"access_token":"a","token_type":"Bearer"}""")]
    [InlineData("""{"access_token":"a","token_type":"Bearer","expires_in":null}""")]
    public async Task A_token_that_does_not_say_how_long_it_lives_lives_five_minutes(string answer)
    {
        Endpoint.Answer(HttpStatusCode.OK, answer, times: int.MaxValue);
        await AskAsync();

        for (var call = 0; call < 99; call++)
        {
            Advance(2.4);
            AskAtOnce();
        }

        Assert.Equal(1, Endpoint.Count);
        Advance(57.4);
        await AskAsync();
        Assert.Equal([0, 295], AskedAt);
    }

    [Fact]
    [Trait("Scenario", "T18")]
    public async Task A_jwt_that_does_not_say_how_long_it_lives_lives_by_its_own_claims()
    {
        var claims = Convert.ToBase64String(Encoding.ASCII.GetBytes("""{"iat":1000,"exp":1100}""")).TrimEnd('=');
        Endpoint.Answer(HttpStatusCode.OK, $$"""{"access_token":"e30.{{claims}}.c2ln","token_type":"Bearer"}""", times: int.MaxValue);
        await AskAsync();

        for (var call = 0; call < 99; call++)
        {
            Advance(0.8);
            AskAtOnce();
        }

        Assert.Equal(1, Endpoint.Count);
        Advance(15.8);
        await AskAsync();
        Assert.Equal([0, 95], AskedAt);
    }

    [Fact]
    [Trait("Scenario", "T19")]
    public async Task A_token_of_no_life_is_good_for_those_who_waited_and_never_kept()
    {
        Endpoint.Answer(HttpStatusCode.OK, Token("once", 0), times: int.MaxValue);
        var hold = Endpoint.Hold();
        var together = AskTimes(3);
        await ArriveAsync(1);
        hold.Dispose();

        var tokens = await Task.WhenAll(together);
        await AskAsync();
        await AskAsync();

        Assert.All(tokens, token => Assert.Equal("once", token.Reveal()));
        Assert.Equal(3, Endpoint.Count);
    }

    [Fact]
    public async Task A_token_that_is_over_on_arrival_is_good_for_its_waiter_and_never_kept()
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(4);
        var hold = Endpoint.Hold();
        var waiting = AskAsync();
        await ArriveAsync(1);
        Advance(4);
        Endpoint.Answer(HttpStatusCode.OK, Token("next"));

        hold.Dispose();

        Assert.NotNull(await waiting);
        Assert.Equal("next", (await AskAsync()).Reveal());
    }

    [Theory]
    [Trait("Scenario", "T20")]
    [InlineData("-1", 295, "expires_in is not a number of seconds, and is taken as absent.")]
    [InlineData("\"soon\"", 295, "expires_in is not a number of seconds, and is taken as absent.")]
    [InlineData("{}", 295, "expires_in is not a number of seconds, and is taken as absent.")]
    [InlineData("1e400", 86395, "expires_in is absurd; MaxTokenLifetime (1.00:00:00) goes instead.")]
    [InlineData("1438315200000", 86395, "expires_in is absurd; MaxTokenLifetime (1.00:00:00) goes instead.")]
    [InlineData("9223372036854775808", 86395, "expires_in is absurd; MaxTokenLifetime (1.00:00:00) goes instead.")]
    public async Task A_life_that_cannot_be_is_overlooked_or_cut(string expiresIn, double endsAt, string warning)
    {
        Endpoint.Answer(HttpStatusCode.OK, $$"""{"access_token":"a","token_type":"Bearer","expires_in":{{expiresIn}}}""");
        Endpoint.Hang(int.MaxValue);
        await AskAsync();

        Advance(endsAt - 0.001);
        AskAtOnce();
        Advance(0.001);
        var call = AskAsync();

        Assert.False(call.IsCompleted);
        Assert.Contains(Log.Of(16), line => line.EndsWith(warning, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Scenario", "T21")]
    public async Task A_token_of_five_seconds_is_used_for_four_and_fetched_once_in_that_time()
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(5);
        await AskAsync();

        for (var call = 0; call < 205; call++)
        {
            Advance(0.1);
            AskAtOnce();
            await LandedAsync();
        }

        Assert.Equal([0, 4.1, 8.2, 12.3, 16.4, 20.5], AskedAt);
    }

    [Fact]
    [Trait("Scenario", "T22")]
    public async Task A_token_that_counts_down_is_not_asked_for_again_and_again()
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(3600);
        Server["billing-app"].ReissuesToken = true;
        await AskAsync();
        Advance(3500);

        for (var second = 3500; second < 3594; second++)
        {
            Advance(1);
            AskAtOnce();
            await LandedAsync();
        }

        Assert.Equal([0, 3543, 3590], AskedAt);
    }

    [Fact]
    [Trait("Scenario", "T22")]
    public async Task A_short_token_that_counts_down_is_asked_for_once_a_step()
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(30);
        Server["billing-app"].ReissuesToken = true;
        await AskAsync();

        for (var call = 0; call < 290; call++)
        {
            Advance(0.1);
            await AskAsync();
            await LandedAsync();
        }

        Assert.Equal([0, 24.3, 28.8], AskedAt);
    }

    [Theory]
    [Trait("Scenario", "T74")]
    [InlineData(45)]
    [InlineData(300)]
    public async Task Ten_calls_in_a_row_need_one_token_however_short_it_lives(int seconds)
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(seconds);

        for (var call = 0; call < 10; call++)
        {
            await AskAsync();
        }

        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task A_life_is_counted_from_before_the_token_was_asked_for()
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(100);
        Endpoint.Answer(HttpStatusCode.OK, Token("slow", 100));
        Endpoint.Hang();
        var hold = Endpoint.Hold();
        var waiting = AskAsync();
        await ArriveAsync(1);
        Advance(8);
        hold.Dispose();
        await waiting;

        Advance(95 - 8 - 0.001);
        AskAtOnce();
        Advance(0.001);

        Assert.False(AskAsync().IsCompleted);
    }
}
