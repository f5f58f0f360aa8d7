using ClientCredentials.Clients;
using ClientCredentials.Tokens;

namespace ClientCredentials.Http;

/// <summary>Where a handler gets its tokens: from a source, or from what the app put in the place of all of them.</summary>
internal abstract class TokenSupply
{
    /// <summary>The settings as they are now; null where there are none that are valid.</summary>
    public abstract Settings? Settings { get; }

    /// <summary>What decides where tokens may go; null with a fake that goes without settings, whose tokens open nothing.</summary>
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

/// <summary>Tokens of an implementation of the app's own. It may be a fake, or stand around the package's own and hand out real tokens: what the client's settings say goes for them too, where there are any.</summary>
internal sealed class ForeignSupply(IClientCredentials foreign, TokenSources sources, string client, TokenParameters? parameters) : TokenSupply
{
    public override Settings? Settings => Live?.Current;

    public override LiveSettings? Live => sources.Live(client, parameters?.Profile);

    public override LiveSettings? Active => parameters?.Profile is null ? null : sources.Live(client, profile: null);

    public override ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken) => foreign.GetTokenAsync(client, parameters, cancellationToken);

    public override bool Reject(AccessToken token)
    {
        foreign.Reject(client, token, parameters);
        return true;
    }
}
