using Microsoft.Extensions.Configuration;

namespace ClientCredentials.Clients;

/// <summary>Reads one layer of configuration, strictly: every key must be known, and every problem is told at once.</summary>
internal static class SectionReader
{
    public static void Read(IConfiguration layer, ClientCredentialsOptions options, List<string> problems, bool isProfile)
    {
        Dictionary<string, Setting> known = ClientSchema.Rows
            .Where(row => !isProfile || row.Key != nameof(ClientCredentialsOptions.Profile))
            .ToDictionary(row => row.Key, StringComparer.OrdinalIgnoreCase);
        Read(layer, "", known, options, problems, isProfile);
    }

    /// <summary>What is wrong with a key that nobody knows, and what was probably meant.</summary>
    public static string UnknownKey(string key, IReadOnlyCollection<string> known, string prefix = "")
    {
        string? nearest = Names.Nearest(key, known);
        return nearest is null
            ? $"'{prefix}{key}' is not a setting; the settings here are {string.Join(", ", known.Order(StringComparer.Ordinal).Select(name => prefix + name))}"
            : $"'{prefix}{key}' is not a setting; perhaps '{prefix}{nearest}' is meant";
    }

    private static void Read(IConfiguration layer, string prefix, Dictionary<string, Setting> known, ClientCredentialsOptions options, List<string> problems, bool isProfile)
    {
        foreach (IConfigurationSection section in layer.GetChildren())
        {
            string key = prefix + section.Key;
            if (known.TryGetValue(key, out Setting? setting))
            {
                if (setting.Bind(section, options) is { } problem)
                {
                    problems.Add($"{setting.Key} {problem}.");
                }

                continue;
            }

            bool isGroup = known.Keys.Any(other => other.StartsWith($"{key}:", StringComparison.OrdinalIgnoreCase));
            bool isProfiles = prefix.Length == 0 && !isProfile && Names.Same(key, ClientSchema.Profiles);
            if ((isGroup || isProfiles) && !string.IsNullOrEmpty(section.Value))
            {
                problems.Add($"{key} {Setting.OneValue}.");
                continue;
            }

            if (isGroup)
            {
                Read(section, $"{key}:", known, options, problems, isProfile);
                continue;
            }

            if (isProfiles)
            {
                continue;
            }

            IEnumerable<string> here = known.Keys
                .Where(other => other.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                .Select(other => other[prefix.Length..].Split(':')[0])
                .Distinct(StringComparer.Ordinal);
            problems.Add($"{UnknownKey(section.Key, [.. here, .. isProfile || prefix.Length > 0 ? Array.Empty<string>() : [ClientSchema.Profiles]], prefix)}.");
        }
    }
}
