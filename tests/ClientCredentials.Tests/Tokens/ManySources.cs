using System.Diagnostics.Metrics;
using System.Globalization;
using ClientCredentials.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Tokens;

public sealed class ManySources : OneClient
{
    private TokenSources Sources => App.GetRequiredService<TokenSources>();

    [Fact]
    [Trait("Scenario", "T82")]
    public async Task A_hundred_thousand_kinds_of_tokens_stay_within_the_bound()
    {
        using var held = new HeldSources(App);
        await AskAsync(Kind(0));

        for (var i = 1; i < 100_000; i++)
        {
            var newest = Sources.Source("billing", Kind(i));
            Assert.Same(newest, Sources.Source("billing", Kind(i)));
        }

        var count = Sources.Kinds;
        Assert.InRange(count, 9_500, 10_000);
        await held.ReachAsync(count);
        Assert.Equal(["Client 'billing': 10000 kinds of tokens are held, which is the limit; rarely used ones are dropped and fetched again. Does a value per user or per request get into the token parameters?"], Log.Of(31));
        await AskAsync(Kind(0));
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    [Trait("Scenario", "T82")]
    public async Task The_usual_token_is_never_dropped()
    {
        var usual = await AskAsync();

        Crowd();

        Assert.Same(usual, AskAtOnce());
    }

    [Fact]
    public async Task A_source_that_is_dropped_in_mid_flight_is_put_back_when_it_lands()
    {
        var hold = Endpoint.Hold();
        var source = Sources.Source("billing", Kind(-1));
        var call = AskAsync(Kind(-1));
        await ArriveAsync(1);
        Crowd();

        hold.Dispose();
        var token = await call;

        Assert.Same(source, Sources.Source("billing", Kind(-1)));
        Assert.Same(token, await AskAsync(Kind(-1)));
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task A_dropped_source_does_not_push_out_the_one_that_took_its_place()
    {
        var hold = Endpoint.Hold();
        var call = AskAsync(Kind(-1));
        await ArriveAsync(1);
        Crowd();
        var successor = Sources.Source("billing", Kind(-1));

        hold.Dispose();
        await call;

        Assert.Same(successor, Sources.Source("billing", Kind(-1)));
    }

    private static TokenParameters Kind(int i) => new() { Audience = i.ToString(CultureInfo.InvariantCulture) };

    private void Crowd()
    {
        for (var i = 0; i <= TokenSources.Limit; i++)
        {
            Sources.Source("billing", Kind(i));
        }
    }

    /// <summary>The metric client_credentials.sources of one app.</summary>
    private sealed class HeldSources : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private long _sum;
        private long? _wanted;

        public HeldSources(IServiceProvider app)
        {
            var meters = app.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters && instrument is { Name: "client_credentials.sources", Meter.Name: ClientCredentialsTelemetry.MeterName })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, change, tags, _) =>
            {
                Assert.Equal("billing", tags[0].Value);
                Change(change);
            });
            _listener.Start();
        }

        // The cache tells of what it dropped on the thread pool, some time later.
        public Task ReachAsync(int sum)
        {
            _wanted = sum;
            Change(0);
            return _reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        public void Dispose() => _listener.Dispose();

        private void Change(long by)
        {
            lock (_gate)
            {
                _sum += by;
                if (_sum == _wanted)
                {
                    _reached.TrySetResult();
                }
            }
        }
    }
}
