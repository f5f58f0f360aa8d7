using System.Collections.Concurrent;
using System.IdentityModel.Tokens.Jwt;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace ClientCredentials.Testing.Server;

/// <summary>What came of checking a proof: the thumbprint of its key, or the error and what is wrong.</summary>
internal readonly record struct ProvenKey(string? Thumbprint, string? Error = null, string? Problem = null);

/// <summary>Whether a proof is one of having its key, for this request, and here for the first time (RFC 9449 §4.3).</summary>
/// <remarks>Signatures are judged by System.IdentityModel.Tokens.Jwt: what signs and what verifies should have no code in common.</remarks>
internal sealed class DpopCheck(TimeProvider clock, Func<Uri> baseUrl)
{
    public const string Header = "DPoP";
    public const string NonceHeader = "DPoP-Nonce";
    public const string Algorithms = "ES256 ES384 ES512 PS256 PS384 PS512 RS256 RS384 RS512";

    private const int LeastRsaBits = 2048;

    private static readonly string[] Private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
    private static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Oldest = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<(string Key, string Id), DateTimeOffset> _seen = new();

    /// <summary>Checks the proof of a request.</summary>
    /// <param name="request">The request, which has the header.</param>
    /// <param name="token">The token that it must be for; null at the token endpoint.</param>
    /// <param name="nonces">The nonces that the endpoint wants.</param>
    public ProvenKey Check(ReceivedRequest request, string? token, DpopNonces nonces)
    {
        if (request.Headers[Header] is not [{ Length: > 0 } proof] || Parts(proof) is not { } parts)
        {
            return Wrong("There must be one DPoP header, which is a JWT.");
        }

        if (HeaderProblem(parts.Header) is { } malformed)
        {
            return Wrong(malformed);
        }

        using var key = Key(parts.Header.GetProperty("jwk"), out var thumbprint);
        if (key is null || !IsSignedBy(key, proof))
        {
            return Wrong("The signature of the proof is not one of its own jwk.");
        }

        if (ClaimProblem(parts.Payload, request, token) is { } wrong)
        {
            return Wrong(wrong);
        }

        // Last but for the replay: who is told to bring a nonce has done all else right.
        if (!nonces.Takes(Text(parts.Payload, "nonce")))
        {
            return new(null, "use_dpop_nonce", "The proof must carry the nonce of this server.");
        }

        return ReplayProblem(parts.Payload, thumbprint!) is { } replayed ? Wrong(replayed) : new(thumbprint);
    }

    private static ProvenKey Wrong(string problem) => new(null, "invalid_dpop_proof", problem);

    private static string? HeaderProblem(JsonElement header)
    {
        if (Text(header, "typ") != "dpop+jwt")
        {
            return "The typ of the proof must be dpop+jwt.";
        }

        if (!Algorithms.Split(' ').Contains(Text(header, "alg"), StringComparer.Ordinal))
        {
            return "The alg of the proof must be one of asymmetric signatures.";
        }

        if (!header.TryGetProperty("jwk", out var jwk) || jwk.ValueKind != JsonValueKind.Object)
        {
            return "The proof has no jwk.";
        }

        return Private.Any(member => jwk.TryGetProperty(member, out _)) ? "The jwk of the proof holds a private key." : null;
    }

    private string? ClaimProblem(JsonElement payload, ReceivedRequest request, string? token)
    {
        if (Text(payload, "htm") != request.Method)
        {
            return "The claim htm is not the method of the request.";
        }

        var here = new Uri(baseUrl(), request.Path);
        if (Text(payload, "htu") is not { } target || target.Contains('?', StringComparison.Ordinal) || target.Contains('#', StringComparison.Ordinal)
            || !Uri.TryCreate(target, UriKind.Absolute, out var url) || url.AbsoluteUri != here.AbsoluteUri)
        {
            return "The claim htu is not the URL of the request without its query.";
        }

        var now = clock.GetUtcNow();
        if (!payload.TryGetProperty("iat", out var iat) || iat.ValueKind != JsonValueKind.Number || !iat.TryGetInt64(out var seconds) || Math.Abs(seconds) > 100_000_000_000
            || DateTimeOffset.FromUnixTimeSeconds(seconds) is var issued && (issued > now + MostAhead || issued < now - Oldest))
        {
            return "The claim iat is missing, more than a minute ago, or in the future.";
        }

        var hash = token is null ? null : Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        return Text(payload, "ath") == hash ? null : "The claim ath is not the hash of the token.";
    }

