namespace ClientCredentials.Clients;

/// <summary>What makes a token belong to a version of the settings: as long as it is not retired, a token that was got under it stays good.</summary>
internal sealed class Identity
{
    // One for all: to branch and to retire are rare, and most have no branch.
    private static readonly Lock Branching = new();

    private List<Identity>? _branches;
    private volatile bool _isRetired;
    private long _skew;
    private int _hasWarnedOfSkew;

    public bool IsRetired => _isRetired;

    /// <summary>How far the server's clock is ahead of this machine's, as its last answer told.</summary>
    public TimeSpan ClockSkew
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _skew));
        set => Interlocked.Exchange(ref _skew, value.Ticks);
    }

    /// <summary>True once: a wrong clock is not told with every token.</summary>
    public bool WarnsOfSkewNow() => Interlocked.Exchange(ref _hasWarnedOfSkew, 1) == 0;

    public void Retire()
    {
        lock (Branching)
        {
            _isRetired = true;
            _branches?.ForEach(branch => branch.Retire());
            _branches = null;
        }
    }

    /// <summary>An identity of what may end sooner, such as a certificate, and ends with this one at the latest.</summary>
    public Identity Branch()
    {
        Identity branch = new();
        lock (Branching)
        {
            if (_isRetired)
            {
                branch.Retire();
                return branch;
            }

            _branches ??= [];
            _branches.RemoveAll(known => known.IsRetired);
            _branches.Add(branch);
            return branch;
        }
    }
}
