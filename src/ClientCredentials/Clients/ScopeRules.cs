namespace ClientCredentials.Clients;

/// <summary>The rules for scopes (RFC 6749 §3.3), audience and resources (RFC 8707 §2), wherever they are given.</summary>
internal static class ScopeRules
{
    public const int MaxScopes = 500;
    public const int MaxScopeLength = 250;

    public static IEnumerable<string> Problems(ClientCredentialsOptions options) =>
        Scopes("Scopes", options.Scopes)
            .Concat(Scopes("RequiredScopes", options.RequiredScopes))
            .Concat(Resources(options.Resources))
            .Concat(Audience(options.Audience));

    public static IEnumerable<string> Scopes(string setting, IEnumerable<string> scopes)
    {
        int count = 0;
        foreach (string scope in scopes)
        {
            count++;
            if (scope.Length is 0 or > MaxScopeLength)
            {
                yield return $"{setting} has a scope of {scope.Length} characters; a scope has 1 to {MaxScopeLength}.";
            }
            else if (!scope.All(IsScopeCharacter))
            {
                yield return $"{setting} has '{Cleaned(scope)}'; a scope has no spaces, quotes, backslashes or characters beyond ASCII (RFC 6749 §3.3), and each scope is an item of its own.";
            }
        }

        if (count > MaxScopes)
        {
            yield return $"{setting} has {count} scopes; at most {MaxScopes} scopes of {MaxScopeLength} characters are sent.";
        }
    }

    public static IEnumerable<string> Resources(IEnumerable<string> resources) =>
        resources
            .Where(resource => !Uri.TryCreate(resource, UriKind.Absolute, out Uri? url) || url.Fragment.Length > 0 || !resource.Contains(':', StringComparison.Ordinal))
            .Select(resource => $"Resources has '{Cleaned(resource)}'; a resource is an absolute URI without a fragment (RFC 8707 §2).");

    public static IEnumerable<string> Audience(string? audience)
    {
        if (audience is not null && audience.Any(char.IsControl))
        {
            yield return "Audience has a control character.";
        }
    }

    private static bool IsScopeCharacter(char character) => character is '!' or (>= '#' and <= '[') or (>= ']' and <= '~');

    private static string Cleaned(string text) => string.Concat(text.Select(character => char.IsControl(character) ? '?' : character));
}
