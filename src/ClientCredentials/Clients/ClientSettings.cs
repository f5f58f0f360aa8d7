using ClientCredentials.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ClientCredentials.Clients;

/// <summary>The live settings of every client and profile. A change of the configuration that is valid takes effect; one that is not leaves what was.</summary>
internal sealed class ClientSettings : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ClientLayers _layers;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly List<IDisposable> _subscriptions;
    private readonly Dictionary<(string Client, string Profile), LiveSettings> _live = new(new KeyComparer());
    private volatile Lazy<Dictionary<string, string>> _spellings;
    private readonly Dictionary<string, string?> _activeProfiles = new(Names.Comparer);
    private readonly Dictionary<string, string[]> _warnings = new(Names.Comparer);

    public ClientSettings(ClientLayers layers, IEnumerable<IOptionsChangeTokenSource<ClientCredentialsOptions>> changes, TimeProvider time, ILogger<ClientSettings> log)
    {
        _layers = layers;
        _time = time;
        _log = log;
        _spellings = UnreadSpellings();
        _subscriptions =
        [
            .. layers.Sections.Select(section => ChangeToken.OnChange(section.Source.GetReloadToken, Reload)),
            .. changes.Select(change => ChangeToken.OnChange(change.GetChangeToken, Reload)),
        ];
    }

    /// <summary>Told after the settings of a client and profile changed, or turned out to be wrong.</summary>
    public event Action<LiveSettings>? Changed;

    public IReadOnlyCollection<string> Clients => Spellings.Values;

    /// <summary>Whether there is a client of that name.</summary>
    public bool Has(string name) => Spellings.ContainsKey(name);

    /// <summary>The client a name means; with no name, the only client there is.</summary>
    /// <returns>The client's name as it was first written, or what is wrong.</returns>
    public (string? Client, string Problem) Find(string? name)
    {
        Dictionary<string, string> clients = Spellings;
        if (name is null)
        {
            return clients.Count switch
            {
                1 => (clients.Values.First(), ""),
                0 => (null, $"No client is configured; add one below {ClientSection.Name}:{ClientSection.Clients}, or call AddClient."),
                _ => (null, $"No client was named, and there are several: {Names.Quoted(clients.Values)}. Name the one to use."),
            };
        }

        return clients.TryGetValue(name, out string? known) ? (known, "") : (null, Unknown(name, clients.Values));
    }

    /// <summary>The settings of a client that exists; with no profile named, those of its active profile.</summary>
    /// <returns>The settings, or what is wrong with the profile that was asked for.</returns>
    public (LiveSettings? Settings, string Problem) Get(string client, string? profile)
    {
        lock (_gate)
        {
            string? active = ActiveProfile(client);
            IReadOnlyList<string> profiles = _layers.Profiles(client);
            // The active one is there even where the client lacks it: its settings then say so.
            bool isActive = profile is null || Names.Same(profile, active);
            string? wanted = isActive ? active : profiles.FirstOrDefault(known => Names.Same(known, profile));
            if (!isActive && wanted is null)
            {
                return (null, $"Client '{client}': it has no profile '{profile}'; {Known(profiles)}.");
            }

            if (!_live.TryGetValue((client, wanted ?? ""), out LiveSettings? live))
            {
                Lay(client, active, profiles);
                live = _live[(client, wanted ?? "")];
            }

            return (live, "");
        }
    }

    /// <summary>The profiles of a client, the active one first; a single null where it has none.</summary>
    public IReadOnlyList<string?> Profiles(string client)
    {
        lock (_gate)
        {
            string? active = ActiveProfile(client);
            return [active, .. _layers.Profiles(client).Where(profile => !Names.Same(profile, active))];
        }
    }

    /// <summary>Everything that is wrong with every client and profile.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [.. _layers.Sections.SelectMany(section => section.Problems()).Distinct(StringComparer.Ordinal)];
        problems.AddRange(Clients.SelectMany(ProblemsOf));
        return problems;
    }

    /// <summary>Makes the settings new although nothing is different; in turn with reloads, whose outcome would be lost.</summary>
    public void Renew(LiveSettings live)
    {
        lock (_gate)
        {
            live.Renew();
        }
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private IEnumerable<string> ProblemsOf(string client)
    {
        LiveSettings[] all = [.. Profiles(client).Select(profile => Get(client, profile).Settings).OfType<LiveSettings>()];
        // What is wrong in the client's own section is wrong in every profile: say it once.
        return all
            .SelectMany(live => live.Problems.Distinct(StringComparer.Ordinal).Select(problem => (problem, live.Profile)))
            .GroupBy(entry => entry.problem, entry => entry.Profile)
            .SelectMany(group => group.Count() == all.Length
                ? [Sentence(client, null, group.Key)]
                : group.Select(profile => Sentence(client, profile, group.Key)).Distinct(StringComparer.Ordinal));
    }

    /// <summary>The names of the clients as they were first written, by any way to write them.</summary>
    private Dictionary<string, string> Spellings => _spellings.Value;

    // Without a lock: reading them runs code of the configuration's providers.
    private Lazy<Dictionary<string, string>> UnreadSpellings() =>
        new(() => _layers.Clients().ToDictionary(name => name, Names.Comparer), LazyThreadSafetyMode.PublicationOnly);

    private void Reload()
    {
        // Another one, so that what is being read of the settings before is not kept after.
        _spellings = UnreadSpellings();
        List<LiveSettings> changed = [];
        lock (_gate)
        {
            foreach (LiveSettings live in _live.Values)
            {
                if (live.IsActive && !Names.Same(_layers.ActiveProfile(live.Client).Profile, live.Profile))
                {
                    _log.ProfileChangeIgnored(live.Client, live.ProfileName, _layers.ActiveProfile(live.Client).Profile ?? "");
                }

                if (Refresh(live))
                {
                    changed.Add(live);
                }
            }

            foreach (string client in changed.Select(live => live.Client).Distinct(Names.Comparer).ToArray())
            {
                Warn(client);
            }
        }

        // Told outside the lock: whoever listens may ask for settings.
        changed.ForEach(live => Changed?.Invoke(live));
    }

    /// <summary>Makes the settings of all profiles of a client: each must know the others, so that their tokens never cross.</summary>
    private void Lay(string client, string? active, IReadOnlyList<string> profiles)
    {
        foreach (string? profile in profiles.Prepend(active).Distinct(Names.Comparer!))
        {
            if (!_live.ContainsKey((client, profile ?? "")))
            {
                LiveSettings live = new(client, profile, Names.Same(profile, active));
                _live.Add((client, profile ?? ""), live);
                Refresh(live);
            }
        }

        LiveSettings[] all = [.. _live.Values.Where(live => Names.Same(live.Client, client))];
        foreach (LiveSettings live in all)
        {
            live.Siblings = [.. all.Where(other => other != live)];
        }

        Warn(client);
    }

    /// <summary>Says what the profiles of a client have to do with each other that smells; once, as long as it lasts.</summary>
    private void Warn(string client)
    {
        Settings[] all = [.. _live.Values.Where(live => Names.Same(live.Client, client)).Select(live => live.Current).OfType<Settings>()];
        string[] now = [.. EnvironmentGuards.Warnings(all, _layers.Environment)];
        foreach (string warning in now.Except(_warnings.GetValueOrDefault(client, []), StringComparer.Ordinal))
        {
            _log.SettingsOdd(client, _activeProfiles[client] ?? LiveSettings.NoProfile, warning);
        }

        _warnings[client] = now;
    }

    private bool Refresh(LiveSettings live)
    {
        bool isFirst = live.Current is null && live.Problems.Count == 0;
        (ClientCredentialsOptions options, List<string> problems) = _layers.Build(live.Client, live.Profile, live.IsActive);
        IReadOnlyList<string> profiles = _layers.Profiles(live.Client);
        if (options.Enabled && live.IsActive && profiles.Count > 0 && !profiles.Contains(live.Profile, Names.Comparer))
        {
            // Without its profile the settings are not whole; to name what else they lack would only hide the one cause.
            problems = [MissingProfile(live, profiles)];
        }

        live.Propose(options);
        bool isDifferent = live.Take(
            problems.Count == 0 ? new Settings(live.Client, live.Profile, live.IsActive, options, live.Current) : null,
            problems,
            _time.GetUtcNow());
        if (isDifferent)
        {
            Tell(live, options, isFirst);
        }

        return isDifferent;
    }

    private void Tell(LiveSettings live, ClientCredentialsOptions options, bool isFirst)
    {
        if (live.Problems.Count > 0)
        {
            string problems = string.Join(" ", live.Problems);
            if (live.Current is not null)
            {
                _log.ReloadRefused(live.Client, live.ProfileName, problems);
            }
            else if (!isFirst)
            {
                _log.SettingsWrong(live.Client, live.ProfileName, problems);
            }

            return;
        }

        if (!isFirst)
        {
            _log.SettingsChanged(live.Client, live.ProfileName);
        }

        foreach (string warning in SettingsRules.Warnings(options))
        {
            _log.SettingsOdd(live.Client, live.ProfileName, warning);
        }
    }

    private string? ActiveProfile(string client)
    {
        if (!_activeProfiles.TryGetValue(client, out string? active))
        {
            (active, string why) = _layers.ActiveProfile(client);
            _activeProfiles.Add(client, active);
            _log.ProfileActive(client, active ?? LiveSettings.NoProfile, why);
        }

        return active;
    }

    private string MissingProfile(LiveSettings live, IReadOnlyList<string> profiles)
    {
        string set = $"set {ClientSection.Name}:{ClientSection.Profile} (or {ClientSection.Name}:{ClientSection.Clients}:{live.Client}:{ClientSection.Profile}) to one of them";
        return live.Profile is null
            ? $"it has the profiles {Names.Quoted(profiles)}, and nothing says which is active; {set}."
            : $"the active profile is '{live.Profile}' ({_layers.ActiveProfile(live.Client).Why}), but {Known(profiles)}; {set}.";
    }

    private static string Known(IReadOnlyList<string> profiles) => profiles.Count == 0 ? "it has no profiles" : $"it has {Names.Quoted(profiles)}";

    private static string Unknown(string name, Dictionary<string, string>.ValueCollection clients)
    {
        string nearest = Names.Nearest(name, clients) is { } meant ? $" Perhaps '{meant}' is meant." : "";
        return clients.Count == 0
            ? $"Client '{name}' is not known; no client is configured. Add it below {ClientSection.Name}:{ClientSection.Clients}, or call AddClient."
            : $"Client '{name}' is not known; the clients are {Names.Quoted(clients)}.{nearest}";
    }

    /// <summary>A problem with its subject in front.</summary>
    public static string Sentence(string client, string? profile, string problem)
    {
        if (problem.StartsWith("Client '", StringComparison.Ordinal))
        {
            return problem;
        }

        return profile is null ? $"Client '{client}': {problem}" : $"Client '{client}', profile '{profile}': {problem}";
    }

    private sealed class KeyComparer : IEqualityComparer<(string Client, string Profile)>
    {
        public bool Equals((string Client, string Profile) x, (string Client, string Profile) y) =>
            Names.Same(x.Client, y.Client) && Names.Same(x.Profile, y.Profile);

        public int GetHashCode((string Client, string Profile) obj) =>
            HashCode.Combine(Names.Comparer.GetHashCode(obj.Client), Names.Comparer.GetHashCode(obj.Profile));
    }
}
