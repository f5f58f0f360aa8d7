using System.Diagnostics;
using System.Net;
using System.Text.Json.Serialization;

namespace ClientCredentials;

/// <summary>The settings of one client: what the app is at an authorization server, how it asks for tokens, and where they may go.</summary>
/// <remarks>Bound from <c>ClientCredentials:Clients:{name}</c>, then from the active profile below it, then set by code.</remarks>
public sealed class ClientCredentialsOptions
{
    /// <summary>A name for people, shown in the status. Defaults to the client's name.</summary>
    public string? DisplayName { get; set; }

    /// <summary>A heading under which a status page may group the client. Defaults to none.</summary>
    public string? Category { get; set; }

    /// <summary>What the client is for, shown in the status. Defaults to none.</summary>
    public string? Description { get; set; }

    /// <summary>Whether the client may be used. When false its settings are not validated, every request fails and nothing is sent. Defaults to true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The active profile of this client. Defaults to <c>ClientCredentials:Profile</c>, else to the host's environment name. Read once, at start.</summary>
    public string? Profile { get; set; }

    /// <summary>The token endpoint (RFC 6749 §3.2): https, or http on loopback; no fragment; a query is kept as it is. Required, unless there is an <see cref="Issuer"/> whose metadata names it.</summary>
    public Uri? TokenUrl { get; set; }

    /// <summary>The client identifier (RFC 6749 §2.2). Required.</summary>
    public string? ClientId { get; set; }

    /// <summary>The client secret (RFC 6749 §2.3.1). Keep it out of files that are checked in. Defaults to none.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? ClientSecret { get; set; }

    /// <summary>The previous or the next secret, so that a rotation needs no moment at which app and server change together: tried once where the server does not take the usual one, and used while it works. Defaults to none.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? AlternateClientSecret { get; set; }

    /// <summary>The name under which the secret store (<c>UseSecretStore</c>) keeps the client secret, asked once per token fetch. Defaults to none.</summary>
    public string? ClientSecretName { get; set; }

    /// <summary>The key that the client signs with (<see cref="AuthenticationMethod.PrivateKeyJwt"/>).</summary>
    public KeyOptions Key { get; } = new();

    /// <summary>What the client's assertion says, or where it comes from, where the client proves itself by one.</summary>
    public AssertionOptions Assertion { get; } = new();

    /// <summary>Tokens that are bound to a key of the client's (DPoP, RFC 9449).</summary>
    public DpopOptions Dpop { get; } = new();

    /// <summary>The certificate that the client presents (<see cref="AuthenticationMethod.TlsClientAuth"/>, <see cref="AuthenticationMethod.SelfSignedTlsClientAuth"/>, <see cref="CertificateBoundTokens"/>).</summary>
    public CertificateOptions Certificate { get; } = new();

    /// <summary>
    /// Whether the server binds the client's tokens to its certificate (RFC 8705 §3), which is then presented to the API too. With this a client that proves itself otherwise may have
    /// a certificate as well. A token that is a JWT with <c>cnf</c> <c>x5t#S256</c> is known to be bound without it. Defaults to false.
    /// </summary>
    public bool CertificateBoundTokens { get; set; }

    /// <summary>The token endpoint for a client that presents a certificate, where it is another (<c>mtls_endpoint_aliases</c>, RFC 8705 §5): https. Defaults to <see cref="TokenUrl"/>.</summary>
    public Uri? MutualTlsTokenUrl { get; set; }

    /// <summary>The server's issuer identifier (RFC 8414 §2), an https URL exactly as the server writes it, slashes included. It becomes the audience of assertions, and where there is no <see cref="TokenUrl"/>, its metadata names the token endpoint (RFC 8414, OpenID Connect Discovery 1.0). Defaults to none.</summary>
    public string? Issuer { get; set; }

    /// <summary>How the client proves who it is. Defaults to <see cref="AuthenticationMethod.ClientSecretBasic"/>.</summary>
    public AuthenticationMethod AuthenticationMethod { get; set; }

    /// <summary>How id and secret are written into the Basic header. Defaults to <see cref="BasicEncoding.FormUrlEncoded"/>.</summary>
    public BasicEncoding BasicEncoding { get; set; }

