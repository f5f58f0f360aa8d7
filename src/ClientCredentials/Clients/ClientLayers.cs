using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Clients;

/// <summary>All that says something about a client, laid in order: its section, its profile's section, code as it was registered, post-configuration.</summary>
internal sealed class ClientLayers(
    IEnumerable<ClientSection> sections,
    IEnumerable<IConfigureOptions<ClientCredentialsOptions>> setups,
    IEnumerable<IPostConfigureOptions<ClientCredentialsOptions>> postSetups,
    IEnumerable<IValidateOptions<ClientCredentialsOptions>> validators,
    SettingsRules rules,
    IConfiguration? configuration = null,
    IHostEnvironment? host = null)
{
    // A section that the app named goes instead of the host's, unless it asked for that too. What is asked for twice has its place in the order once.
    private readonly ClientSection[] _sections =
    [
        .. sections
            .DefaultIfEmpty(ClientSection.OfHost)
            .Distinct()
            .Select(section => section != ClientSection.OfHost ? section : configuration is null ? null : ClientSection.Of(configuration))
            .OfType<ClientSection>(),
    ];
    private readonly IConfigureOptions<ClientCredentialsOptions>[] _setups = [.. setups];

    public IReadOnlyList<ClientSection> Sections => _sections;

    /// <summary>The host's environment; null where there is no host.</summary>
    public string? Environment => host?.EnvironmentName;

    /// <summary>The names of all clients there are, each as it was written first.</summary>
    public IReadOnlyList<string> Clients() =>
        [.. _sections.SelectMany(section => section.ClientNames)
            .Concat(_setups.Select(NameOf).OfType<string>())
            .Where(name => name.Length > 0)
            .Distinct(Names.Comparer)];

    public IReadOnlyList<string> Profiles(string client) =>
        [.. _sections.SelectMany(section => section.ProfileNames(client))
            .Concat(_setups.OfType<ClientLayer>().Where(layer => Names.Same(layer.Client, client)).Select(layer => layer.Profile).OfType<string>())
            .Distinct(Names.Comparer)];

    /// <summary>Whether the clients are connected when the host starts; null where the configuration does not say.</summary>
    public ConnectMode? ConnectOnStart() => _sections.Select(section => section.Connects).LastOrDefault(mode => mode is not null);

    /// <summary>The active profile of a client, and where that is said; no profile where the client has none.</summary>
    public (string? Profile, string Why) ActiveProfile(string client)
    {
        IReadOnlyList<string> profiles = Profiles(client);
        if (profiles.Count == 0)
        {
            return (null, "it has no profiles");
        }

        (string? asked, string why) = AskedProfile(client);
        return (profiles.FirstOrDefault(profile => Names.Same(profile, asked)) ?? asked, why);
    }

    /// <summary>Lays all layers and says what is wrong with the outcome.</summary>
    public (ClientCredentialsOptions Options, List<string> Problems) Build(string client, string? profile, bool isActive)
    {
        if ((Names.ProblemWith(client) ?? (profile is null ? null : Names.ProblemWith(profile))) is { } nameless)
        {
            return (new(), [$"{nameless}."]);
        }

        List<string> problems = [];
        ClientCredentialsOptions options = Lay(client, profile, isActive, problems);
        if (!options.Enabled)
        {
            return (options, []);
        }

        problems.AddRange(rules.Problems(client, profile, isActive, options));
        foreach (IValidateOptions<ClientCredentialsOptions> validator in validators)
        {
            problems.AddRange(Failures(validator, client, options));
        }

        return (options, problems);
    }

    private (string? Profile, string Why) AskedProfile(string client)
    {
        if (Lay(client, profile: null, isActive: true, []).Profile is { Length: > 0 } own)
        {
            return (own, $"{ClientSection.Name}:{ClientSection.Clients}:{client}:{ClientSection.Profile} says so");
        }

        string? common = _sections.Select(section => section.Source[ClientSection.Profile]).LastOrDefault(profile => !string.IsNullOrEmpty(profile));
        if (common is not null)
        {
            return (common, $"{ClientSection.Name}:{ClientSection.Profile} says so");
        }

        return host is null ? (null, "neither a setting nor a host says which") : (host.EnvironmentName, "it is the host's environment");
    }

    private ClientCredentialsOptions Lay(string client, string? profile, bool isActive, List<string> problems)
    {
        ClientCredentialsOptions options = new();
        foreach (ClientSection section in _sections)
        {
            LayOwn(isActive, options, o => SectionReader.Read(section.Client(client), o, problems, isProfile: false));
        }

        if (profile is not null)
        {
            foreach (ClientSection section in _sections)
            {
                SectionReader.Read(section.ClientProfile(client, profile), options, problems, isProfile: true);
            }
        }

        try
        {
            foreach (IConfigureOptions<ClientCredentialsOptions> setup in _setups)
            {
                LaySetup(setup, client, profile, isActive, options);
            }

            foreach (IPostConfigureOptions<ClientCredentialsOptions> setup in postSetups)
            {
                LayOwn(isActive, options, o => setup.PostConfigure(Spelt((setup as PostConfigureOptions<ClientCredentialsOptions>)?.Name, client), o));
            }
        }
        catch (Exception exception)
        {
            problems.Add($"code that configures it failed with {exception.GetType().Name}: {exception.Message}");
        }

        return options;
    }

    private static void LaySetup(IConfigureOptions<ClientCredentialsOptions> setup, string client, string? profile, bool isActive, ClientCredentialsOptions options)
    {
        switch (setup)
        {
            case ClientLayer layer when layer.Profile is not null:
                if (Names.Same(layer.Client, client) && Names.Same(layer.Profile, profile))
                {
                    layer.Apply(options);
                }

                break;
            case ConfigureNamedOptions<ClientCredentialsOptions> named when Names.Same(named.Name, client):
                LayOwn(isActive, options, o => named.Configure(named.Name, o));
                break;
            case IConfigureNamedOptions<ClientCredentialsOptions> named:
                LayOwn(isActive, options, o => named.Configure(client, o));
                break;
        }
    }

    private static IEnumerable<string> Failures(IValidateOptions<ClientCredentialsOptions> validator, string client, ClientCredentialsOptions options)
    {
        try
        {
            string name = Spelt((validator as ValidateOptions<ClientCredentialsOptions>)?.Name, client);
            return validator.Validate(name, options) is { Failed: true } result ? result.Failures : [];
        }
        catch (Exception exception)
        {
            return [$"code that validates it failed with {exception.GetType().Name}: {exception.Message}"];
        }
    }

    // The options of .NET tell names apart by case.
    private static string Spelt(string? name, string client) => name is not null && Names.Same(name, client) ? name : client;

    // A credential of the client itself serves the active profile only, whichever layer brings it.
    private static void LayOwn(bool isActive, ClientCredentialsOptions options, Action<ClientCredentialsOptions> lay)
    {
        if (isActive)
        {
            lay(options);
            return;
        }

        ClientCredentialsOptions before = new();
        ClientSchema.CopyCredentials(options, before);
        lay(options);
        ClientSchema.CopyCredentials(before, options);
    }

    private static string? NameOf(IConfigureOptions<ClientCredentialsOptions> setup) => setup switch
    {
        ClientLayer layer => layer.Client,
        ConfigureNamedOptions<ClientCredentialsOptions> named => named.Name,
        _ => null,
    };
}
