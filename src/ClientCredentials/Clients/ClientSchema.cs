namespace ClientCredentials.Clients;

/// <summary>Every setting of a client, one row each.</summary>
internal static class ClientSchema
{
    /// <summary>The key below a client under which its profiles are.</summary>
    public const string Profiles = "Profiles";

    private const string Key = nameof(ClientCredentialsOptions.Key);
    private const string Certificate = nameof(ClientCredentialsOptions.Certificate);
    private const string Assertion = nameof(ClientCredentialsOptions.Assertion);
    private const string Dpop = nameof(ClientCredentialsOptions.Dpop);

    public static readonly IReadOnlyList<Setting> Rows =
    [
        Setting.Word(nameof(ClientCredentialsOptions.DisplayName), o => o.DisplayName, (o, v) => o.DisplayName = v),
        Setting.Word(nameof(ClientCredentialsOptions.Category), o => o.Category, (o, v) => o.Category = v),
        Setting.Word(nameof(ClientCredentialsOptions.Description), o => o.Description, (o, v) => o.Description = v),
        Setting.Flag(nameof(ClientCredentialsOptions.Enabled), o => o.Enabled, (o, v) => o.Enabled = v) with { Identifies = true },
        Setting.Word(nameof(ClientCredentialsOptions.Profile), o => o.Profile, (o, v) => o.Profile = v),

        Setting.Address(nameof(ClientCredentialsOptions.TokenUrl), o => o.TokenUrl, (o, v) => o.TokenUrl = v) with { Identifies = true },
        Setting.Word(nameof(ClientCredentialsOptions.ClientId), o => o.ClientId, (o, v) => o.ClientId = v) with { Identifies = true },
        Setting.Word(nameof(ClientCredentialsOptions.ClientSecret), o => o.ClientSecret, (o, v) => o.ClientSecret = v),
        Setting.Word(nameof(ClientCredentialsOptions.AlternateClientSecret), o => o.AlternateClientSecret, (o, v) => o.AlternateClientSecret = v),
        Setting.Word(nameof(ClientCredentialsOptions.ClientSecretName), o => o.ClientSecretName, (o, v) => o.ClientSecretName = v),
        Setting.Choice(
            nameof(ClientCredentialsOptions.AuthenticationMethod),
            o => o.AuthenticationMethod,
            (o, v) => o.AuthenticationMethod = v,
            AuthenticationWords.All) with { Identifies = true },
        Setting.Choice(
            nameof(ClientCredentialsOptions.BasicEncoding),
            o => o.BasicEncoding,
            (o, v) => o.BasicEncoding = v,
            (nameof(BasicEncoding.FormUrlEncoded), BasicEncoding.FormUrlEncoded),
            (nameof(BasicEncoding.Raw), BasicEncoding.Raw)),

        .. KeyRows(Key, o => o.Key),

        Setting.Word($"{Certificate}:{nameof(CertificateOptions.PemFile)}", o => o.Certificate.PemFile, (o, v) => o.Certificate.PemFile = v) with { Identifies = true },
        Setting.Word($"{Certificate}:{nameof(CertificateOptions.KeyFile)}", o => o.Certificate.KeyFile, (o, v) => o.Certificate.KeyFile = v),
        Setting.Word($"{Certificate}:{nameof(CertificateOptions.Pem)}", o => o.Certificate.Pem, (o, v) => o.Certificate.Pem = v) with { Identifies = true },
        Setting.Word($"{Certificate}:{nameof(CertificateOptions.Pkcs12File)}", o => o.Certificate.Pkcs12File, (o, v) => o.Certificate.Pkcs12File = v) with { Identifies = true },
        Setting.Word($"{Certificate}:{nameof(CertificateOptions.StoreThumbprint)}", o => o.Certificate.StoreThumbprint, (o, v) => o.Certificate.StoreThumbprint = v) with { Identifies = true },
        Setting.Word($"{Certificate}:{nameof(CertificateOptions.Password)}", o => o.Certificate.Password, (o, v) => o.Certificate.Password = v),
        Setting.Flag(nameof(ClientCredentialsOptions.CertificateBoundTokens), o => o.CertificateBoundTokens, (o, v) => o.CertificateBoundTokens = v) with { Identifies = true },
        Setting.Address(nameof(ClientCredentialsOptions.MutualTlsTokenUrl), o => o.MutualTlsTokenUrl, (o, v) => o.MutualTlsTokenUrl = v) with { Identifies = true },

        Setting.Word($"{Assertion}:{nameof(AssertionOptions.Algorithm)}", o => o.Assertion.Algorithm, (o, v) => o.Assertion.Algorithm = v),
        Setting.Word($"{Assertion}:{nameof(AssertionOptions.Audience)}", o => o.Assertion.Audience, (o, v) => o.Assertion.Audience = v),
        Setting.Duration($"{Assertion}:{nameof(AssertionOptions.Lifetime)}", o => o.Assertion.Lifetime, (o, v) => o.Assertion.Lifetime = v),
        Setting.Duration($"{Assertion}:{nameof(AssertionOptions.BackdateIssuedAt)}", o => o.Assertion.BackdateIssuedAt, (o, v) => o.Assertion.BackdateIssuedAt = v),
        Setting.Flag($"{Assertion}:{nameof(AssertionOptions.IncludeNotBefore)}", o => o.Assertion.IncludeNotBefore, (o, v) => o.Assertion.IncludeNotBefore = v),
        Setting.Word($"{Assertion}:{nameof(AssertionOptions.Type)}", o => o.Assertion.Type, (o, v) => o.Assertion.Type = v ?? ""),
        Setting.Word($"{Assertion}:{nameof(AssertionOptions.File)}", o => o.Assertion.File, (o, v) => o.Assertion.File = v),

        // A token is bound to its key: with another key, or none, it is another token.
        Setting.Flag($"{Dpop}:{nameof(DpopOptions.Enabled)}", o => o.Dpop.Enabled, (o, v) => o.Dpop.Enabled = v) with { Identifies = true },
        Setting.Flag($"{Dpop}:{nameof(DpopOptions.AllowBearer)}", o => o.Dpop.AllowBearer, (o, v) => o.Dpop.AllowBearer = v) with { Identifies = true },
        Setting.Word($"{Dpop}:{nameof(DpopOptions.Algorithm)}", o => o.Dpop.Algorithm, (o, v) => o.Dpop.Algorithm = v) with { Identifies = true },
        .. KeyRows($"{Dpop}:{Key}", o => o.Dpop.Key).Select(row => row with { Identifies = true }),

        Setting.Word(nameof(ClientCredentialsOptions.Issuer), o => o.Issuer, (o, v) => o.Issuer = v) with { Identifies = true },

        Setting.List(nameof(ClientCredentialsOptions.Scopes), o => o.Scopes, separator: ' ') with { Identifies = true },
        Setting.Flag(nameof(ClientCredentialsOptions.IncludeScope), o => o.IncludeScope, (o, v) => o.IncludeScope = v) with { Identifies = true },
        Setting.List(nameof(ClientCredentialsOptions.RequiredScopes), o => o.RequiredScopes, separator: ' ') with { Identifies = true },
        Setting.Word(nameof(ClientCredentialsOptions.Audience), o => o.Audience, (o, v) => o.Audience = v) with { Identifies = true },
        Setting.List(nameof(ClientCredentialsOptions.Resources), o => o.Resources) with { Identifies = true },
        Setting.Word(nameof(ClientCredentialsOptions.AuthorizationDetails), o => o.AuthorizationDetails, (o, v) => o.AuthorizationDetails = v) with { Identifies = true },
        Setting.Word(
            $"{nameof(ClientCredentialsOptions.TokenRequest)}:{nameof(TokenRequestOptions.GrantType)}",
            o => o.TokenRequest.GrantType,
            (o, v) => o.TokenRequest.GrantType = v ?? "") with { Identifies = true },
        Setting.Map($"{nameof(ClientCredentialsOptions.TokenRequest)}:{nameof(TokenRequestOptions.Query)}", o => o.TokenRequest.Query) with { Identifies = true },
        Setting.Map($"{nameof(ClientCredentialsOptions.TokenRequest)}:{nameof(TokenRequestOptions.Form)}", o => o.TokenRequest.Form) with { Identifies = true },
        Setting.Map($"{nameof(ClientCredentialsOptions.TokenRequest)}:{nameof(TokenRequestOptions.Headers)}", o => o.TokenRequest.Headers) with { Identifies = true },

        Setting.Number(nameof(ClientCredentialsOptions.MaxRetries), o => o.MaxRetries, (o, v) => o.MaxRetries = v),
        Setting.Duration(nameof(ClientCredentialsOptions.RetryDelay), o => o.RetryDelay, (o, v) => o.RetryDelay = v),
        Setting.Duration(nameof(ClientCredentialsOptions.AttemptTimeout), o => o.AttemptTimeout, (o, v) => o.AttemptTimeout = v),
        Setting.Duration(nameof(ClientCredentialsOptions.MaxWait), o => o.MaxWait, (o, v) => o.MaxWait = v),

        Setting.Duration(nameof(ClientCredentialsOptions.RefreshBefore), o => o.RefreshBefore, (o, v) => o.RefreshBefore = v),
        Setting.Duration(nameof(ClientCredentialsOptions.DefaultTokenLifetime), o => o.DefaultTokenLifetime, (o, v) => o.DefaultTokenLifetime = v),
        Setting.Duration(nameof(ClientCredentialsOptions.MaxTokenLifetime), o => o.MaxTokenLifetime, (o, v) => o.MaxTokenLifetime = v),
        Setting.List(nameof(ClientCredentialsOptions.TokenTypeAliases), o => o.TokenTypeAliases),

        Setting.Address(nameof(ClientCredentialsOptions.ApiUrl), o => o.ApiUrl, (o, v) => o.ApiUrl = v),
        Setting.List(nameof(ClientCredentialsOptions.AllowedOrigins), o => o.AllowedOrigins),
        Setting.Map(nameof(ClientCredentialsOptions.ApiHeaders), o => o.ApiHeaders),
        Setting.Statuses(nameof(ClientCredentialsOptions.RenewOn), o => o.RenewOn),
        Setting.Flag(nameof(ClientCredentialsOptions.KeepOwnAuthorization), o => o.KeepOwnAuthorization, (o, v) => o.KeepOwnAuthorization = v),
        Setting.Flag(nameof(ClientCredentialsOptions.Fapi2), o => o.Fapi2, (o, v) => o.Fapi2 = v),
        Setting.Flag(nameof(ClientCredentialsOptions.AllowInsecureHttp), o => o.AllowInsecureHttp, (o, v) => o.AllowInsecureHttp = v),
    ];

