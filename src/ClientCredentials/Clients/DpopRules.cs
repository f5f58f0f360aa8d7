namespace ClientCredentials.Clients;

/// <summary>The rules for tokens that are bound to a key.</summary>
internal static class DpopRules
{
    /// <summary>The method of the builder that brings a key.</summary>
    public const string Method = "UseDpopKey";

    private const string TokenType = "DPoP";

    /// <param name="options">The settings.</param>
    /// <param name="given">The settings and methods that bring keys, as far as they are used.</param>
    public static IEnumerable<string> Problems(ClientCredentialsOptions options, IEnumerable<string> given)
    {
        string[] keys = [.. GivenSources.Of(options.Dpop.Key).Select(one => $"Dpop:{one.Setting}").Concat(given.Where(source => source == Method))];
        if (!options.Dpop.Enabled)
        {
            foreach (string key in keys)
            {
                yield return $"{key} is set, but Dpop:Enabled is not. An empty value in a later layer clears an earlier one.";
            }
        }

        if (keys.Length > 1)
        {
            yield return $"{string.Join(" and ", keys)} are set, and only one can be the key of the proofs; an empty value in a later layer clears an earlier one.";
        }

        if (!string.IsNullOrEmpty(options.Dpop.Key.KeyId))
        {
            yield return "Dpop:Key:KeyId is set, but a proof carries the key itself, and no name for it (RFC 9449 §4.2).";
        }

        if (options.TokenTypeAliases.Contains(TokenType, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"TokenTypeAliases has '{TokenType}', but a token that is bound to a key is never sent as Bearer; set Dpop:Enabled.";
        }
    }
}
