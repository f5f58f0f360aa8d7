using ClientCredentials.Tokens;

namespace ClientCredentials.Tests.Tokens;

public sealed class BrakePauses
{
    private static readonly Clock Clock = new(new ManualClock());

    private readonly Brake _brake = new(Clock);

    [Fact]
    public void The_first_passes_and_the_next_ten_seconds_are_held_back()
    {
        Assert.True(PassesAt(0));

        Assert.False(PassesAt(9.9));
        Assert.Equal(1, _brake.HeldBack);
        Assert.Equal(TimeSpan.FromSeconds(10), _brake.Current);
    }

    [Fact]
    public void The_pause_doubles_up_to_five_minutes_while_tokens_are_refused()
    {
        List<double> pauses = [];
        double now = 0;
        for (var i = 0; i < 8; i++)
        {
            Assert.True(PassesAt(now));
            pauses.Add(_brake.Current.TotalSeconds);
            PassesAt(now + (_brake.Current.TotalSeconds / 2));
            now += _brake.Current.TotalSeconds;
        }

        Assert.Equal([10, 20, 40, 80, 160, 300, 300, 300], pauses);
    }

    [Fact]
    public void A_whole_pause_without_a_refusal_begins_anew()
    {
        PassesAt(0);
        PassesAt(9);
        PassesAt(10);
        var doubled = _brake.Current;

        PassesAt(30);

        Assert.Equal(TimeSpan.FromSeconds(20), doubled);
        Assert.Equal(TimeSpan.FromSeconds(10), _brake.Current);
    }

    [Fact]
    public void A_refusal_late_in_the_pause_keeps_the_brake_on()
    {
        PassesAt(0);
        PassesAt(9);

        Assert.True(PassesAt(18.9));
        Assert.Equal(TimeSpan.FromSeconds(20), _brake.Current);
    }

    private bool PassesAt(double seconds) => _brake.TryPass(Clock.Ticks(TimeSpan.FromSeconds(seconds)));
}
