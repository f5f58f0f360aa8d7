using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ClientCredentials.Testing.Server;

/// <summary>The API: asks for a living token of this server and echoes the request (RFC 6750 §2.1, §3), and for a proof where it is bound to a key (RFC 9449 §7).</summary>
internal sealed class ProtectedApi(TokenStore tokens, DpopCheck proofs, DpopNonces nonces, string root)
{
    private const string Bearer = "Bearer ";
    private const string Dpop = "DPoP ";

    private volatile KeyValuePair<string, string>[] _requiredScopes = [];

    /// <summary>Asks for a scope on a path below the API and all below that; the longest path decides.</summary>
    public void RequireScope(string path, string scope)
    {
        var full = root.TrimEnd('/') + "/" + path.Trim('/');
        _requiredScopes = [.. _requiredScopes.Where(rule => rule.Key != full).Append(new(full.TrimEnd('/'), scope)).OrderByDescending(rule => rule.Key.Length)];
    }

    public void Identify(ReceivedRequest request)
    {
        if (request.Header("Authorization") is { } header && Array.Find([Bearer, Dpop], scheme => header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) is { } used)
        {
            request.Token = header[used.Length..].Trim();
            request.ClientId = tokens.Find(request.Token)?.ClientId;
        }
    }

    public Task AnswerAsync(HttpContext context, ReceivedRequest request)
    {
        if (request.Headers.TryGetValue("Authorization", out var header) && header.Count > 1)
        {
            return Answer.WriteAsync(context, Refusal.Bearer(HttpStatusCode.BadRequest, "invalid_request", "There is more than one Authorization header."));
        }

        // Who sent no token is told of no error (RFC 6750 §3.1).
        if (string.IsNullOrEmpty(request.Token))
        {
            return Answer.WriteAsync(context, Refusal.Bearer(HttpStatusCode.Unauthorized));
        }

        if (tokens.Find(request.Token) is not { } token)
        {
            return Answer.WriteAsync(context, InvalidToken("The token is unknown or was revoked."));
        }

        if (!tokens.IsLiving(token))
        {
            return Answer.WriteAsync(context, InvalidToken("The token has expired."));
        }

        if (ProofProblem(context, request, token) is { } unproven)
        {
            return Answer.WriteAsync(context, unproven);
        }

        if (token.CertificateThumbprint is { } bound && bound != request.CertificateThumbprint)
        {
            return Answer.WriteAsync(context, InvalidToken(request.Certificate is null
                ? "The token is bound to a certificate, and the connection has none."
                : "The token is bound to another certificate than that of the connection."));
        }

        if (RequiredScope(request.Path) is { } required && !token.Scope.Split(' ').Contains(required, StringComparer.Ordinal))
        {
            return Answer.WriteAsync(context, Refusal.Bearer(HttpStatusCode.Forbidden, "insufficient_scope", $"The token lacks the scope '{required}'.", required));
        }

        return Answer.WriteJsonAsync(context, HttpStatusCode.OK, Echo(request, token));
    }

    private Refusal? ProofProblem(HttpContext context, ReceivedRequest request, IssuedToken token)
    {
        var isBound = token.KeyThumbprint is not null;
        if (isBound != request.Header("Authorization")!.StartsWith(Dpop, StringComparison.OrdinalIgnoreCase))
        {
            // Taken as Bearer, a stolen token would be as good as its key (RFC 9449 §7.2).
            return isBound ? Refusal.Dpop("invalid_token", "The token is bound to a key; its scheme is DPoP.") : InvalidToken("The token is bound to no key; its scheme is Bearer.");
        }

        if (!isBound)
        {
            return null;
        }

        var proven = request.Headers.ContainsKey(DpopCheck.Header)
            ? proofs.Check(request, token.Text, nonces)
            : new(null, "invalid_dpop_proof", "The request has no proof of having the token's key.");
        if (nonces.Next() is { } nonce)
        {
            context.Response.Headers[DpopCheck.NonceHeader] = nonce;
        }

        if (proven.Error is { } error)
        {
            return Refusal.Dpop(error, proven.Problem!);
        }

        return proven.Thumbprint == token.KeyThumbprint ? null : Refusal.Dpop("invalid_token", "The token is bound to another key.");
    }

    private static Refusal InvalidToken(string description) => Refusal.Bearer(HttpStatusCode.Unauthorized, "invalid_token", description);

    private string? RequiredScope(string path)
    {
        foreach (var (prefix, scope) in _requiredScopes)
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] == '/'))
            {
                return scope;
            }
        }

        return null;
    }

    private static byte[] Echo(ReceivedRequest request, IssuedToken token) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
    {
        ["client_id"] = token.ClientId,
        ["scope"] = token.Scope,
        ["method"] = request.Method,
        ["path"] = request.Path,
        ["body_length"] = request.BodyLength,
    });
}
