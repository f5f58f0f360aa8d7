using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Tokens;

public sealed class SingleFlight : OneClient
{
    private readonly AsyncLocal<string?> _ofCaller = new();
    private readonly List<string?> _seenByFlight = [];

    protected override void Register(IServiceCollection services, ClientCredentialsBuilder builder)
        => builder.ConfigureTokenClient(http => http.AddHttpMessageHandler(() => new Probe(request =>
            _seenByFlight.Add($"{_ofCaller.Value ?? "nothing"}, {Begun() ?? "nothing"}"))));

    [Fact]
    [Trait("Scenario", "T43")]
    public async Task A_hundred_concurrent_first_calls_cause_one_token_request()
    {
        var http = App.GetRequiredService<IHttpClientFactory>().CreateClient("invoices");

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => http.GetAsync($"invoices/{i}")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(100, Server.Api.Succeeded);
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task Ten_thousand_concurrent_first_calls_cause_one_token_request_and_get_one_token()
    {
        var hold = Endpoint.Hold();
        var calls = new Task<AccessToken>[10_000];
        Parallel.For(0, calls.Length, i => calls[i] = AskAsync());
        await ArriveAsync(1);

        hold.Dispose();
        var tokens = await Task.WhenAll(calls);

        Assert.Single(tokens.Distinct());
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task A_call_after_the_first_is_answered_from_memory_without_waiting()
    {
        var first = await AskAsync();

        var second = AskAtOnce();

        Assert.Same(first, second);
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    [Trait("Scenario", "T44")]
    public async Task A_caller_that_leaves_does_not_end_the_flight_for_the_others()
    {
        using var leaving = new CancellationTokenSource();
        var hold = Endpoint.Hold();
        var first = AskAsync(cancellationToken: leaving.Token);
        await ArriveAsync(1);
        var second = AskAsync();

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        hold.Dispose();

        Assert.NotNull(await second);
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    [Trait("Scenario", "T44")]
    public async Task A_flight_that_its_only_caller_left_still_brings_the_token()
    {
        using var leaving = new CancellationTokenSource();
        var hold = Endpoint.Hold();
        var only = AskAsync(cancellationToken: leaving.Token);
        await ArriveAsync(1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => only);

        hold.Dispose();
        await LandedAsync();

        AskAtOnce();
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task A_caller_that_is_cancelled_beforehand_starts_nothing()
    {
        var call = AskAsync(cancellationToken: new CancellationToken(canceled: true));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await LandedAsync();

        Assert.Equal(0, Endpoint.Count);
    }

    [Fact]
    [Trait("Scenario", "T107")]
    public async Task Neither_AsyncLocal_nor_Activity_of_the_caller_flows_into_the_flight()
    {
        Endpoint.Fail(HttpStatusCode.BadRequest, error: "invalid_client");
        using var activity = new Activity("request of a user").Start();
        _ofCaller.Value = "a user's name";

        await FailAsync();

        Assert.Equal(["nothing, nothing"], _seenByFlight);
    }

    /// <summary>Where what is going on began. A flight has an activity of its own where a test beside this one listens.</summary>
    private static string? Begun()
    {
        var root = Activity.Current;
        while (root?.Parent is { } parent)
        {
            root = parent;
        }

        return root is { OperationName: "client_credentials.fetch", ParentId: null } ? null : root?.OperationName;
    }

    private sealed class Probe(Action<HttpRequestMessage> look) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            look(request);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
