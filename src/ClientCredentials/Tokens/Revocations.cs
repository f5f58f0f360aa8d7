using ClientCredentials.Clients;

namespace ClientCredentials.Tokens;

/// <summary>Notices a server that ends a token when it gives another: what a renewal ahead of time replaces is refused, though its life is not over.</summary>
/// <param name="identity">The client at the server of which it is known.</param>
internal sealed class Revocations(Identity identity)
{
    // Once, somebody may have revoked all tokens at that very moment.
    private const int TimesToBelieve = 2;

    // Whoever still has a request in the air holds it; to keep it for longer would cost each source a token.
    private readonly WeakReference<AccessToken?> _replaced = new(null);
    private bool _isCounted;
    private int _times;

    public Identity Identity => identity;

    public bool AreCertain => _times >= TimesToBelieve;

    /// <summary>A renewal ahead of time begins, or, with null, has brought nothing.</summary>
    public void Renewing(AccessToken? token)
    {
        _replaced.SetTarget(token);
        _isCounted = false;
    }

    /// <summary>An API refused a token.</summary>
    /// <returns>Whether there is no doubt any more.</returns>
    public bool Refused(AccessToken token, DateTimeOffset wall)
    {
        bool isReplaced = wall < token.ExpiresAt && _replaced.TryGetTarget(out AccessToken? replaced) && replaced.IsSameAs(token);
        if (!isReplaced || _isCounted || AreCertain)
        {
            return false;
        }

        // Many requests may meet one renewal.
        _isCounted = true;
        _times++;
        return AreCertain;
    }
}