    /// <summary>The scopes asked for (RFC 6749 §3.3): at most 500, of at most 250 characters each. In configuration an array, or one text separated by spaces. Defaults to none.</summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>Whether the scopes are sent. Defaults to true.</summary>
    public bool IncludeScope { get; set; } = true;

    /// <summary>Scopes without which a token is useless: a token that was granted less is refused. Defaults to none, so a smaller grant is only a warning.</summary>
    public IList<string> RequiredScopes { get; } = [];

    /// <summary>The <c>audience</c> parameter, as Auth0 and others want it. Defaults to none.</summary>
    public string? Audience { get; set; }

    /// <summary>The <c>resource</c> parameters (RFC 8707 §2): absolute URIs without a fragment, each sent as a parameter of its own. Defaults to none.</summary>
    public IList<string> Resources { get; } = [];

    /// <summary>
    /// The <c>authorization_details</c> parameter (RFC 9396): a JSON array of objects, each with a <c>type</c>, as text. What the server granted is in <see cref="AccessToken.Response"/>. Defaults to none.
    /// </summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? AuthorizationDetails { get; set; }

    /// <summary>What else goes into the token request: grant type, query and form parameters, headers.</summary>
    public TokenRequestOptions TokenRequest { get; } = new();

    /// <summary>How often a failed token request is tried again, where that can help. 0 to 10. Defaults to 3.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>The pause before the first retry; it doubles with each further one, with jitter. A longer <c>Retry-After</c> of the server goes first. 0 to 1 minute. Defaults to 0.5 seconds.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long one token request may take. 0.1 seconds to 10 minutes, and no longer than <see cref="MaxWait"/>. Defaults to 10 seconds.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long getting a token may take in all: secret store, attempts and pauses. 0.1 seconds to 10 minutes. Defaults to 1 minute.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How early a token is renewed, at most; never earlier than in the last fifth of its life. 0 to 1 hour. Defaults to 60 seconds.</summary>
    public TimeSpan RefreshBefore { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a token is taken to live when the server does not say and the token is no JWT that does. 1 second to <see cref="MaxTokenLifetime"/>. Defaults to 5 minutes.</summary>
    public TimeSpan DefaultTokenLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest life believed, whatever the server says. 1 second to 30 days. Defaults to 24 hours.</summary>
    public TimeSpan MaxTokenLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Values of <c>token_type</c> that mean Bearer at this server, such as <c>BearerToken</c> or <c>Application Access Token</c>. Defaults to none.</summary>
    public IList<string> TokenTypeAliases { get; } = [];

    /// <summary>Where the protected API is. Becomes the base address of the HttpClient that has none (with a trailing slash), and an origin that tokens may go to. Defaults to none.</summary>
    public Uri? ApiUrl { get; set; }

    /// <summary>Further origins that tokens may go to: <c>https://host</c>, <c>https://host:port</c>, <c>https://*.my.example.com</c>, or <c>*</c> for every https origin. Defaults to none.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Headers, such as a subscription key, that go where the token goes and nowhere else. So that no redirect takes them along, an HttpClient whose client has any follows none, unless its primary handler is the app's own. Defaults to none.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IDictionary<string, string> ApiHeaders { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The answers of the API after which the token is renewed and the request sent once more. Empty turns renewal off. Defaults to 401.</summary>
    public IList<HttpStatusCode> RenewOn { get; } = [HttpStatusCode.Unauthorized];

    /// <summary>Whether a request that comes with an <c>Authorization</c> header of its own is nothing to warn about. It is sent as it is either way. Defaults to false.</summary>
    public bool KeepOwnAuthorization { get; set; }

    /// <summary>
    /// Whether settings that break a rule of the FAPI 2.0 Security Profile are refused: a method without a shared secret (§5.3.2.1), tokens bound to a key or certificate (§5.3.2.1), the issuer as the audience of
    /// assertions (§5.3.3.1), PS256 or ES256 (§5.4.1), https everywhere (§5.2). It changes nothing that is sent. Defaults to false.
    /// </summary>
    public bool Fapi2 { get; set; }

    /// <summary>Whether http, rather than https, may be used beyond loopback, for the token endpoint and the API alike. Defaults to false.</summary>
    public bool AllowInsecureHttp { get; set; }
}
