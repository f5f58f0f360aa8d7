using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ClientCredentials.Tests.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Telemetry;

/// <summary>A listener of the app that throws may miss its measurement; nobody who wants a token does.</summary>
public sealed class ListenersThatThrow : OneClient
{
    private const string Client = "heard-by-a-thrower";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("asked")]
    [InlineData("started")]
    [InlineData("stopped")]
    public async Task One_of_activities_keeps_no_caller_waiting(string when)
    {
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == ClientCredentialsTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> asked) => Sampled(when, asked.Tags),
            ActivityStarted = activity => Throw(when == "started" && IsOurs(activity.TagObjects)),
            ActivityStopped = activity => Throw(when == "stopped" && IsOurs(activity.TagObjects)),
        };
        ActivitySource.AddActivityListener(listener);

        AccessToken token = await Credentials.GetTokenAsync(Client).AsTask().WaitAsync(Patience);

        Assert.Equal(1, Endpoint.Count);
        Assert.NotEmpty(token.Reveal());
    }

    [Fact]
    public async Task One_of_metrics_keeps_no_renewal_from_being_used()
    {
        using MeterListener listener = new();
        Meter meter = App.GetRequiredService<IMeterFactory>().Create(ClientCredentialsTelemetry.MeterName);
        listener.InstrumentPublished = (instrument, ears) =>
        {
            if (ReferenceEquals(instrument.Meter, meter) && instrument.Name == "client_credentials.refresh.ahead")
            {
                ears.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Throw(true));
        listener.Start();
        AccessToken first = await AskAsync();
        Advance(3543);
        AskAtOnce();
        await ArriveAsync(2);
        await WaitForAsync(() => !ReferenceEquals(first, AskAtOnce()));

        Advance(3600);
        AccessToken third = await AskAsync().WaitAsync(Patience);

        Assert.Equal(3, Endpoint.Count);
        Assert.NotSame(first, third);
    }

    [Fact]
    public async Task Those_of_metrics_reach_no_call()
    {
        using MeterListener listener = new();
        ConcurrentQueue<string> measured = [];
        Meter meter = App.GetRequiredService<IMeterFactory>().Create(ClientCredentialsTelemetry.MeterName);
        listener.InstrumentPublished = (instrument, ears) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                ears.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => ThrowAt(instrument));
        listener.SetMeasurementEventCallback<long>((instrument, _, _, _) => ThrowAt(instrument));
        listener.Start();

        AccessToken first = await Credentials.GetTokenAsync(Client).AsTask().WaitAsync(Patience);
        Credentials.Reject(Client, first);
        AccessToken second = await Credentials.GetTokenAsync(Client, new() { Scopes = ["a"] }).AsTask().WaitAsync(Patience);

        Assert.NotSame(first, second);
        Assert.Superset(
            new HashSet<string>(["flight.duration", "rejections", "sources", "token.lifetime", "token_requests", "wait.duration"]),
            measured.ToHashSet());

        void ThrowAt(Instrument instrument)
        {
            measured.Enqueue(instrument.Name["client_credentials.".Length..]);
            Throw(true);
        }
    }

    protected override void Register(IServiceCollection services, ClientCredentialsBuilder builder) => builder.AddClient(Client, client =>
    {
        (client.TokenUrl, client.ClientId, client.ClientSecret) = (Server.TokenUrl, "billing-app", "s3cret");
    });

    private static async Task WaitForAsync(Func<bool> isMet)
    {
        for (Stopwatch watch = Stopwatch.StartNew(); !isMet(); await Task.Yield())
        {
            Assert.True(watch.Elapsed < Patience, "It never came.");
        }
    }

    private static ActivitySamplingResult Sampled(string when, IEnumerable<KeyValuePair<string, object?>>? tags)
    {
        bool isOurs = IsOurs(tags);
        Throw(when == "asked" && isOurs);
        return isOurs ? ActivitySamplingResult.AllData : ActivitySamplingResult.None;
    }

    private static bool IsOurs(IEnumerable<KeyValuePair<string, object?>>? tags) => tags?.Any(tag => Client.Equals(tag.Value)) == true;

    private static void Throw(bool isTime)
    {
        if (isTime)
        {
            throw new InvalidOperationException("The listener fails.");
        }
    }
}
