using System.Collections.Concurrent;
using System.IdentityModel.Tokens.Jwt;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace ClientCredentials.Testing.Server;

/// <summary>Whether an assertion is the client's own, meant for this server, and here for the first time (RFC 7523 §3).</summary>
/// <remarks>Signatures are judged by System.IdentityModel.Tokens.Jwt: what signs and what verifies should have no code in common.</remarks>
internal sealed class AssertionCheck(TimeProvider clock, Func<string[]> audiences)
{
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly string[] Symmetric = ["HS256", "HS384", "HS512"];
    private static readonly string[] Asymmetric = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
    private static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string ClientId, string Id), DateTimeOffset> _seen = new();

    /// <summary>Who an assertion says it is about, unverified; null where it says nothing legible.</summary>
    public static string? Subject(string assertion) => Payload(assertion) is { } payload ? Text(payload, "sub") : null;

    /// <summary>What is wrong with an assertion; null where it proves that the client is the client.</summary>
    public string? Problem(string assertion, TestClient client)
    {
        if (Payload(assertion) is not { } payload)
        {
            return "The client_assertion is no JWT.";
        }

        return SignatureProblem(assertion, client) ?? ClaimProblem(payload, client) ?? TimeProblem(payload) ?? ReplayProblem(payload, client);
    }

    private static string? SignatureProblem(string assertion, TestClient client)
    {
        var bySecret = client.Authentication == ClientAuthentication.ClientSecretJwt;
        try
        {
            // Its replay, audience and lifetime rules know neither this server's clock nor what a client assertion must say.
            new JwtSecurityTokenHandler().ValidateToken(assertion, new TokenValidationParameters
            {
                IssuerSigningKeys = bySecret ? Secrets(client) : client.PublicKeys.ToArray().Select(Key),
                RequireSignedTokens = true,
                ValidateIssuer = false,
                ValidateAudience = false,
                ValidateLifetime = false,
            }, out var token);
            var algorithm = ((JwtSecurityToken)token).Header.Alg;
            return (client.Algorithm is { } asked ? algorithm == asked : (bySecret ? Symmetric : Asymmetric).Contains(algorithm, StringComparer.Ordinal))
                ? null
                : $"The algorithm {algorithm} is not the one registered for the client.";
        }
        catch (Exception e) when (e is SecurityTokenException or ArgumentException or CryptographicException or NotSupportedException or InvalidOperationException)
        {
            return "The signature of the client_assertion is not one of the client's keys.";
        }
    }

    private string? ClaimProblem(JsonElement payload, TestClient client)
    {
        if (Text(payload, "iss") != client.ClientId || Text(payload, "sub") != client.ClientId)
        {
            return "The claims iss and sub must both be the client_id.";
        }

        // A list, even of one, is how an assertion for one server gets played to another.
        return Text(payload, "aud") is { } audience && audiences().Contains(audience, StringComparer.Ordinal)
            ? null
            : $"The claim aud must be one string, {string.Join(" or ", audiences())}.";
    }

    private string? TimeProblem(JsonElement payload)
    {
        var now = clock.GetUtcNow();
        if (Time(payload, "exp") is not { } expires || expires <= now || expires > now + LongestLife)
        {
            return "The claim exp is missing, past, or more than an hour away.";
        }

        return Time(payload, "iat") is { } issued && issued <= now + MostAhead && !(Time(payload, "nbf") > now + MostAhead)
            ? null
            : "The claim iat is missing, or iat or nbf lies in the future.";
    }

    private string? ReplayProblem(JsonElement payload, TestClient client)
    {
        var now = clock.GetUtcNow();
        foreach (var (key, until) in _seen)
        {
            if (until <= now)
            {
                _seen.TryRemove(key, out _);
            }
        }

        if (Text(payload, "jti") is not { Length: > 0 } id)
        {
            return "The claim jti is missing.";
        }

        return _seen.TryAdd((client.ClientId, id), Time(payload, "exp")!.Value) ? null : "The claim jti has been used before.";
    }

    private static IEnumerable<SecurityKey> Secrets(TestClient client)
        => new[] { client.Secret }.Concat(client.AlternateSecrets.ToArray())
            .Where(secret => !string.IsNullOrEmpty(secret))
            .Select(secret => Uncached(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret!))));

    private static SecurityKey Key(AsymmetricAlgorithm key) => key switch
    {
        RSA rsa => Uncached(new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: false))),
        ECDsa ec => Uncached(new ECDsaSecurityKey(ECDsa.Create(ec.ExportParameters(includePrivateParameters: false)))),
        _ => throw new NotSupportedException($"The public key is a {key.GetType().Name}; it must be RSA or ECDsa."),
    };

    // The library would keep a verifier for each key in the process for ever.
    private static SecurityKey Uncached(SecurityKey key)
    {
        key.CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false };
        return key;
    }

    private static JsonElement? Payload(string assertion)
    {
        try
        {
            return assertion.Split('.') is [_, var payload, _]
                && JsonSerializer.Deserialize<JsonElement>(Base64UrlEncoder.DecodeBytes(payload)) is { ValueKind: JsonValueKind.Object } claims
                ? claims
                : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement payload, string claim)
        => payload.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement payload, string claim)
        => payload.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && Math.Abs(seconds) < 100_000_000_000
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
