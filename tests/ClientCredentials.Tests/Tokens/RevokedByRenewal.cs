using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Tokens;

public sealed class RevokedByRenewal : OneClient
{
    private const string Noticed = "Client 'billing' (profile 'none'): the server ends a token as soon as it gives another. From now on a token is renewed when it ends, and not ahead of time, so that none is revoked under a request; calls wait for that.";

    [Fact]
    [Trait("Scenario", "T22")]
    public async Task A_request_whose_token_is_revoked_by_the_renewal_is_sent_again_with_the_new_one()
    {
        Server["billing-app"].RevokesPrevious = true;
        using var http = App.GetRequiredService<IHttpClientFactory>().CreateClient("invoices");
        await AskAsync();
        Advance(3543);

        var response = await SendDuringRenewalAsync(http);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([401, 200], Server.Api.Received.Select(request => request.StatusCode));
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    [Trait("Scenario", "T22")]
    public async Task After_the_second_time_no_token_is_renewed_ahead_of_its_end()
    {
        await RevokeByRenewalAsync(times: 2);
        var current = AskAtOnce();
        var before = Endpoint.Count;

        for (var second = 0; second < 3590; second += 10)
        {
            Advance(10);
            Assert.Same(current, AskAtOnce());
        }

        Advance(10);
        var hold = Endpoint.Hold();
        var call = AskAsync();
        var isWaiting = !call.IsCompleted;
        hold.Dispose();
        await call;

        Assert.True(isWaiting);
        Assert.Equal(before + 1, Endpoint.Count);
        Assert.Equal([Noticed], Log.Of(16));
    }

    [Fact]
    public async Task That_holds_for_all_tokens_that_follow()
    {
        await RevokeByRenewalAsync(times: 2);
        Advance(3600);
        var next = await AskAsync();

        Advance(3590);
        var late = AskAtOnce();
        await LandedAsync();

        Assert.Same(next, late);
        Assert.Same(next, AskAtOnce());
    }

    [Fact]
    public async Task It_also_holds_where_the_renewal_that_showed_it_fails()
    {
        await RevokeByRenewalAsync(times: 1);
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable);
        await RejectDuringRenewalAsync();
        var next = await AskAsync();
        var before = Endpoint.Count;

        Advance(3590);
        var late = AskAtOnce();
        await LandedAsync();

        Assert.Same(next, late);
        Assert.Equal(before, Endpoint.Count);
    }

    [Fact]
    public async Task Once_may_be_chance()
    {
        await RevokeByRenewalAsync(times: 1);
        var current = AskAtOnce();

        Advance(3543);
        AskAtOnce();
        await LandedAsync();

        Assert.NotSame(current, AskAtOnce());
        Assert.Empty(Log.Of(16));
    }

    [Fact]
    public async Task Many_requests_that_meet_one_renewal_are_one_time()
    {
        var old = await RenewAheadAsync();

        for (var request = 0; request < 10; request++)
        {
            Assert.True(Source.Reject(old));
        }

        Assert.Empty(Log.Of(16));
    }

    [Fact]
    public async Task Refused_before_the_new_token_arrives_counts_too()
    {
        for (var time = 0; time < 2; time++)
        {
            await RejectDuringRenewalAsync();
        }

        Assert.Equal([Noticed], Log.Of(16));
    }

    [Fact]
    public async Task An_old_token_that_was_replaced_because_it_was_refused_says_nothing()
    {
        for (var time = 0; time < 3; time++)
        {
            var old = await AskAsync();
            Source.Reject(old);
            await AskAsync();
            Source.Reject(old);
            Advance(3000);
        }

        Assert.Empty(Log.Of(16));
    }

    [Fact]
    public async Task A_token_that_the_server_gave_again_was_not_replaced()
    {
        for (var time = 0; time < 3; time++)
        {
            Endpoint.Answer(HttpStatusCode.OK, Token($"given-twice-{time}"), times: 2);
            await AskAsync();
            Advance(3543);
            AskAtOnce();
            await LandedAsync();
            Source.Reject(AskAtOnce());
        }

        Assert.DoesNotContain(Noticed, Log.Of(16));
    }

    [Fact]
    public async Task An_old_token_that_is_refused_after_its_end_says_nothing()
    {
        for (var time = 0; time < 3; time++)
        {
            var old = await RenewAheadAsync();
            Advance(60);
            Source.Reject(old);
            Advance(3600);
        }

        Assert.Empty(Log.Of(16));
    }

    [Fact]
    public async Task Another_server_is_given_another_chance()
    {
        await RevokeByRenewalAsync(times: 2);
        Server.AddClient("other-app", "0ther");
        Set(("ClientId", "other-app"), ("ClientSecret", "0ther"));
        var current = await AskAsync();

        Advance(3543);
        AskAtOnce();
        await LandedAsync();

        Assert.NotSame(current, AskAtOnce());
    }

    private async Task<HttpResponseMessage> SendDuringRenewalAsync(HttpClient http)
    {
        // Sent with the old token, and looked at by the API after the new one was given.
        var apiHold = Server.Api.Hold();
        var sending = http.GetAsync(new Uri("invoices/17", UriKind.Relative));
        await Server.Api.WaitForAsync(1);
        await LandedAsync();
        apiHold.Dispose();
        return await sending;
    }

    private async Task RevokeByRenewalAsync(int times)
    {
        for (var time = 0; time < times; time++)
        {
            Source.Reject(await RenewAheadAsync());
        }
    }

    private async Task RejectDuringRenewalAsync()
    {
        var old = await AskAsync();
        Advance(3543);
        var hold = Endpoint.Hold();
        var asked = Endpoint.Count;
        AskAtOnce();
        await ArriveAsync(asked + 1);
        Source.Reject(old);
        hold.Dispose();
        await LandedAsync();
    }

    /// <summary>The token that was renewed ahead of time.</summary>
    private async Task<AccessToken> RenewAheadAsync()
    {
        var old = await AskAsync();
        Advance(3543);
        AskAtOnce();
        await LandedAsync();
        Assert.NotSame(old, AskAtOnce());
        return old;
    }
}
