using System.Net;

namespace ClientCredentials.Tests.Tokens;

/// <summary>Where one kind of request is refused, and perhaps the client too: who may ask the server.</summary>
public sealed class ProbesOfOneKind : OneClient
{
    private static readonly TokenParameters Other = new() { Audience = "other" };

    // What never comes must fail a test, not hang it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task One_caller_probes_and_another_fails_at_once_meanwhile()
    {
        Endpoint.Fail(HttpStatusCode.BadRequest, error: "invalid_target", times: 2);
        await FailAsync(Other);
        Advance(5);
        var hold = Endpoint.Hold();

        var probe = AskAsync(Other);
        await ArriveAsync(2);
        var another = AskAsync(Other);
        var failsAtOnce = another.IsFaulted;
        hold.Dispose();

        Assert.True(failsAtOnce);
        Assert.Equal("invalid_target", (await Assert.ThrowsAsync<ClientCredentialsException>(() => another)).Error);
        await Assert.ThrowsAsync<ClientCredentialsException>(() => probe);
    }

    [Fact]
    public async Task A_probe_for_the_kind_and_for_the_client_at_once_tries_once_whatever_the_retries()
    {
        Endpoint.Fail(HttpStatusCode.BadRequest, error: "invalid_target");
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable);
        await FailAsync(Other);
        await FailAsync();
        Advance(5);

        var failure = await FailAsync(Other).WaitAsync(Patience);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (failure.TokenEndpointStatus, failure.Attempts));
        Assert.Equal([0, 0, 5], AskedAt);
    }

    [Fact]
    public async Task A_probe_for_the_client_that_says_something_of_the_kind_alone_is_given_back()
    {
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");
        Endpoint.Fail(HttpStatusCode.BadRequest, error: "invalid_target");
        await FailAsync();
        Advance(5);
        await FailAsync(Other);

        var token = await AskAsync();

        Assert.NotNull(token);
        Assert.Equal([0, 5, 5], AskedAt);
    }
}
