using Microsoft.Extensions.Configuration;

namespace ClientCredentials.Clients;

/// <summary>The section of a configuration that describes the clients: <c>ClientCredentials</c>.</summary>
/// <param name="configuration">The section itself, or a whole configuration that has it.</param>
/// <param name="isExplicit">Whether the app named the section, which then goes instead of the host's.</param>
internal sealed class ClientSection(IConfiguration configuration, bool isExplicit)
{
    public const string Name = "ClientCredentials";
    public const string Clients = "Clients";
    public const string Profile = "Profile";
    public const string ValidateOnStart = "ValidateOnStart";

    private static readonly string[] Keys = [Clients, Profile, ValidateOnStart];

    public bool IsExplicit => isExplicit;

    public IConfiguration Source { get; } = configuration is IConfigurationRoot ? configuration.GetSection(Name) : configuration;

    public IEnumerable<string> ClientNames => Source.GetSection(Clients).GetChildren().Select(client => client.Key);

    public IConfigurationSection Client(string client) => Source.GetSection(Clients).GetSection(client);

    public IConfigurationSection ClientProfile(string client, string profile) => Client(client).GetSection(ClientSchema.Profiles).GetSection(profile);

    public IEnumerable<string> ProfileNames(string client) => Client(client).GetSection(ClientSchema.Profiles).GetChildren().Select(profile => profile.Key);

    public IEnumerable<string> Problems()
    {
        foreach (IConfigurationSection section in Source.GetChildren())
        {
            if (!Keys.Contains(section.Key, Names.Comparer))
            {
                yield return $"{Name}: {SectionReader.UnknownKey(section.Key, Keys)}.";
            }
        }

        if (Source[ValidateOnStart] is { } text && !bool.TryParse(text, out _))
        {
            yield return $"{Name}: {ValidateOnStart} is neither 'true' nor 'false'.";
        }
    }
}