    /// <summary>The settings that prove who the client is; on the client itself they serve the active profile only.</summary>
    public static void CopyCredentials(ClientCredentialsOptions from, ClientCredentialsOptions to)
    {
        to.ClientSecret = from.ClientSecret;
        to.AlternateClientSecret = from.AlternateClientSecret;
        to.ClientSecretName = from.ClientSecretName;
        to.Certificate.PemFile = from.Certificate.PemFile;
        to.Certificate.KeyFile = from.Certificate.KeyFile;
        to.Certificate.Pem = from.Certificate.Pem;
        to.Certificate.Pkcs12File = from.Certificate.Pkcs12File;
        to.Certificate.StoreThumbprint = from.Certificate.StoreThumbprint;
        to.Certificate.Password = from.Certificate.Password;
        to.Assertion.File = from.Assertion.File;
        CopyKey(from.Key, to.Key);
        CopyKey(from.Dpop.Key, to.Dpop.Key);
    }

    /// <summary>All values as text: equal where, and only where, two versions of the settings are.</summary>
    public static string?[] Values(ClientCredentialsOptions options) => [.. Rows.Select(row => row.Text(options))];

    /// <summary>The values that identify the client and the kind of its tokens.</summary>
    public static bool SameIdentity(string?[] a, string?[] b) =>
        Rows.Select((row, index) => !row.Identifies || a[index] == b[index]).All(same => same);

