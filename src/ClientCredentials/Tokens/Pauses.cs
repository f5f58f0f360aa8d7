namespace ClientCredentials.Tokens;

/// <summary>A pause that doubles from step to step, up to five minutes.</summary>
internal sealed class Pauses(TimeSpan first)
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private TimeSpan? _last;

    public TimeSpan Next()
    {
        TimeSpan next = _last is { } last ? last * 2 : first;
        _last = next < Longest ? next : Longest;
        return _last.Value;
    }

    public void Reset() => _last = null;
}
