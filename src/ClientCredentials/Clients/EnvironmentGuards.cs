namespace ClientCredentials.Clients;

/// <summary>What smells of two environments that got mixed up: nothing forbids it, somebody should look.</summary>
internal static class EnvironmentGuards
{
    private const string Production = "Production";

    /// <param name="profiles">The versions of the settings of one client, the active one among them.</param>
    /// <param name="environment">The host's environment; null where there is no host.</param>
    public static IEnumerable<string> Warnings(IReadOnlyList<Settings> profiles, string? environment)
    {
        Settings? active = profiles.FirstOrDefault(settings => settings.IsActive);
        if (Names.Same(environment, Production) && active?.Profile is { } profile && !Names.Same(profile, Production)
            && profiles.Any(settings => Names.Same(settings.Profile, Production)))
        {
            yield return $"the host's environment is Production, and the active profile is '{profile}', although there is a profile 'Production'.";
        }

        foreach ((Settings a, Settings b) in Pairs(profiles))
        {
            if (a.Options.ClientSecret is { Length: > 0 } secret && secret == b.Options.ClientSecret && a.Options.ClientId == b.Options.ClientId)
            {
                yield return $"the profiles '{a.Profile}' and '{b.Profile}' have the same id and secret: whoever has the one environment has the other.";
            }
        }
    }

    /// <summary>The profile whose API a token is for, where that is another one than the token was got for; null where there is none.</summary>
    /// <param name="audiences">The audiences of a JWT.</param>
    /// <param name="own">What the token was asked for with.</param>
    /// <param name="others">The other profiles of the client.</param>
    public static string? MistakenFor(IReadOnlyList<string> audiences, Settings own, IEnumerable<Settings> others) =>
        others.FirstOrDefault(other => audiences.Any(audience => Expected(other).Contains(audience, StringComparer.Ordinal)) && !audiences.Any(audience => Expected(own).Contains(audience, StringComparer.Ordinal)))?.Profile;

    private static IEnumerable<string> Expected(Settings settings)
    {
        if (settings.Options.Audience is { Length: > 0 } audience)
        {
            yield return audience;
        }

        foreach (string resource in settings.Options.Resources)
        {
            yield return resource;
        }

        if (settings.Options.ApiUrl is { } api)
        {
            yield return api.OriginalString;
            yield return api.OriginalString.TrimEnd('/');
        }
    }

    private static IEnumerable<(Settings A, Settings B)> Pairs(IReadOnlyList<Settings> all) =>
        all.SelectMany((a, index) => all.Skip(index + 1).Select(b => (a, b)));
}
