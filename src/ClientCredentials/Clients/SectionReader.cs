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
    public static string UnknownKey(string key, IEnumerable<string> known)
    {
        string? nearest = Names.Nearest(key, known);
        return nearest is null
            ? $"'{key}' is not a setting; the settings here are {string.Join(", ", known.Order(StringComparer.Ordinal))}"
            : $"'{key}' is not a setting; perhaps '{nearest}' is meant";
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

            if (known.Keys.Any(other => other.StartsWith($"{key}:", StringComparison.OrdinalIgnoreCase)))
            {
                Read(section, $"{key}:", known, options, problems, isProfile);
                continue;
            }

            if (prefix.Length == 0 && !isProfile && Names.Same(key, ClientSchema.Profiles))
            {
                continue;
            }

            IEnumerable<string> here = known.Keys.Where(other => other.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
            problems.Add($"{UnknownKey(key, isProfile || prefix.Length > 0 ? here : here.Append(ClientSchema.Profiles))}.");
        }
    }
}
