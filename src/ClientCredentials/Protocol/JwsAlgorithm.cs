using System.Security.Cryptography;

namespace ClientCredentials.Protocol;

/// <summary>What kind of key signs.</summary>
internal enum KeyKind
{
    /// <summary>A secret that both sides know.</summary>
    Secret,

    Rsa,

    Ec,
}

/// <summary>A signature algorithm of JSON Web Signatures (RFC 7518 §3.1). "none" is not one of them.</summary>
/// <param name="Name">Its name, as the header's <c>alg</c> says it.</param>
/// <param name="Kind">The kind of key it needs.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Bits">The key's size: for a secret the least, for a curve the one there is, for RSA the least.</param>
/// <param name="Padding">The padding of an RSA signature.</param>
internal sealed record JwsAlgorithm(string Name, KeyKind Kind, HashAlgorithmName Hash, int Bits, RSASignaturePadding? Padding = null)
{
    private const int LeastRsaBits = 2048; // RFC 7518 §3.3 and §3.5

    public static readonly IReadOnlyList<JwsAlgorithm> All =
    [
        new("HS256", KeyKind.Secret, HashAlgorithmName.SHA256, 256),
        new("HS384", KeyKind.Secret, HashAlgorithmName.SHA384, 384),
        new("HS512", KeyKind.Secret, HashAlgorithmName.SHA512, 512),
        new("RS256", KeyKind.Rsa, HashAlgorithmName.SHA256, LeastRsaBits, RSASignaturePadding.Pkcs1),
        new("RS384", KeyKind.Rsa, HashAlgorithmName.SHA384, LeastRsaBits, RSASignaturePadding.Pkcs1),
        new("RS512", KeyKind.Rsa, HashAlgorithmName.SHA512, LeastRsaBits, RSASignaturePadding.Pkcs1),
        new("PS256", KeyKind.Rsa, HashAlgorithmName.SHA256, LeastRsaBits, RSASignaturePadding.Pss),
        new("PS384", KeyKind.Rsa, HashAlgorithmName.SHA384, LeastRsaBits, RSASignaturePadding.Pss),
        new("PS512", KeyKind.Rsa, HashAlgorithmName.SHA512, LeastRsaBits, RSASignaturePadding.Pss),
        new("ES256", KeyKind.Ec, HashAlgorithmName.SHA256, 256),
        new("ES384", KeyKind.Ec, HashAlgorithmName.SHA384, 384),
        new("ES512", KeyKind.Ec, HashAlgorithmName.SHA512, 521),
    ];

    /// <summary>How many bytes a signature has where the algorithm alone decides: R and S of a curve, one after the other.</summary>
    public int? SignatureBytes => Kind == KeyKind.Ec ? 2 * ((Bits + 7) / 8) : null;

    public static JwsAlgorithm? Find(string? name) => All.FirstOrDefault(algorithm => algorithm.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The names of those that a kind of key can be used with, as a sentence lists them.</summary>
    public static string Names(params KeyKind[] kinds) => string.Join(", ", All.Where(algorithm => kinds.Contains(algorithm.Kind)).Select(algorithm => algorithm.Name));
}
