using System.Net;

namespace ClientCredentials.Clients;

/// <summary>One valid version of the settings of a client and profile. Never changes.</summary>
internal sealed class Settings
{
    private readonly string?[] _values;
    private volatile bool _usesAlternateSecret;

    public Settings(string client, string? profile, bool isActive, ClientCredentialsOptions options, Settings? previous = null)
    {
        Client = client;
        Profile = profile;
        IsActive = isActive;
        Options = options;
        _values = ClientSchema.Values(options);
        Identity = previous is not null && ClientSchema.SameIdentity(_values, previous._values) ? previous.Identity : new Identity();
        Line = previous?.Line ?? new object();
        PresentsCertificate = CertificateRules.IsWanted(options);
        Uri? tokenUrl = PresentsCertificate && options.MutualTlsTokenUrl is { OriginalString.Length: > 0 } alias ? alias : options.TokenUrl;
        TokenUrl = tokenUrl is { IsAbsoluteUri: true } url ? WithQuery(url, options.TokenRequest.Query) : null;
        RequestScopes = options.IncludeScope ? [.. options.Scopes.Distinct(StringComparer.Ordinal)] : [];
        Origins = [.. AllowedOrigins(options)];
        RenewOn = [.. options.RenewOn];
        ApiBase = BaseOf(options.ApiUrl);
        ApiOrigin = ApiBase is null ? null : Origin.Of(ApiBase);
    }

    public string Client { get; }

    public string? Profile { get; }

    /// <summary>The profile as logs show it.</summary>
    public string ProfileName => Profile ?? LiveSettings.NoProfile;

    public bool IsActive { get; }

    /// <summary>Whether the client is not configured, but was found by code.</summary>
    public bool IsResolved { get; init; }

    /// <summary>The client's name as metrics show it: tenants must not become a series each.</summary>
    public string Label => IsResolved ? "(resolved)" : Client;

    public ClientCredentialsOptions Options { get; }

    public Identity Identity { get; }

    /// <summary>One and the same for all versions of the settings of a client and profile, until the client is forgotten: what is to outlive a version hangs on it.</summary>
    public object Line { get; }

    /// <summary>
    /// The token URL, for a certificate the one for certificates, with the parameters that are added to its query; null where the issuer's metadata names it, or the client is not enabled.
    /// </summary>
    public Uri? TokenUrl { get; }

    /// <summary>Whether the client presents a certificate to the token endpoint (RFC 8705).</summary>
    public bool PresentsCertificate { get; }

    public IReadOnlyList<string> RequestScopes { get; }

    public Origin[] Origins { get; }

    public HttpStatusCode[] RenewOn { get; }

    /// <summary>Whether the server takes the alternate secret and not the usual one. The one thing that is learned and not set; other settings begin with the usual one again.</summary>
    public bool UsesAlternateSecret
    {
        get => _usesAlternateSecret;
        set => _usesAlternateSecret = value;
    }

    public bool SameAs(Settings other) => _values.AsSpan().SequenceEqual(other._values);

    /// <summary>The API's address as a base: with a slash at its end, so that relative paths go below it and not beside it.</summary>
    public Uri? ApiBase { get; }

    /// <summary>The origin of the API's address.</summary>
    public Origin? ApiOrigin { get; }

    public static Uri? BaseOf(Uri? url)
    {
        if (!Origin.IsHttp(url))
        {
            return null;
        }

        return url.AbsolutePath.EndsWith('/') ? url : new UriBuilder(url) { Path = url.AbsolutePath + "/" }.Uri;
    }

    private static IEnumerable<Origin> AllowedOrigins(ClientCredentialsOptions options)
    {
        if (Origin.IsHttp(options.ApiUrl))
        {
            yield return Origin.Of(options.ApiUrl);
        }

        foreach (string text in options.AllowedOrigins)
        {
            if (Origin.Parse(text, out Origin? origin) is null)
            {
                yield return origin!;
            }
        }
    }

    // What the URL has stays as it was written, byte for byte; the parameters follow it (RFC 6749 §3.2).
    public static Uri WithQuery(Uri url, IDictionary<string, string> parameters)
    {
        string added = string.Join('&', parameters
            .Where(parameter => parameter.Value.Length > 0)
            .Select(parameter => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(parameter.Value)}"));
        if (added.Length == 0)
        {
            return url;
        }

        string written = url.OriginalString;
        int queryAt = written.IndexOf('?', StringComparison.Ordinal);
        string mark = queryAt < 0 ? "?" : queryAt == written.Length - 1 || written.EndsWith('&') ? "" : "&";
        return new Uri($"{written}{mark}{added}");
    }
}
