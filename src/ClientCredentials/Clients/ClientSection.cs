using Microsoft.Extensions.Configuration;

namespace ClientCredentials.Clients;

/// <summary>The section of a configuration that describes the clients.</summary>
internal sealed class ClientSection(IConfiguration source)
{
    public const string Name = "ClientCredentials";
    public const string Clients = "Clients";
    public const string Profile = "Profile";
    public const string ValidateOnStart = "ValidateOnStart";

    private static readonly string[] Keys = [Clients, Profile, ValidateOnStart];

    public IConfiguration Source => source;

    /// <summary>The section of a whole configuration.</summary>
    public static ClientSection Of(IConfiguration configuration) => new(configuration.GetSection(Name));

    public IEnumerable<string> ClientNames => source.GetSection(Clients).GetChildren().Select(client => client.Key);

    public IConfigurationSection Client(string client) => source.GetSection(Clients).GetSection(client);

    public IConfigurationSection ClientProfile(string client, string profile) => Client(client).GetSection(ClientSchema.Profiles).GetSection(profile);

    public IEnumerable<string> ProfileNames(string client) => Client(client).GetSection(ClientSchema.Profiles).GetChildren().Select(profile => profile.Key);

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
    }
}
