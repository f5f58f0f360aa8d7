using ClientCredentials.Clients;
using ClientCredentials.Tokens;

namespace ClientCredentials.Http;

/// <summary>Where a handler gets its tokens: from a source, or from a fake that stands in for all of them.</summary>
internal abstract class TokenSupply
{
    /// <summary>The settings as they are now; null where there are none, or where a fake has no need of them: its tokens open nothing.</summary>
    public abstract Settings? Settings { get; }

    public abstract ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken);

    /// <returns>Whether it is worth asking for another.</returns>
    public abstract bool Reject(AccessToken token);
}

internal sealed class SourceSupply(TokenSource source) : TokenSupply
{
    public override Settings? Settings => source.Live.Current;

    public override ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken) => source.GetTokenAsync(cancellationToken);

    public override bool Reject(AccessToken token) => source.Reject(token);
}

internal sealed class FakeSupply(IClientCredentials fake, string client, TokenParameters? parameters) : TokenSupply
{
    public override Settings? Settings => null;

    public override ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken) => fake.GetTokenAsync(client, parameters, cancellationToken);

    public override bool Reject(AccessToken token)
    {
        fake.Reject(client, token, parameters);
        return true;
    }
}
