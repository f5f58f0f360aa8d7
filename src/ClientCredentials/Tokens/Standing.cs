using System.Globalization;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tokens;

/// <summary>Whether the server still takes a client, or one kind of its requests: well, or refused with a reason and asked again now and then.</summary>
/// <remarks>Pure: the time is an argument. A breaker of a library would need two calls to open, forget sparse failures, and hold no reason.</remarks>
internal sealed class Standing(Clock clock, Jitter jitter)
{
    private const int TransientFailuresAllowed = 2;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Pauses _pauses = new(FirstPause);
    private Settings? _judged;
    private Failure? _last;
    private int _failures;
    private bool _isRefused;
    private bool _isProbing;
    private long _nextProbe;
    private DateTimeOffset? _failingSince;
    private DateTimeOffset? _nextProbeAt;
    private DateTimeOffset? _lastSuccess;
    private Settings? _proven;
    private long _successes;
    private long _totalFailures;
    private long _rejections;

    // Other settings end a refusal, but only a token shows that they are right: until then nobody was told that it is well.
    private bool _wasRefused;

    /// <summary>How it stands now, for those who only look.</summary>
    public View Look()
    {
        lock (_gate)
        {
            return new(_judged, _last, _failingSince, _nextProbeAt, _lastSuccess, _proven, _successes, _totalFailures, _rejections);
        }
    }

    /// <summary>Asks to go to the server. Where the client is refused, one caller per pause may: the probe.</summary>
    /// <returns>Why not, or null.</returns>
    public Failure? Enter(Settings settings, long now, out bool isProbe)
    {
        lock (_gate)
        {
            isProbe = false;
            ClearIfChanged(settings);
            if (!_isRefused)
            {
                return null;
            }

            if (now >= _nextProbe && !_isProbing)
            {
                isProbe = _isProbing = true;
                return null;
            }

            TimeSpan left = now < _nextProbe ? clock.Between(now, _nextProbe) : TimeSpan.Zero;
            return _last! with { Attempts = 0, RetryAfter = left, Problem = string.Create(CultureInfo.InvariantCulture, $"{_last.Problem} (Remembered since {_failingSince:u}; tried again in {left.TotalSeconds:0} s.)") };
        }
    }

    /// <summary>Gives back a probe that never reached the server.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _isProbing = false;
        }
    }

    /// <returns>Whether it is refused from now on, and was not before.</returns>
    public bool Failed(Settings settings, Failure failure, bool isForeground, long now, DateTimeOffset wall)
    {
        lock (_gate)
        {
            ClearIfChanged(settings);
            bool wasRefused = _isRefused;
            _isProbing = false;
            _judged = settings;
            _last = failure;
            _totalFailures++;
            _failingSince ??= wall;
            if (failure.IsTransient && !wasRefused && (!isForeground || ++_failures < TransientFailuresAllowed))
            {
                return false;
            }

            _isRefused = _wasRefused = true;
            TimeSpan pause = jitter.Around(_pauses.Next());
            if (failure.RetryAfter is { } asked && asked > pause)
            {
                pause = asked < LongestPause ? asked : LongestPause;
            }

            _nextProbe = now + clock.Ticks(pause);
            _nextProbeAt = wall + pause;
            return !wasRefused;
        }
    }

    /// <returns>Whether it had been refused before.</returns>
    public bool Succeeded(Settings settings, DateTimeOffset wall)
    {
        lock (_gate)
        {
            _lastSuccess = wall;
            _proven = settings;
            _successes++;
            bool wasWrong = _wasRefused;
            _wasRefused = false;
            Clear();
            _judged = settings;
            return wasWrong;
        }
    }

    // Other settings deserve another answer.
    private void ClearIfChanged(Settings settings)
    {
        if (_judged is not null && !ReferenceEquals(_judged, settings))
        {
            Clear();
        }
    }

    private void Clear()
    {
        _last = null;
        _failures = 0;
        _isRefused = _isProbing = false;
        _pauses.Reset();
        _failingSince = _nextProbeAt = null;
    }

    /// <summary>Counts a token that an API refused.</summary>
    public void Rejected()
    {
        lock (_gate)
        {
            _rejections++;
        }
    }

    /// <param name="Judged">The settings that the last answer was about.</param>
    /// <param name="LastFailure">The last failure, if nothing has succeeded since.</param>
    /// <param name="FailingSince">Since when it fails, by the wall clock.</param>
    /// <param name="NextProbe">When the server is asked again, by the wall clock; null where it is not refused.</param>
    /// <param name="LastSuccess">When it last succeeded, by the wall clock.</param>
    /// <param name="Proven">The settings that last brought a token.</param>
    /// <param name="Successes">How many tokens came.</param>
    /// <param name="Failures">How many fetches failed.</param>
    /// <param name="Rejections">How many tokens an API refused.</param>
    public readonly record struct View(
        Settings? Judged,
        Failure? LastFailure,
        DateTimeOffset? FailingSince,
        DateTimeOffset? NextProbe,
        DateTimeOffset? LastSuccess,
        Settings? Proven,
        long Successes,
        long Failures,
        long Rejections);
}
