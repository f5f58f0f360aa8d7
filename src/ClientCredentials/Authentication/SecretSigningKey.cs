using System.Text;
using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary>Signs with the client secret (<c>client_secret_jwt</c>).</summary>
internal sealed class SecretSigningKey(string secret) : SigningKey
{
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(secret);

    public override JwsAlgorithm? Usual => JwsAlgorithm.Find("HS256");

    public override string? Weakness => null;

    public override string? Misfit(JwsAlgorithm algorithm) =>
        _secret.Length * 8 < algorithm.Bits ? $"is shorter than the {algorithm.Bits / 8} bytes that {algorithm.Name} needs (RFC 7518 §3.2)" : null;

    public override ValueTask<byte[]> SignAsync(JwsAlgorithm algorithm, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        new(Jws.Sign(algorithm, _secret, data.Span));
}
