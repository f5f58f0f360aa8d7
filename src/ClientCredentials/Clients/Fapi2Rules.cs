namespace ClientCredentials.Clients;

/// <summary>The rules of the FAPI 2.0 Security Profile for a client, where the app wants them kept.</summary>
internal static class Fapi2Rules
{
    private static readonly AuthenticationMethod[] Methods = [AuthenticationMethod.PrivateKeyJwt, AuthenticationMethod.TlsClientAuth, AuthenticationMethod.SelfSignedTlsClientAuth];

    /// <summary>The signature algorithms that the profile has, as far as .NET has them (§5.4.1).</summary>
    public static IReadOnlyList<string> Algorithms { get; } = ["PS256", "ES256"];

    public static IEnumerable<string> Problems(ClientCredentialsOptions options) =>
        options.Fapi2
            ? Authentication(options).Concat(Binding(options)).Concat(Signatures(options)).Concat(Addresses(options)).Select(problem => $"Fapi2 is set, but {problem}")
            : [];

    private static IEnumerable<string> Authentication(ClientCredentialsOptions options)
    {
        if (!Methods.Contains(options.AuthenticationMethod))
        {
            yield return $"AuthenticationMethod is {AuthenticationWords.Of(options.AuthenticationMethod)}; it must be {string.Join(" or ", Methods.Select(AuthenticationWords.Of))} (FAPI 2.0 §5.3.2.1).";
        }

        if (options.AuthenticationMethod != AuthenticationMethod.PrivateKeyJwt)
        {
            yield break;
        }

        if (string.IsNullOrEmpty(options.Issuer))
        {
            yield return "Issuer is missing; it must be the audience of assertions (FAPI 2.0 §5.3.3.1).";
        }

        if (options.Assertion.Audience is { Length: > 0 } audience && audience != options.Issuer)
        {
            yield return "Assertion:Audience is set and is not the Issuer, which must be the audience of assertions (FAPI 2.0 §5.3.3.1).";
        }
    }

    private static IEnumerable<string> Binding(ClientCredentialsOptions options)
    {
        if (!options.Dpop.Enabled && !options.CertificateBoundTokens)
        {
            yield return "whoever holds a token may use it; set Dpop:Enabled, or CertificateBoundTokens (FAPI 2.0 §5.3.2.1).";
        }

        if (options.Dpop is { Enabled: true, AllowBearer: true } && !options.CertificateBoundTokens)
        {
            yield return "Dpop:AllowBearer takes tokens that are not bound to a key (FAPI 2.0 §5.3.2.1).";
        }
    }

    private static IEnumerable<string> Signatures(ClientCredentialsOptions options)
    {
        (string Setting, string? Algorithm, bool IsUsed)[] all =
        [
            ("Assertion:Algorithm", options.Assertion.Algorithm, options.AuthenticationMethod == AuthenticationMethod.PrivateKeyJwt),
            ("Dpop:Algorithm", options.Dpop.Algorithm, options.Dpop.Enabled),
        ];
        return all
            .Where(one => one.IsUsed && !string.IsNullOrEmpty(one.Algorithm) && !Algorithms.Contains(one.Algorithm, StringComparer.OrdinalIgnoreCase))
            .Select(one => $"{one.Setting} is '{one.Algorithm}'; it must be {string.Join(" or ", Algorithms)} (FAPI 2.0 §5.4.1).");
    }

    private static IEnumerable<string> Addresses(ClientCredentialsOptions options)
    {
        if (options.AllowInsecureHttp)
        {
            yield return "AllowInsecureHttp is set too (FAPI 2.0 §5.2).";
        }

        (string Setting, Uri? Url)[] all =
        [
            ("TokenUrl", options.TokenUrl),
            ("MutualTlsTokenUrl", options.MutualTlsTokenUrl),
            ("Issuer", Uri.TryCreate(options.Issuer, UriKind.Absolute, out Uri? issuer) ? issuer : null),
            ("ApiUrl", options.ApiUrl),
            .. options.AllowedOrigins.Select(text => ("AllowedOrigins", Uri.TryCreate(text, UriKind.Absolute, out Uri? origin) ? origin : null)),
        ];
        foreach ((string setting, Uri? url) in all.Where(one => one.Url is { IsAbsoluteUri: true } url && url.Scheme == Uri.UriSchemeHttp))
        {
            yield return $"{setting} ({Origin.Of(url!)}) is http; it must be https, on loopback too (FAPI 2.0 §5.2).";
        }
    }
}
