namespace ClientCredentials.Clients;

/// <summary>The rules for client certificates: one is there where it is wanted, and only there, and the addresses can be reached with it (RFC 8705).</summary>
internal static class CertificateRules
{
    /// <summary>The method of the builder that hands a certificate out.</summary>
    public const string UseCertificate = nameof(UseCertificate);

    private const string Missing =
        "a certificate is missing: set one of Certificate:PemFile, Certificate:Pkcs12File, Certificate:StoreThumbprint or Certificate:Pem (the last not in a file that is checked in), or call UseCertificate.";

    /// <summary>Whether the client presents a certificate to the token endpoint.</summary>
    public static bool IsWanted(ClientCredentialsOptions options) => options.CertificateBoundTokens || IsMethod(options.AuthenticationMethod);

    /// <param name="handedOut">The methods of the builder that hand credentials out for the client and profile.</param>
    /// <param name="isActive">Whether it is about the active profile.</param>
    /// <param name="options">The settings.</param>
    public static IEnumerable<string> Problems(IEnumerable<string> handedOut, bool isActive, ClientCredentialsOptions options)
    {
        string[] given = [.. GivenSources.Of(options.Certificate).Select(one => one.Setting), .. handedOut.Where(method => method == UseCertificate)];
        return IsWanted(options)
            ? Presence(given, isActive).Concat(Files(options.Certificate)).Concat(Addresses(options))
            : Needless(given, options);
    }

    private static IEnumerable<string> Presence(string[] given, bool isActive) => given.Length switch
    {
        0 when isActive => [Missing],
        > 1 => [$"{string.Join(" and ", given)} are set, and only one can be the certificate; an empty value in a later layer clears an earlier one."],
        _ => [],
    };

    private static IEnumerable<string> Files(CertificateOptions certificate)
    {
        if (!string.IsNullOrEmpty(certificate.KeyFile) && string.IsNullOrEmpty(certificate.PemFile))
        {
            yield return "Certificate:KeyFile is set without Certificate:PemFile, whose private key it holds.";
        }
    }

    private static IEnumerable<string> Addresses(ClientCredentialsOptions options)
    {
        (string Setting, Uri? Url)[] all =
        [
            (nameof(options.TokenUrl), string.IsNullOrEmpty(options.MutualTlsTokenUrl?.OriginalString) ? options.TokenUrl : null),
            (nameof(options.MutualTlsTokenUrl), options.MutualTlsTokenUrl),
            (nameof(options.ApiUrl), options.CertificateBoundTokens ? options.ApiUrl : null),
        ];
        return all
            .Where(one => Origin.IsHttp(one.Url) && one.Url.Scheme != Uri.UriSchemeHttps)
            .Select(one => $"{one.Setting} ({Origin.Shown(one.Url!)}) is http, over which no certificate can be presented; use https.");
    }

    private static IEnumerable<string> Needless(string[] given, ClientCredentialsOptions options)
    {
        foreach (string source in given)
        {
            yield return $"{source} is set, but AuthenticationMethod is {AuthenticationWords.Of(options.AuthenticationMethod)}; it is for tls_client_auth and self_signed_tls_client_auth, and for CertificateBoundTokens. An empty value in a later layer clears an earlier one.";
        }

        if (options.MutualTlsTokenUrl is { OriginalString.Length: > 0 })
        {
            yield return "MutualTlsTokenUrl is set, but the client presents no certificate; it is for tls_client_auth and self_signed_tls_client_auth, and for CertificateBoundTokens.";
        }
    }

    private static bool IsMethod(AuthenticationMethod method) => method is AuthenticationMethod.TlsClientAuth or AuthenticationMethod.SelfSignedTlsClientAuth;
}
