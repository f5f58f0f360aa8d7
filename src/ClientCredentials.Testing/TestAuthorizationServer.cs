using System.Security.Cryptography.X509Certificates;
using ClientCredentials.Testing.Server;
using Microsoft.AspNetCore.Http;

namespace ClientCredentials.Testing;

/// <summary>
/// An OAuth 2.0 authorization server and an API that it protects, inside the test process. Its tokens are opaque and it really checks
/// them: that it issued them, that they live, that they were not revoked. Any number can run at a time, and none knows another's tokens.
/// </summary>
/// <example>
/// <code>
/// await using var server = await TestAuthorizationServer.StartAsync(o => o.AddClient("billing-app", "secret"));
/// server.TokenEndpoint.Fail(HttpStatusCode.ServiceUnavailable, times: 2);
/// </code>
/// </example>
public sealed class TestAuthorizationServer : IAsyncDisposable
{
    private const string TokenPath = "/oauth2/token";
    private const string ApiPath = "/api";

    private readonly TestServerOptions _options;
    private readonly TokenStore _tokens;
    private readonly ProtectedApi _api;
    private readonly Pipeline _tokenEndpoint;
    private readonly Pipeline _apiEndpoint;
    private readonly Pipeline _metadataEndpoint;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Authority> _authority = new(() => new Authority());
    private long _tokenLifetime;
    private Listener _listener = null!;
    private int _isDisposed;

    private TestAuthorizationServer(TestServerOptions options)
    {
        _options = options;
        TokenLifetime = options.TokenLifetime;
        _tokens = new TokenStore(options.TimeProvider);
        TokenEndpoint = new EndpointScript(options.LogCapacity, (_, _) => Refusal.BasicChallenge);
        Api = new EndpointScript(options.LogCapacity, (error, description) => Refusal.BearerChallenge(error, description));
        Metadata = new EndpointScript(options.LogCapacity, (_, _) => Refusal.BasicChallenge);
        var assertions = new AssertionCheck(options.TimeProvider, () => [Issuer, TokenUrl.AbsoluteUri]);
        var certificates = new CertificateCheck(() => _authority.Value, options.TimeProvider);
        var proofs = new DpopCheck(options.TimeProvider, () => BaseUrl);
        var provider = options.Provider is { Behavior: { } behavior } acted ? new ProviderAct(acted, behavior) : null;
        var issuer = new TokenIssuer(options.Clients, _tokens, assertions, certificates, proofs, TokenEndpoint.DpopNonces, options.TimeProvider, () => TokenLifetime, provider);
        _api = new ProtectedApi(_tokens, proofs, Api.DpopNonces, ApiPath);
        _tokenEndpoint = new Pipeline(TokenEndpoint, issuer.Identify, issuer.AnswerAsync, options, _stopping.Token);
        _apiEndpoint = new Pipeline(Api, _api.Identify, _api.AnswerAsync, options, _stopping.Token);
        _metadataEndpoint = new Pipeline(Metadata, _ => { }, new MetadataDocument(this).AnswerAsync, options, _stopping.Token);
    }

    /// <summary>Where the server is, such as <c>http://127.0.0.1:40123/</c>. In memory the port belongs to no socket, but differs from server to server.</summary>
    public Uri BaseUrl => _listener.BaseUrl;

    /// <summary>The token endpoint: <c>oauth2/token</c> below <see cref="BaseUrl"/>. A query is accepted and logged.</summary>
    public Uri TokenUrl => new(BaseUrl, TokenPath);

    /// <summary>The same token endpoint where a connection without a client certificate is refused, at a port of its own (<c>mtls_endpoint_aliases</c>, RFC 8705 §5);
    /// null without <see cref="TestServerOptions.UseHttps"/>.</summary>
    public Uri? MutualTlsTokenUrl => _listener.MutualTlsUrl is { } url ? new Uri(url, TokenPath) : null;

    /// <summary>The certificate of the authority that issues this server's certificate and those of <see cref="IssueClientCertificate"/>; each server has one of its own. It has no private key.</summary>
    public X509Certificate2 CertificateAuthority => _authority.Value.Certificate;

    /// <summary>The server's issuer identifier (RFC 8414 §2): <see cref="BaseUrl"/> without the slash at its end. An assertion is for this or for <see cref="TokenUrl"/>.</summary>
    public string Issuer => BaseUrl.GetLeftPart(UriPartial.Authority);

    /// <summary>The protected API: <c>api/</c> below <see cref="BaseUrl"/>. Every path below it answers a living token with 200 and JSON that
    /// tells <c>client_id</c>, <c>scope</c>, <c>method</c>, <c>path</c> and <c>body_length</c>.</summary>
    public Uri ApiUrl => new(BaseUrl, ApiPath + "/");

    /// <summary>What the token endpoint has received, and how it is to answer.</summary>
    public EndpointScript TokenEndpoint { get; }

    /// <summary>What the API has received, and how it is to answer.</summary>
    public EndpointScript Api { get; }

    /// <summary>What was asked at <c>/.well-known/oauth-authorization-server</c> (RFC 8414 §3) and <c>/.well-known/openid-configuration</c>, and how they are to answer.</summary>
    public EndpointScript Metadata { get; }

