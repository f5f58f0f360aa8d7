namespace ClientCredentials.Clients;

/// <summary>Looks into a key, certificate or secret that the settings hold themselves, and says what is wrong with it.</summary>
internal delegate IEnumerable<string> KeyCheck(string client, string? profile, bool isActive, ClientCredentialsOptions options);

/// <summary>The rules for keys, certificates and assertions: the one that is needed is there, and no other.</summary>
internal sealed class KeyRules(IEnumerable<CredentialRegistration> registrations, KeyCheck check)
{
    private static readonly TimeSpan ShortestLifetime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestBackdate = TimeSpan.FromMinutes(5);

    private static readonly (AuthenticationMethod Method, string What, string[] Sources, string Advice)[] Wanted =
    [
        (AuthenticationMethod.PrivateKeyJwt, "the key", ["Key:Pem", "Key:PemFile", "Key:Pkcs12File", "Key:Jwk", "Key:JwkFile", "Key:StoreThumbprint", "UseKey", "UseSigner"],
            "a private key is missing: set one of Key:PemFile, Key:Pkcs12File, Key:JwkFile, Key:StoreThumbprint, Key:Pem or Key:Jwk (the last two not in a file that is checked in), or call UseKey or UseSigner."),
        (AuthenticationMethod.FederatedAssertion, "the assertion", ["Assertion:File", "UseAssertion"],
            "an assertion is missing: set Assertion:File, or call UseAssertion."),
        (AuthenticationMethod.Custom, "the authentication", ["UseAuthentication"],
            "an authentication is missing: call UseAuthentication."),
    ];

    public IEnumerable<string> Problems(string client, string? profile, bool isActive, ClientCredentialsOptions options)
    {
        string[] given = [.. Settings(options), .. registrations.Where(one => one.Serves(client, profile, isActive)).Select(one => one.Method).Distinct(StringComparer.Ordinal)];
        List<string> problems =
        [
            .. Wanted.SelectMany(wanted => Presence(wanted, given, isActive, options)),
            .. CertificateRules.Problems(given, isActive, options),
            .. Assertion(options),
            .. DpopRules.Problems(options, given),
            .. Issuer(options),
        ];
        // What is in a key matters once it is clear which key is meant.
        return problems.Count == 0 ? check(client, profile, isActive, options) : problems;
    }

    private static IEnumerable<string> Presence(
        (AuthenticationMethod Method, string What, string[] Sources, string Advice) wanted, string[] given, bool isActive, ClientCredentialsOptions options)
    {
        string[] own = [.. given.Where(wanted.Sources.Contains)];
        if (options.AuthenticationMethod != wanted.Method)
        {
            return own.Select(source =>
                $"{source} is set, but AuthenticationMethod is {AuthenticationWords.Of(options.AuthenticationMethod)}; it is for {AuthenticationWords.Of(wanted.Method)}. An empty value in a later layer clears an earlier one.");
        }

        return own.Length switch
        {
            0 when isActive => [wanted.Advice],
            > 1 => [$"{string.Join(" and ", own)} are set, and only one can be {wanted.What}; an empty value in a later layer clears an earlier one."],
            _ => [],
        };
    }

    private static IEnumerable<string> Assertion(ClientCredentialsOptions options)
    {
        AssertionOptions assertion = options.Assertion;
        if (assertion.Lifetime < ShortestLifetime || assertion.Lifetime > LongestLifetime)
        {
            yield return $"Assertion:Lifetime is {assertion.Lifetime}; it must be {ShortestLifetime} to {LongestLifetime}.";
        }

        if (assertion.BackdateIssuedAt < TimeSpan.Zero || assertion.BackdateIssuedAt > LongestBackdate)
        {
            yield return $"Assertion:BackdateIssuedAt is {assertion.BackdateIssuedAt}; it must be {TimeSpan.Zero} to {LongestBackdate}.";
        }
        else if (assertion.BackdateIssuedAt >= assertion.Lifetime)
        {
            yield return $"Assertion:BackdateIssuedAt ({assertion.BackdateIssuedAt}) must be shorter than Assertion:Lifetime ({assertion.Lifetime}), or an assertion has expired when it is sent.";
        }

        if (assertion.Type is not { Length: > 0 } || HasOddCharacter(assertion.Type))
        {
            yield return "Assertion:Type is empty or has a character that no media type has; the usual one is 'JWT'.";
        }

        if (HasOddCharacter(assertion.Audience))
        {
            yield return "Assertion:Audience has white space or a control character.";
        }

        if (options.Key.KeyId is { } keyId && keyId.Any(char.IsControl))
        {
            yield return "Key:KeyId has a control character.";
        }
    }

    private static IEnumerable<string> Issuer(ClientCredentialsOptions options)
    {
        if (options.Issuer is not { Length: > 0 } issuer)
        {
            yield break;
        }

        if (!Uri.TryCreate(issuer, UriKind.Absolute, out Uri? url) || !Origin.IsHttp(url) || HasOddCharacter(issuer) || url.UserInfo.Length > 0)
        {
            yield return "Issuer is not an absolute https URL (RFC 8414 §2).";
            yield break;
        }

        if (issuer.Contains('?', StringComparison.Ordinal) || issuer.Contains('#', StringComparison.Ordinal))
        {
            yield return "Issuer has a query or a fragment, which an issuer never has (RFC 8414 §2).";
        }

        if (!Origin.IsSecure(url) && !options.AllowInsecureHttp)
        {
            yield return $"Issuer ({Origin.Shown(url)}) is http; use https, or set AllowInsecureHttp for a network you trust.";
        }
    }

    private static IEnumerable<string> Settings(ClientCredentialsOptions options) =>
        GivenSources.Of(options.Key).Select(one => one.Setting).Concat(string.IsNullOrEmpty(options.Assertion.File) ? [] : ["Assertion:File"]);

    private static bool HasOddCharacter(string? text) => text is not null && text.Any(character => character is <= ' ' or '\u007F');
}
