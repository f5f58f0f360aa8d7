using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary>Reads a private JSON Web Key (RFC 7517, RFC 7518 §6), alone or as the only one of a set.</summary>
internal static class JwkKey
{
    private static readonly Dictionary<string, ECCurve> Curves = new(StringComparer.Ordinal)
    {
        ["P-256"] = ECCurve.NamedCurves.nistP256,
        ["P-384"] = ECCurve.NamedCurves.nistP384,
        ["P-521"] = ECCurve.NamedCurves.nistP521,
    };

    /// <returns>The key, or what is wrong with the text, as the rest of a sentence.</returns>
    public static (SigningKey? Key, string? Problem) Read(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement jwk = document.RootElement;
            if (jwk.ValueKind == JsonValueKind.Object && jwk.TryGetProperty("keys", out JsonElement keys) && keys.ValueKind == JsonValueKind.Array)
            {
                if (keys.GetArrayLength() != 1)
                {
                    return (null, $"is a set of {keys.GetArrayLength()} keys, and nobody can say which is meant");
                }

                jwk = keys[0];
            }

            return jwk.ValueKind == JsonValueKind.Object ? Of(jwk) : (null, "is no JSON object, which a JWK is");
        }
        // JsonException would quote what it met, and that may be a part of the key; half of a surrogate pair is an ArgumentException.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return (null, "is no valid JSON, which a JWK is");
        }
    }

    private static (SigningKey? Key, string? Problem) Of(JsonElement jwk)
    {
        if (Word(jwk, "use") is "enc")
        {
            return (null, "is a JWK for encryption ('use' is 'enc'), not for signatures");
        }

        string? declared = Word(jwk, "alg");
        if (declared is not null && JwsAlgorithm.Find(declared) is null)
        {
            return (null, $"is a JWK for an algorithm ('alg') that is not supported; the supported ones are {JwsAlgorithm.Names(KeyKind.Rsa, KeyKind.Ec)}");
        }

        try
        {
            (AsymmetricAlgorithm? key, string? problem) = Word(jwk, "kty") switch
            {
                "RSA" => Rsa(jwk),
                "EC" => Ec(jwk),
                "oct" => (null, "is a JWK of a shared secret ('kty' is 'oct'); use client_secret_jwt and ClientSecret"),
                "OKP" => (null, "is a JWK of a kind ('kty' is 'OKP') that is not supported; use an RSA or EC key"),
                _ => (null, "is a JWK without a 'kty' of 'RSA' or 'EC'"),
            };
            return (SigningKey.Of(key, Word(jwk, "kid"), Word(jwk, "x5t#S256"), JwsAlgorithm.Find(declared)), problem);
        }
        catch (CryptographicException)
        {
            return (null, "is a JWK whose numbers make no valid key");
        }
    }

    private static (AsymmetricAlgorithm? Key, string? Problem) Rsa(JsonElement jwk)
    {
        string[] names = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];
        byte[]?[] numbers = [.. names.Select(name => Number(jwk, name))];
        if (Missing(names, numbers) is { } missing)
        {
            return (null, missing);
        }

        int whole = numbers[0]!.Length;
        int half = (whole + 1) / 2;
        return (RSA.Create(new RSAParameters
        {
            Modulus = numbers[0],
            Exponent = numbers[1],
            D = Padded(numbers[2]!, whole),
            P = Padded(numbers[3]!, half),
            Q = Padded(numbers[4]!, half),
            DP = Padded(numbers[5]!, half),
            DQ = Padded(numbers[6]!, half),
            InverseQ = Padded(numbers[7]!, half),
        }), null);
    }

    private static (AsymmetricAlgorithm? Key, string? Problem) Ec(JsonElement jwk)
    {
        if (Word(jwk, "crv") is not { } name || !Curves.TryGetValue(name, out ECCurve curve))
        {
            return (null, $"is a JWK on a curve ('crv') other than {string.Join(", ", Curves.Keys)}");
        }

        string[] names = ["x", "y", "d"];
        byte[]?[] numbers = [.. names.Select(name => Number(jwk, name))];
        int size = name switch { "P-256" => 32, "P-384" => 48, _ => 66 };
        return Missing(names, numbers) is { } missing
            ? (null, missing)
            : (ECDsa.Create(new ECParameters
            {
                Curve = curve,
                Q = new ECPoint { X = Padded(numbers[0]!, size), Y = Padded(numbers[1]!, size) },
                D = Padded(numbers[2]!, size),
            }), null);
    }

    private static string? Missing(string[] names, byte[]?[] numbers)
    {
        string[] missing = [.. names.Where((_, index) => numbers[index] is null)];
        return missing switch
        {
            [] => null,
            _ when missing.Contains("d") => "is a JWK without 'd', or with one that is not base64url: only its public half is there",
            _ => $"is a JWK without {string.Join(", ", missing.Select(name => $"'{name}'"))} in base64url",
        };
    }

    private static byte[]? Number(JsonElement jwk, string name)
    {
        try
        {
            return Word(jwk, name) is { Length: > 0 } text ? Base64Url.DecodeFromChars(text) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // Some writers leave out zeros in front.
    private static byte[] Padded(byte[] number, int length) => number.Length >= length ? number : [.. new byte[length - number.Length], .. number];

    private static string? Word(JsonElement jwk, string name) => jwk.TryGetProperty(name, out JsonElement value) ? JsonText.Of(value) : null;
}
