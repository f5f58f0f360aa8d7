using Microsoft.Extensions.Configuration;

namespace ClientCredentials.Clients;

/// <summary>The section of a configuration that describes the clients.</summary>
internal sealed class ClientSection(IConfiguration source)
{
    public const string Name = "ClientCredentials";
    public const string Clients = "Clients";
    public const string Profile = "Profile";
    public const string ValidateOnStart = "ValidateOnStart";
    public const string ConnectOnStart = "ConnectOnStart";
    public const string AllowedTokenHosts = "AllowedTokenHosts";

    /// <summary>Stands for the section of the host's configuration among those that an app asks for; only when the services are built is it known which that is.</summary>
    public static readonly ClientSection OfHost = new(source: null!);

    private static readonly string[] Keys = [Clients, Profile, ValidateOnStart, ConnectOnStart, AllowedTokenHosts];

    public IConfiguration Source => source;

    /// <summary>The section of a whole configuration.</summary>
    public static ClientSection Of(IConfiguration configuration) => new(configuration.GetSection(Name));

    public IEnumerable<string> ClientNames => source.GetSection(Clients).GetChildren().Select(client => client.Key);

    public IConfigurationSection Client(string client) => source.GetSection(Clients).GetSection(client);

    public IConfigurationSection ClientProfile(string client, string profile) => Client(client).GetSection(ClientSchema.Profiles).GetSection(profile);

    public IEnumerable<string> ProfileNames(string client) => Client(client).GetSection(ClientSchema.Profiles).GetChildren().Select(profile => profile.Key);

    /// <summary>Whether the clients are connected at start; null where nothing is said.</summary>
    public ConnectMode? Connects => source[ConnectOnStart] is { } mode ? ModeOf(mode) : null;

    /// <summary>The origins at which clients that are not configured may have their token endpoints.</summary>
    public IEnumerable<string> TokenHosts => source.GetSection(AllowedTokenHosts).GetChildren().Select(host => host.Value).OfType<string>();

    public IEnumerable<string> Problems()
    {
        foreach (IConfigurationSection section in source.GetChildren())
        {
            if (!Keys.Contains(section.Key, Names.Comparer))
            {
                yield return $"{Name}: {SectionReader.UnknownKey(section.Key, Keys)}.";
            }
        }

        if (source[ValidateOnStart] is { } text && !bool.TryParse(text, out _))
        {
            yield return $"{Name}: {ValidateOnStart} is neither 'true' nor 'false'.";
        }

        if (source[ConnectOnStart] is { Length: > 0 } mode && ModeOf(mode) is null)
        {
            yield return $"{Name}: {ConnectOnStart} is none of 'false', 'true' (in the background) and 'wait' (the host starts when all are asked).";
        }

        foreach (string host in TokenHosts)
        {
            if (Origin.Parse(host, out _) is { } problem)
            {
                yield return $"{Name}: {AllowedTokenHosts} has a value that {problem}.";
            }
        }
    }

    private static ConnectMode? ModeOf(string text) => text.ToUpperInvariant() switch
    {
        "FALSE" => ConnectMode.Off,
        "TRUE" => ConnectMode.Background,
        "WAIT" => ConnectMode.Wait,
        _ => null,
    };
}

internal enum ConnectMode
{
    Off,
    Background,
    Wait,
}

/// <summary>What code says of connecting at start.</summary>
internal sealed record ConnectRegistration(ConnectMode Mode);
