using System.Collections.Concurrent;
using System.Net;
using System.Runtime.ExceptionServices;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Http;

public class SynchronousSends
{
    [Fact]
    [Trait("Scenario", "T80")]
    public async Task On_a_thread_with_a_context_of_its_own_nothing_deadlocks_with_and_without_a_token_in_memory()
    {
        await using TestAuthorizationServer server = await App.StartServerAsync();
        await using App app = new(server: server);
        app.Http.ConfigurePrimaryHttpMessageHandler(() => app.Api);

        HttpStatusCode[] statuses = OnOneThread(() => new[] { Send(app).StatusCode, Send(app).StatusCode });

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], statuses);
        Assert.Equal(1, server.TokenEndpoint.Count);
        Assert.Equal(2, app.Api.Count);
        Assert.All(app.Api.Tokens, token => Assert.StartsWith("Bearer ", token, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Scenario", "T80")]
    public async Task A_token_that_is_refused_is_renewed_there_too()
    {
        await using TestAuthorizationServer server = await App.StartServerAsync();
        await using App app = new(server: server);
        app.Http.ConfigurePrimaryHttpMessageHandler(() => app.Api);
        app.Api.Answer(HttpStatusCode.Unauthorized);

        HttpStatusCode status = OnOneThread(() => Send(app).StatusCode);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(2, server.TokenEndpoint.Count);
        Assert.Equal(2, app.Api.Tokens.Distinct().Count());
    }

    [Fact]
    public async Task A_failure_is_thrown_as_itself()
    {
        await using App app = new();
        app.Tokens.Answer(async (_, _) =>
        {
            await Task.Yield();
            return Wire.Json(HttpStatusCode.Unauthorized, """{"error":"invalid_client"}""");
        });

        ClientCredentialsException first = Assert.Throws<ClientCredentialsException>(() => Send(app));
        ClientCredentialsException remembered = Assert.Throws<ClientCredentialsException>(() => Send(app));

        Assert.Equal(("invalid_client", "invalid_client"), (first.Error, remembered.Error));
        Assert.Equal((0, 1), (app.Api.Count, app.Tokens.Count));
    }

    [Fact]
    public async Task A_request_to_another_origin_fails_before_it_leaves()
    {
        await using App app = new();

        ClientCredentialsException exception = Assert.Throws<ClientCredentialsException>(() => app.Caller.Send(new HttpRequestMessage(HttpMethod.Get, "https://other.example.com/")));

        Assert.Equal(FailureReason.OriginNotAllowed, exception.Reason);
        Assert.Equal((0, 0), (app.Api.Count, app.Tokens.Count));
    }

    [Fact]
    public async Task A_caller_that_leaves_while_the_token_is_fetched_gets_its_cancellation()
    {
        await using TestAuthorizationServer server = await App.StartServerAsync();
        await using App app = new(server: server);
        app.Http.ConfigurePrimaryHttpMessageHandler(() => app.Api);
        using CancellationTokenSource leaving = new();
        using IDisposable hold = server.TokenEndpoint.Hold();
        Task left = Task.Run(() => app.Caller.Send(new HttpRequestMessage(HttpMethod.Get, "x"), leaving.Token));
        await server.TokenEndpoint.WaitForAsync(1);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.Equal(0, app.Api.Count);
    }

    [Fact]
    public async Task The_flight_that_a_caller_left_behind_serves_the_next_one()
    {
        await using TestAuthorizationServer server = await App.StartServerAsync();
        await using App app = new(server: server);
        app.Http.ConfigurePrimaryHttpMessageHandler(() => app.Api);
        using CancellationTokenSource leaving = new();
        using (server.TokenEndpoint.Hold())
        {
            Task left = Task.Run(() => app.Caller.Send(new HttpRequestMessage(HttpMethod.Get, "x"), leaving.Token));
            await server.TokenEndpoint.WaitForAsync(1);
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        }

        HttpStatusCode status = OnOneThread(() => Send(app).StatusCode);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(1, server.TokenEndpoint.Count);
    }

    private static HttpResponseMessage Send(App app) => app.Caller.Send(new HttpRequestMessage(HttpMethod.Get, "x"));

    /// <summary>Runs on a thread whose context runs what is posted to it only when the thread is free, as a user interface does.</summary>
    private static T OnOneThread<T>(Func<T> run)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new NeverFree());
            try
            {
                result = run();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromSeconds(30)), "It waits for its own thread.");
        failure?.Throw();
        return result!;
    }

    private sealed class NeverFree : SynchronizationContext
    {
        private readonly ConcurrentQueue<SendOrPostCallback> _posted = new();

        public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue(d);

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();
    }
}
