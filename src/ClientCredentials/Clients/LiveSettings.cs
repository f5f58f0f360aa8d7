namespace ClientCredentials.Clients;

/// <summary>The settings of a client and profile as they are now: the last version that was valid, and what is wrong with a newer one.</summary>
internal sealed class LiveSettings(string client, string? profile, bool isActive)
{
    /// <summary>What logs call the profile of a client that has none.</summary>
    public const string NoProfile = "none";

    private volatile Settings? _current;
    private volatile IReadOnlyList<string> _problems = [];
    private volatile Uri? _proposedApiBase;

    public string Client => client;

    public string? Profile => profile;

    /// <summary>The profile as logs show it.</summary>
    public string ProfileName => profile ?? NoProfile;

    public bool IsActive => isActive;

    /// <summary>The client's name as metrics show it.</summary>
    public string Label => _current?.Label ?? client;

    /// <summary>The other profiles of the client.</summary>
    public IReadOnlyList<LiveSettings> Siblings { get; set; } = [];

    /// <summary>The last valid version; null where there never was one.</summary>
    public Settings? Current => _current;

    /// <summary>What is wrong with the newest version; empty where it is the current one.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Since when the newest version is wrong; null where it is not.</summary>
    public DateTimeOffset? BrokenSince { get; private set; }

    /// <summary>The API's address of the last valid version, else of one that lacks something else: with a fake that is enough.</summary>
    public Uri? ApiBase => _current is { } current ? current.ApiBase : _proposedApiBase;

    /// <summary>Keeps the API's address of a version that may not be valid.</summary>
    public void Propose(ClientCredentialsOptions options) => _proposedApiBase = Settings.BaseOf(options.ApiUrl);

    /// <summary>Takes a newer version in, and says whether anything is different now.</summary>
    public bool Take(Settings? settings, IReadOnlyList<string> problems, DateTimeOffset now)
    {
        BrokenSince = settings is not null ? null : BrokenSince ?? now;
        Settings? old = _current;
        if (settings is null)
        {
            bool isNews = !problems.SequenceEqual(_problems, StringComparer.Ordinal);
            _problems = problems;
            return isNews;
        }

        bool wasBroken = _problems.Count > 0;
        _problems = [];
        if (old is not null && old.SameAs(settings))
        {
            return wasBroken;
        }

        _current = settings;
        if (old is not null && old.Identity != settings.Identity)
        {
            old.Identity.Retire();
        }

        return true;
    }

    /// <summary>Makes the settings new although nothing is different: the token and the verdicts that belong to them are forgotten.</summary>
    public void Renew()
    {
        if (_current is { } old)
        {
            _current = new Settings(old.Client, old.Profile, old.IsActive, old.Options) { IsResolved = old.IsResolved };
            old.Identity.Retire();
        }
    }

    /// <summary>The profile whose API a URL belongs to, where that is another profile's and not this one's; null where it is nobody else's.</summary>
    public string? ProfileBehind(Uri url)
    {
        foreach (LiveSettings sibling in Siblings)
        {
            if (sibling.Current?.ApiOrigin is { } origin && origin.Matches(url))
            {
                return sibling.Profile;
            }
        }

        return null;
    }
}