    /// <summary>How long new tokens live unless their client says otherwise. Defaults to 1 hour.</summary>
    public TimeSpan TokenLifetime
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _tokenLifetime));
        set => Interlocked.Exchange(ref _tokenLifetime, value.Ticks);
    }

    /// <summary>How many tokens are neither expired nor revoked.</summary>
    public int ActiveTokens => _tokens.Active;

    /// <summary>The registered client of an id.</summary>
    /// <param name="clientId">The <c>client_id</c>, which is case-sensitive.</param>
    /// <exception cref="KeyNotFoundException">There is no such client.</exception>
    public TestClient this[string clientId] => _options.Clients[clientId];

    /// <summary>Starts a server on a loopback port.</summary>
    /// <param name="configure">Registers clients and sets the rest.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static Task<TestAuthorizationServer> StartAsync(Action<TestServerOptions>? configure = null, CancellationToken cancellationToken = default)
        => StartAsync(configure, Listener.StartAsync, cancellationToken);

    /// <summary>Starts a server without a socket, which is reached only through <see cref="CreateHandler"/>.</summary>
    /// <param name="configure">Registers clients and sets the rest.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static Task<TestAuthorizationServer> StartInMemoryAsync(Action<TestServerOptions>? configure = null, CancellationToken cancellationToken = default)
        => StartAsync(configure, Listener.StartInMemoryAsync, cancellationToken);

    /// <summary>A new primary handler that reaches this server: in memory the only way, else a plain socket handler without a proxy, which trusts the server's authority and no other.</summary>
    public HttpMessageHandler CreateHandler() => _listener.CreateHandler();

    /// <summary>Makes a certificate, with its private key, that this server's authority has issued to a client (<see cref="ClientAuthentication.TlsClientAuth"/>).</summary>
    /// <param name="subject">The subject, such as <c>CN=billing, O=Example</c>.</param>
    /// <param name="notBefore">From when on it is good. Defaults to the year 2000.</param>
    /// <param name="notAfter">Until when it is good. Defaults to the end of 2049.</param>
    public X509Certificate2 IssueClientCertificate(string subject, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null)
        => _authority.Value.IssueClientCertificate(subject, notBefore ?? Authority.Beginning, notAfter ?? Authority.End);

    /// <summary>Makes a certificate, with its private key, that nobody but its own key vouches for (<see cref="ClientAuthentication.SelfSignedTlsClientAuth"/>).</summary>
    /// <param name="subject">The subject, such as <c>CN=billing</c>.</param>
    /// <param name="notBefore">From when on it is good. Defaults to the year 2000.</param>
    /// <param name="notAfter">Until when it is good. Defaults to the end of 2049.</param>
    public static X509Certificate2 CreateSelfSignedCertificate(string subject, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null)
        => Authority.SelfSigned(subject, notBefore ?? Authority.Beginning, notAfter ?? Authority.End);

    /// <summary>Registers a client, also while the server runs. Tokens of a client that it replaces stay good.</summary>
    /// <param name="clientId">The <c>client_id</c>; another client of this id is replaced.</param>
    /// <param name="clientSecret">The <c>client_secret</c>; a client without one sends its id alone.</param>
    /// <param name="configure">Sets the rest, before the server sees the client.</param>
    public TestClient AddClient(string clientId, string? clientSecret = null, Action<TestClient>? configure = null)
        => _options.Clients.Add(clientId, clientSecret, configure);

    /// <summary>Makes the API ask for a scope: tokens without it get 403 <c>insufficient_scope</c>.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="path">The path below <see cref="ApiUrl"/> that asks for it, with all below that; of several that fit, the longest decides. Defaults to the whole API.</param>
    public void RequireScope(string scope, string path = "") => _api.RequireScope(path, scope);

    /// <summary>Revokes one token, of which the API answers 401 <c>invalid_token</c> from now on.</summary>
    /// <param name="token">The token's text.</param>
    /// <returns>Whether it was a living token of this server.</returns>
    public bool Revoke(string token) => _tokens.Revoke(token);

    /// <summary>Revokes every token.</summary>
    /// <returns>How many were living.</returns>
    public int RevokeAllTokens() => _tokens.RevokeAll();

    /// <summary>Stops the server at once: hanging, held and delayed requests end without an answer.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        TokenEndpoint.Log.Close();
        Api.Log.Close();
        Metadata.Log.Close();
        await _listener.DisposeAsync().ConfigureAwait(false);
        TokenEndpoint.Log.Settle();
        Api.Log.Settle();
        Metadata.Log.Settle();
        if (_authority.IsValueCreated)
        {
            _authority.Value.Dispose();
        }

        _stopping.Dispose();
    }

    private static async Task<TestAuthorizationServer> StartAsync(
        Action<TestServerOptions>? configure, Func<TestServerOptions, Func<Authority>, RequestDelegate, CancellationToken, Task<Listener>> start, CancellationToken cancellationToken)
    {
        var options = new TestServerOptions();
        configure?.Invoke(options);
        var server = new TestAuthorizationServer(options);
        server._listener = await start(options, () => server._authority.Value, server.RouteAsync, cancellationToken).ConfigureAwait(false);
        return server;
    }

    private Task RouteAsync(HttpContext context)
    {
        if (context.Request.Path.Equals(TokenPath, StringComparison.Ordinal))
        {
            return _tokenEndpoint.RunAsync(context);
        }

        if (context.Request.Path.StartsWithSegments(ApiPath, StringComparison.Ordinal))
        {
            return _apiEndpoint.RunAsync(context);
        }

        if (MetadataDocument.IsAt(context.Request.Path))
        {
            return _metadataEndpoint.RunAsync(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
