namespace ClientCredentials.Protocol;

/// <summary>The key that a token is bound to, and what is needed to prove that the sender has it (RFC 9449 §7). A token keeps the key it was got with, whatever the settings say later.</summary>
internal abstract class TokenBinding
{
    /// <summary>The nonce that an API last wanted; null where none is known.</summary>
    public abstract string? NonceOf(Uri url);

    /// <summary>Keeps a nonce for the next proof that goes there.</summary>
    public abstract void Keep(Uri url, string nonce);

    /// <summary>A proof for one request with the token.</summary>
    /// <exception cref="ClientCredentialsException">The key cannot sign.</exception>
    public abstract string Prove(AccessToken token, HttpMethod method, Uri url, string? nonce);
}
