using System.Net;

namespace ClientCredentials.Tests.Http;

public class FirstResponses
{
    [Fact]
    [Trait("Scenario", "T76")]
    public async Task The_first_response_is_disposed_when_the_request_is_sent_again()
    {
        await using App app = new();
        Watched first = new();
        bool wasDisposedBefore = false;
        app.Api.Answer(_ => new(HttpStatusCode.Unauthorized) { Content = first });
        app.Api.Answer(_ =>
        {
            wasDisposedBefore = first.IsDisposed;
            return new(HttpStatusCode.OK);
        });

        await app.Caller.GetAsync("x", HttpCompletionOption.ResponseHeadersRead);

        Assert.True(wasDisposedBefore);
    }

    [Fact]
    public void The_first_response_is_disposed_when_the_request_is_sent_again_synchronously()
    {
        using App app = new();
        Watched first = new();
        app.Api.Answer(_ => new(HttpStatusCode.Unauthorized) { Content = first });

        app.Caller.Send(new HttpRequestMessage(HttpMethod.Get, "x"), HttpCompletionOption.ResponseHeadersRead);

        Assert.True(first.IsDisposed);
    }

    [Fact]
    public async Task A_response_that_goes_back_to_the_caller_is_not_disposed()
    {
        await using App app = new();
        Watched first = new();
        app.Api.Answer(_ => new(HttpStatusCode.Unauthorized) { Content = first });

        await app.Caller.PostAsync("x", new StreamContent(new OneWay("once")));

        Assert.False(first.IsDisposed);
    }

    [Fact]
    public async Task When_the_renewal_fails_the_reason_is_thrown_and_the_first_response_disposed()
    {
        await using App app = new();
        Watched first = new();
        app.Api.Answer(_ =>
        {
            app.Tokens.Otherwise = _ => Wire.Json(HttpStatusCode.Unauthorized, """{"error":"invalid_client"}""");
            return new(HttpStatusCode.Unauthorized) { Content = first };
        });

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("x"));

        Assert.Equal((FailureReason.Refused, "invalid_client"), (exception.Reason, exception.Error));
        Assert.True(first.IsDisposed);
        Assert.Equal(1, app.Api.Count);
    }

    [Fact]
    public void When_the_renewal_fails_synchronously_it_is_the_same()
    {
        using App app = new();
        Watched first = new();
        app.Api.Answer(_ =>
        {
            app.Tokens.Otherwise = _ => Wire.Json(HttpStatusCode.Unauthorized, """{"error":"invalid_client"}""");
            return new(HttpStatusCode.Unauthorized) { Content = first };
        });

        ClientCredentialsException exception = Assert.Throws<ClientCredentialsException>(() => app.Caller.Send(new HttpRequestMessage(HttpMethod.Get, "x")));

        Assert.Equal("invalid_client", exception.Error);
        Assert.True(first.IsDisposed);
    }

    [Fact]
    public async Task A_caller_that_leaves_during_the_renewal_gets_its_cancellation_and_the_first_response_is_disposed()
    {
        await using App app = new();
        using CancellationTokenSource leaving = new();
        Watched first = new();
        app.Api.Answer(_ =>
        {
            app.Tokens.Answer(async (_, token) =>
            {
                await leaving.CancelAsync();
                await Task.Delay(Timeout.Infinite, token);
                return new(HttpStatusCode.OK);
            });
            return new(HttpStatusCode.Unauthorized) { Content = first };
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => app.Caller.GetAsync("x", leaving.Token));

        Assert.True(first.IsDisposed);
        Assert.Equal(1, app.Api.Count);
    }

    private sealed class Watched() : StringContent("no")
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
