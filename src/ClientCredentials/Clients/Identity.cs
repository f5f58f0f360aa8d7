namespace ClientCredentials.Clients;

/// <summary>What makes a token belong to a version of the settings: as long as it is not retired, a token that was got under it stays good.</summary>
internal sealed class Identity
{
    private volatile bool _isRetired;

    public bool IsRetired => _isRetired;

    public void Retire() => _isRetired = true;
}
