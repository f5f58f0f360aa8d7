using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary>Signs by code of the app: an HSM, a key vault.</summary>
internal sealed class DelegatedSigningKey(Func<string, ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> sign) : SigningKey
{
    public override JwsAlgorithm? Usual => null;

    public override bool MayRecover => true;

    public override string? Weakness => null;

    public override string? Misfit(JwsAlgorithm algorithm) => null;

    public override ValueTask<byte[]> SignAsync(JwsAlgorithm algorithm, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        sign(algorithm.Name, data, cancellationToken);
}
