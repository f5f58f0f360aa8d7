using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary>What signs assertions and proofs.</summary>
internal abstract class SigningKey
{
    // An app may give one key twice, to two clients or for assertions and proofs: the gate is the key's.
    private static readonly ConditionalWeakTable<AsymmetricAlgorithm, Lock> Gates = [];

    /// <summary>The key's own <c>kid</c>, where it came with one.</summary>
    public string? KeyId { get; init; }

    /// <summary>The <c>x5t#S256</c> of the certificate it came with.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>The algorithm it says it is for.</summary>
    public JwsAlgorithm? Declared { get; init; }

    /// <summary>The algorithm to use where nobody says another; null where only the app can know.</summary>
    public abstract JwsAlgorithm? Usual { get; }

    /// <summary>Whether the same signature may succeed a little later.</summary>
    public virtual bool MayRecover => false;

    /// <summary>What is wrong with it whatever it is used for, as the rest of a sentence; or null.</summary>
    public abstract string? Weakness { get; }

    /// <summary>Its public half; null where it does not show it.</summary>
    public virtual PublicJwk? Public => null;

    /// <summary>Why it cannot be used for an algorithm, as the rest of a sentence; or null.</summary>
    public abstract string? Misfit(JwsAlgorithm algorithm);

    public abstract ValueTask<byte[]> SignAsync(JwsAlgorithm algorithm, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>What is held while a key of the framework is used, which one thread may do at a time.</summary>
    protected static Lock GateOf(AsymmetricAlgorithm key) => Gates.GetValue(key, static _ => new Lock());

    // A key that lives elsewhere may say nothing about itself.
    protected static PublicJwk? Shown(Func<PublicJwk> show)
    {
        try
        {
            return show();
        }
        catch (Exception exception) when (exception is CryptographicException or NotSupportedException or NotImplementedException)
        {
            return null;
        }
    }

    public static SigningKey? Of(AsymmetricAlgorithm? key, string? keyId = null, string? certificateThumbprint = null, JwsAlgorithm? declared = null) => key switch
    {
        RSA rsa => new RsaSigningKey(rsa) { KeyId = keyId, CertificateThumbprint = certificateThumbprint, Declared = declared },
        ECDsa ec => new EcSigningKey(ec) { KeyId = keyId, CertificateThumbprint = certificateThumbprint, Declared = declared },
        _ => null,
    };
}

internal sealed class RsaSigningKey(RSA key) : SigningKey
{
    private const int LeastBits = 2048;

    private readonly Lock _gate = GateOf(key);

    public override JwsAlgorithm? Usual => JwsAlgorithm.Find("PS256");

    public override string? Weakness => key.KeySize < LeastBits ? $"is an RSA key of {key.KeySize} bits; at least {LeastBits} are needed (RFC 7518 §3.3)" : null;

    public override PublicJwk? Public => Shown(() => PublicJwk.Of(key.ExportParameters(includePrivateParameters: false)));

    public override string? Misfit(JwsAlgorithm algorithm) =>
        algorithm.Kind == KeyKind.Rsa ? null : $"is an RSA key, which {algorithm.Name} cannot use; its algorithms are {JwsAlgorithm.Names(KeyKind.Rsa)}";

    public override ValueTask<byte[]> SignAsync(JwsAlgorithm algorithm, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(Jws.Sign(algorithm, key, data.Span));
        }
    }
}

internal sealed class EcSigningKey(ECDsa key) : SigningKey
{
    private readonly Lock _gate = GateOf(key);
    private readonly JwsAlgorithm? _only = OnlyAlgorithm(key);

    public override JwsAlgorithm? Usual => _only;

    public override string? Weakness => _only is null ? $"is an EC key of {key.KeySize} bits on a curve that no algorithm takes; the curves are P-256, P-384 and P-521 (RFC 7518 §3.4)" : null;

    public override PublicJwk? Public => Shown(() => PublicJwk.Of($"P-{key.KeySize}", key.ExportParameters(includePrivateParameters: false).Q));

    public override string? Misfit(JwsAlgorithm algorithm) =>
        algorithm == _only ? null : $"is an EC key on the curve P-{key.KeySize}, which {algorithm.Name} cannot use; its algorithm is {_only?.Name}";

    public override ValueTask<byte[]> SignAsync(JwsAlgorithm algorithm, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(Jws.Sign(algorithm, key, data.Span));
        }
    }

    private static JwsAlgorithm? OnlyAlgorithm(ECDsa key)
    {
        JwsAlgorithm? bySize = JwsAlgorithm.All.FirstOrDefault(algorithm => algorithm.Kind == KeyKind.Ec && algorithm.Bits == key.KeySize);
        return bySize is null || IsNist(key) ? bySize : null;
    }

    // secp256k1 and the Brainpool curves have the same sizes, and are others.
    private static bool IsNist(ECDsa key)
    {
        try
        {
            Oid curve = key.ExportParameters(includePrivateParameters: false).Curve.Oid;
            return curve.Value is "1.2.840.10045.3.1.7" or "1.3.132.0.34" or "1.3.132.0.35"
                || curve.FriendlyName is "nistP256" or "nistP384" or "nistP521" or "ECDSA_P256" or "ECDSA_P384" or "ECDSA_P521";
        }
        catch (Exception exception) when (exception is CryptographicException or NotSupportedException or NotImplementedException)
        {
            // A key that lives elsewhere and says nothing about itself: the server will judge it.
            return true;
        }
    }
}