    private static Setting[] KeyRows(string prefix, Func<ClientCredentialsOptions, KeyOptions> key) =>
    [
        Setting.Word($"{prefix}:{nameof(KeyOptions.Pem)}", o => key(o).Pem, (o, v) => key(o).Pem = v),
        Setting.Word($"{prefix}:{nameof(KeyOptions.PemFile)}", o => key(o).PemFile, (o, v) => key(o).PemFile = v),
        Setting.Word($"{prefix}:{nameof(KeyOptions.Pkcs12File)}", o => key(o).Pkcs12File, (o, v) => key(o).Pkcs12File = v),
        Setting.Word($"{prefix}:{nameof(KeyOptions.Jwk)}", o => key(o).Jwk, (o, v) => key(o).Jwk = v),
        Setting.Word($"{prefix}:{nameof(KeyOptions.JwkFile)}", o => key(o).JwkFile, (o, v) => key(o).JwkFile = v),
        Setting.Word($"{prefix}:{nameof(KeyOptions.StoreThumbprint)}", o => key(o).StoreThumbprint, (o, v) => key(o).StoreThumbprint = v),
        Setting.Word($"{prefix}:{nameof(KeyOptions.Password)}", o => key(o).Password, (o, v) => key(o).Password = v),
        Setting.Word($"{prefix}:{nameof(KeyOptions.KeyId)}", o => key(o).KeyId, (o, v) => key(o).KeyId = v),
    ];

    private static void CopyKey(KeyOptions from, KeyOptions to)
    {
        to.Pem = from.Pem;
        to.PemFile = from.PemFile;
        to.Pkcs12File = from.Pkcs12File;
        to.Jwk = from.Jwk;
        to.JwkFile = from.JwkFile;
        to.StoreThumbprint = from.StoreThumbprint;
        to.Password = from.Password;
        to.KeyId = from.KeyId;
    }
}
