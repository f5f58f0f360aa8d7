using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Tokens;

namespace ClientCredentials.Tests.Tokens;

public sealed class StandingRules
{
    private static readonly DateTimeOffset Wall = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Failure No = new(FailureReason.Refused, "no.");
    private static readonly Failure Outage = new(FailureReason.Unreachable, "down.") { IsTransient = true };

    private readonly Clock _clock = new(new ManualClock());
    private readonly Settings _settings = new("billing", null, true, new());

    [Theory]
    [InlineData(0, 3.75)]
    [InlineData(0.5, 5)]
    [InlineData(1, 6.25)]
    public void The_first_probe_comes_within_a_quarter_of_five_seconds(double chance, double seconds)
    {
        var standing = new Standing(_clock, new Jitter(() => chance));

        Fail(standing, No, 0);

        Assert.NotNull(standing.Enter(_settings, At(seconds - 0.01), out _));
        Assert.Null(standing.Enter(_settings, At(seconds), out var isProbe));
        Assert.True(isProbe);
        Assert.Equal(Wall.AddSeconds(seconds), standing.Look().NextProbe);
    }

    [Fact]
    public void A_hundred_callers_at_the_moment_of_the_probe_give_one_probe()
    {
        var standing = NewStanding();
        Fail(standing, No, 0);
        var probes = 0;

        Parallel.For(0, 100, _ =>
        {
            if (standing.Enter(_settings, At(5), out var isProbe) is null && isProbe)
            {
                Interlocked.Increment(ref probes);
            }
        });

        Assert.Equal(1, probes);
    }

    [Fact]
    public void While_a_probe_is_on_its_way_the_others_hear_that_it_is_tried_again_now()
    {
        var standing = NewStanding();
        Fail(standing, No, 0);
        standing.Enter(_settings, At(6), out _);

        var told = standing.Enter(_settings, At(8), out _);

        Assert.Equal(TimeSpan.Zero, told!.RetryAfter);
        Assert.EndsWith("tried again in 0 s.)", told.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_success_the_pauses_begin_anew()
    {
        var standing = NewStanding();
        Fail(standing, No, 0);
        Fail(standing, No, 5);
        standing.Succeeded(_settings, Wall.AddSeconds(15));

        Fail(standing, No, 20);

        Assert.Equal(Wall.AddSeconds(25), standing.Look().NextProbe);
    }

    [Fact]
    public void Other_settings_begin_with_the_shortest_pause_too()
    {
        var standing = NewStanding();
        Fail(standing, No, 0);
        Fail(standing, No, 5);

        standing.Failed(new Settings("billing", null, true, new() { ClientSecret = "rotated" }), No, isForeground: true, At(20), Wall.AddSeconds(20));

        Assert.Equal(Wall.AddSeconds(25), standing.Look().NextProbe);
    }

    [Fact]
    public void A_probe_that_is_given_back_can_be_claimed_again()
    {
        var standing = NewStanding();
        Fail(standing, No, 0);
        standing.Enter(_settings, At(5), out _);

        standing.Leave();

        Assert.Null(standing.Enter(_settings, At(5), out var isProbe));
        Assert.True(isProbe);
    }

    [Fact]
    public void A_claimed_probe_does_not_survive_a_change_of_the_settings()
    {
        var standing = NewStanding();
        Fail(standing, No, 0);
        standing.Enter(_settings, At(5), out _);
        var changed = new Settings("billing", null, true, new() { ClientSecret = "rotated" });

        Assert.Null(standing.Enter(changed, At(5), out var isProbe));

        Assert.False(isProbe);
        Assert.Null(standing.Look().LastFailure);
    }

    [Fact]
    public void The_server_is_asked_no_sooner_than_it_wants_and_no_later_than_in_five_minutes()
    {
        var standing = NewStanding();

        Fail(standing, No with { RetryAfter = TimeSpan.FromSeconds(60) }, 0);
        var first = standing.Look().NextProbe;
        Fail(standing, No with { RetryAfter = TimeSpan.FromHours(1) }, 60);

        Assert.Equal(Wall.AddSeconds(60), first);
        Assert.Equal(Wall.AddSeconds(60 + 300), standing.Look().NextProbe);
    }

    [Fact]
    public void A_background_failure_of_an_outage_never_refuses_and_a_permanent_one_does()
    {
        var standing = NewStanding();

        for (var i = 0; i < 5; i++)
        {
            Assert.False(standing.Failed(_settings, Outage, isForeground: false, At(i), Wall));
        }

        Assert.Null(standing.Enter(_settings, At(5), out _));
        Assert.True(standing.Failed(_settings, No, isForeground: false, At(6), Wall));
    }

    [Fact]
    public void It_remembers_since_when_it_fails_and_when_it_last_was_well()
    {
        var standing = NewStanding();
        standing.Succeeded(_settings, Wall);

        Fail(standing, Outage, 1);
        Fail(standing, Outage, 2);
        var failing = standing.Look();
        var isRecovered = standing.Succeeded(_settings, Wall.AddSeconds(3));

        Assert.Equal((Wall.AddSeconds(1), Wall), (failing.FailingSince, failing.LastSuccess));
        Assert.True(isRecovered);
        Assert.Equal(new Standing.View(_settings, null, null, null, Wall.AddSeconds(3), _settings, Successes: 2, Failures: 2, Rejections: 0), standing.Look());
    }

    [Fact]
    public void It_says_only_once_that_it_is_refused_from_now_on()
    {
        var standing = NewStanding();

        Assert.True(Fail(standing, No, 0));
        Assert.False(Fail(standing, No, 5));
    }

    private Standing NewStanding() => new(_clock, new Jitter(() => 0.5));

    private bool Fail(Standing standing, Failure failure, double seconds) =>
        standing.Failed(_settings, failure, isForeground: true, At(seconds), Wall.AddSeconds(seconds));

    private long At(double seconds) => _clock.Ticks(TimeSpan.FromSeconds(seconds));
}
