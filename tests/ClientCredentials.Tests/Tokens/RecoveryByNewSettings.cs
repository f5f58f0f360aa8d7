using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Tokens;

namespace ClientCredentials.Tests.Tokens;

public sealed class RecoveryByNewSettings
{
    private static readonly DateTimeOffset Wall = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Failure No = new(FailureReason.Refused, "no.");

    private readonly Standing _standing = new(new Clock(new ManualClock()), new Jitter(() => 0.5));
    private readonly Settings _wrong = new("billing", null, true, new() { ClientSecret = "wrong" });
    private readonly Settings _right = new("billing", null, true, new() { ClientSecret = "right" });

    [Fact]
    public void A_token_of_corrected_settings_tells_that_the_client_is_well_again()
    {
        _standing.Failed(_wrong, No, isForeground: true, now: 0, Wall);
        _standing.Enter(_right, now: 0, out _);

        bool isRecovered = _standing.Succeeded(_right, Wall);

        Assert.True(isRecovered);
    }

    [Fact]
    public void It_is_told_once()
    {
        _standing.Failed(_wrong, No, isForeground: true, now: 0, Wall);
        _standing.Enter(_right, now: 0, out _);
        _standing.Succeeded(_right, Wall);

        bool isRecovered = _standing.Succeeded(_right, Wall);

        Assert.False(isRecovered);
    }
}
