namespace ClientCredentials.Tokens;

/// <summary>Lets one renewal by rejection through per pause, so that an API that refuses every token cannot make the app fetch one for every call.</summary>
internal sealed class Brake(Clock clock)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);

    private readonly Pauses _pauses = new(First);
    private long? _until;
    private long _lastAsked;

    /// <summary>The pause in force.</summary>
    public TimeSpan Current { get; private set; }

    /// <summary>How many were held back in this pause.</summary>
    public int HeldBack { get; private set; }

    public bool TryPass(long now)
    {
        if (now < _until)
        {
            _lastAsked = now;
            HeldBack++;
            return false;
        }

        // A whole pause in which no token was refused: what was wrong is over.
        if (_until is null || now - _lastAsked >= clock.Ticks(Current))
        {
            _pauses.Reset();
        }

        Current = _pauses.Next();
        _until = now + clock.Ticks(Current);
        _lastAsked = now;
        HeldBack = 0;
        return true;
    }
}