    private string? ReplayProblem(JsonElement payload, string thumbprint)
    {
        var now = clock.GetUtcNow();
        foreach (var (key, until) in _seen)
        {
            if (until < now)
            {
                _seen.TryRemove(key, out _);
            }
        }

        if (Text(payload, "jti") is not { Length: > 0 } id)
        {
            return "The claim jti is missing.";
        }

        return _seen.TryAdd((thumbprint, id), now + Oldest + MostAhead) ? null : "The claim jti has been used before.";
    }

    private static bool IsSignedBy(AsymmetricAlgorithm key, string proof)
    {
        try
        {
            SecurityKey verifying = key is RSA rsa ? new RsaSecurityKey(rsa) : new ECDsaSecurityKey((ECDsa)key);
            // The library would keep a verifier for each key in the process for ever.
            verifying.CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false };
            new JwtSecurityTokenHandler().ValidateToken(proof, new TokenValidationParameters
            {
                IssuerSigningKey = verifying,
                RequireSignedTokens = true,
                ValidateIssuer = false,
                ValidateAudience = false,
                ValidateLifetime = false,
            }, out _);
            return true;
        }
        catch (Exception e) when (e is SecurityTokenException or ArgumentException or CryptographicException or NotSupportedException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The key of a jwk, and its thumbprint (RFC 7638).</summary>
    private static AsymmetricAlgorithm? Key(JsonElement jwk, out string? thumbprint)
    {
        thumbprint = null;
        try
        {
            if (Text(jwk, "kty") == "EC" && Text(jwk, "crv") is { } name && Curve(name) is { } curve && Text(jwk, "x") is { } x && Text(jwk, "y") is { } y)
            {
                thumbprint = Thumbprint($$"""{"crv":"{{name}}","kty":"EC","x":"{{x}}","y":"{{y}}"}""");
                return ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = Base64UrlEncoder.DecodeBytes(x), Y = Base64UrlEncoder.DecodeBytes(y) } });
            }

            if (Text(jwk, "kty") == "RSA" && Text(jwk, "n") is { } n && Text(jwk, "e") is { } e)
            {
                thumbprint = Thumbprint($$"""{"e":"{{e}}","kty":"RSA","n":"{{n}}"}""");
                var rsa = RSA.Create(new RSAParameters { Modulus = Base64UrlEncoder.DecodeBytes(n), Exponent = Base64UrlEncoder.DecodeBytes(e) });
                return rsa.KeySize < LeastRsaBits ? null : rsa;
            }
        }
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException)
        {
            // No key: the caller says so.
        }

        return null;
    }

    private static ECCurve? Curve(string name) => name switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        "P-521" => ECCurve.NamedCurves.nistP521,
        _ => null,
    };

    private static string Thumbprint(string json) => Base64UrlEncoder.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(json)));

    private static (JsonElement Header, JsonElement Payload)? Parts(string jwt)
    {
        try
        {
            return jwt.Split('.') is [var header, var payload, _] && Object(header) is { } first && Object(payload) is { } second ? (first, second) : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static JsonElement? Object(string part)
        => JsonSerializer.Deserialize<JsonElement>(Base64UrlEncoder.DecodeBytes(part)) is { ValueKind: JsonValueKind.Object } json ? json : null;

    private static string? Text(JsonElement json, string member)
        => json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
