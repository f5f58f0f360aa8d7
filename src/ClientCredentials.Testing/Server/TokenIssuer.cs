using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ClientCredentials.Testing.Server;

/// <summary>The token endpoint: strict as a good server is (RFC 6749 §3.2, §4.4, §5).</summary>
internal sealed class TokenIssuer(
    ClientRegister clients,
    TokenStore tokens,
    AssertionCheck assertions,
    CertificateCheck certificates,
    DpopCheck proofs,
    DpopNonces nonces,
    TimeProvider clock,
    Func<TimeSpan> lifetime,
    ProviderAct? provider)
{
    private static readonly string[] Repeatable = ["resource", "audience"];
    private static readonly string[] NeverInQuery = ["client_id", "client_secret", "client_assertion"];

    public void Identify(ReceivedRequest request)
    {
        request.Credentials = PresentedCredentials.Read(request, clients, provider?.RawBasic ?? false);
        request.ClientId = request.Credentials.Id;
    }

    public Task AnswerAsync(HttpContext context, ReceivedRequest request)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsPost(request.Method))
        {
            context.Response.Headers.Allow = "POST";
            return Answer.WriteAsync(context, new Refusal(HttpStatusCode.MethodNotAllowed, "invalid_request", "The token endpoint takes POST only."));
        }

        if (CheckForm(context, request) is { } malformed)
        {
            return RefuseAsync(context, malformed);
        }

        var credentials = request.Credentials!;
        var client = credentials.Id is null ? null : clients.Find(credentials.Id);
        var refusal = ClientCheck.Check(credentials, client, assertions, certificates, request.Certificate)
            ?? provider?.Check(request, credentials)
            ?? CheckGrant(client!, request, provider?.GrantType);
        if (refusal is not null)
        {
            return RefuseAsync(context, refusal);
        }

        var scope = Grant(client!, NotEmpty(request.FormValue("scope")), out refusal);
        if (refusal is not null)
        {
            return RefuseAsync(context, refusal);
        }

        var thumbprint = Bind(context, client!, request, out refusal);
        return refusal is null
            ? IssueAsync(context, client!, scope, request, thumbprint)
            : RefuseAsync(context, refusal);
    }

    private Task RefuseAsync(HttpContext context, Refusal refusal)
        => provider is null ? Answer.WriteAsync(context, refusal) : provider.RefuseAsync(context, refusal);

    /// <summary>The thumbprint of the key that the token is to be bound to; null for none.</summary>
    private string? Bind(HttpContext context, TestClient client, ReceivedRequest request, out Refusal? refusal)
    {
        refusal = null;
        var has = request.Headers.ContainsKey(DpopCheck.Header);
        if (client.Dpop == ClientDpop.Ignored || (client.Dpop == ClientDpop.Accepted && !has))
        {
            return null;
        }

        var proven = has ? proofs.Check(request, token: null, nonces) : new(null, "invalid_dpop_proof", "The client must prove that it has a key.");
        if (nonces.Next() is { } nonce)
        {
            context.Response.Headers[DpopCheck.NonceHeader] = nonce;
        }

        refusal = proven.Error is null ? null : Refusal.BadRequest(proven.Error, proven.Problem!);
        return proven.Thumbprint;
    }

    private static Refusal? CheckForm(HttpContext context, ReceivedRequest request)
    {
        if (!request.HasForm)
        {
            return Refusal.InvalidRequest("The body must be application/x-www-form-urlencoded.");
        }

        if (request.BodyLength > BodyReader.MostKept)
        {
            return Refusal.InvalidRequest("The body is too long.");
        }

        if (Form.Read(request.Body) is null)
        {
            return Refusal.InvalidRequest("The form is malformed.");
        }

        if (Array.Find(NeverInQuery, name => context.Request.Query.ContainsKey(name)) is { } secret)
        {
            return Refusal.InvalidRequest($"The parameter '{secret}' must not be in the query.");
        }

        var repeated = request.Form.GroupBy(pair => pair.Key, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() > 1 && !Repeatable.Contains(group.Key, StringComparer.Ordinal));
        return repeated is null ? null : Refusal.InvalidRequest($"The parameter '{repeated.Key}' is repeated.");
    }

    private static Refusal? CheckGrant(TestClient client, ReceivedRequest request, string? grantOfProvider)
    {
        if (NotEmpty(request.FormValue("grant_type")) is not { } grant)
        {
            return Refusal.InvalidRequest("The parameter 'grant_type' is missing.");
        }

        if (grant != grantOfProvider && !client.GrantTypes.ToArray().Contains(grant, StringComparer.Ordinal))
        {
            return Refusal.BadRequest("unsupported_grant_type", $"The grant_type '{grant}' is not supported for this client.");
        }

        if (client.CertificateBoundTokens && request.Certificate is null)
        {
            return Refusal.InvalidRequest("The tokens of this client are bound to a certificate, and the connection has none.");
        }

        return client.IsEnabled ? null : Refusal.BadRequest("unauthorized_client", "The client may not use this grant_type.");
    }

    private static string Grant(TestClient client, string? asked, out Refusal? refusal)
    {
        refusal = null;
        var allowed = client.Scopes.ToArray();
        if (asked is null)
        {
            return string.Join(' ', allowed);
        }

        var scopes = asked.Split(' ');
        if (scopes.Any(scope => scope.Length == 0 || scope.Any(c => c is not (>= '!' and <= '~') or '"' or '\\')))
        {
            refusal = Refusal.BadRequest("invalid_scope", "The scope is malformed.");
        }
        else if (allowed.Length > 0 && scopes.Except(allowed, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            refusal = Refusal.BadRequest("invalid_scope", $"The scope '{unknown}' is not allowed for this client.");
        }

        return asked;
    }

    private Task IssueAsync(HttpContext context, TestClient client, string scope, ReceivedRequest request, string? thumbprint)
    {
        var shape = string.Join('\n', request.Form
            .Where(pair => Repeatable.Contains(pair.Key, StringComparer.Ordinal))
            .Select(pair => $"{pair.Key}={pair.Value}")
            .Prepend(scope));
        var certificate = client.CertificateBoundTokens ? request.CertificateThumbprint : null;
        var token = tokens.Issue(client, scope, shape + "\n" + certificate, client.TokenLifetime ?? provider?.Lifetime ?? lifetime(), thumbprint, certificate, provider);
        if (provider is not null)
        {
            var isAsTold = client.TokenLifetime is null && !provider.ReissuesToken && !client.ReissuesToken;
            return provider.WriteTokenAsync(context, token, scope, isAsTold ? null : token.ExpiresAt - clock.GetUtcNow());
        }

        var members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["access_token"] = token.Text };
        if (client.TokenType is { } type)
        {
            members["token_type"] = thumbprint is not null && type == "Bearer" ? "DPoP" : type;
        }

        if (!client.OmitExpiresIn)
        {
            // Whole seconds, without losing one to the moment that has passed since the token was made.
            members["expires_in"] = Math.Max(0, (long)((token.ExpiresAt - clock.GetUtcNow()).TotalSeconds + 0.1));
        }

        if (scope.Length > 0)
        {
            members["scope"] = scope;
        }

        foreach (var (name, value) in client.ExtraResponse.ToArray())
        {
            members[name] = value;
        }

        return Answer.WriteJsonAsync(context, HttpStatusCode.OK, JsonSerializer.SerializeToUtf8Bytes(members));
    }

    private static string? NotEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
