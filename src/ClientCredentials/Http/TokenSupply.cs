using ClientCredentials.Clients;
using ClientCredentials.Tokens;

namespace ClientCredentials.Http;

/// <summary>Where a handler gets its tokens: from a source, or from a fake that stands in for all of them.</summary>
internal abstract class TokenSupply
{
    /// <summary>The settings as they are now; null where there are none, or where a fake has no need of them.</summary>
    public abstract Settings? Settings { get; }

    /// <summary>What decides where tokens may go; null with a fake, whose tokens open nothing.</summary>
    public abstract LiveSettings? Live { get; }

    /// <summary>The settings of the active profile, where it is another that is asked for; null where it is not.</summary>
    public virtual LiveSettings? Active => null;

    public abstract ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken);

    /// <returns>Whether it is worth asking for another.</returns>
    public abstract bool Reject(AccessToken token);
}

internal sealed class SourceSupply(TokenSource source, LiveSettings? active = null) : TokenSupply
{
    public override Settings? Settings => source.Live.Current;

    public override LiveSettings? Live => source.Live;

    public override LiveSettings? Active => active;

    public override ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken) => source.GetTokenAsync(cancellationToken);

    public override bool Reject(AccessToken token) => source.Reject(token);
}

internal sealed class FakeSupply(IClientCredentials fake, string client, TokenParameters? parameters) : TokenSupply
{
    public override Settings? Settings => null;

    public override LiveSettings? Live => null;

    public override ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken) => fake.GetTokenAsync(client, parameters, cancellationToken);

    public override bool Reject(AccessToken token)
    {
        fake.Reject(client, token, parameters);
        return true;
    }
}
