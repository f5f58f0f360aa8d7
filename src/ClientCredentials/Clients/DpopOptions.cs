namespace ClientCredentials;

/// <summary>Tokens that only who has a key may use (DPoP, RFC 9449): each token request and each API call brings a proof of having it. A stolen token opens nothing.</summary>
/// <remarks>Without a key in the settings or in code (<c>UseDpopKey</c>) one is made at first use, for each client and profile, and kept while the process lives: it never leaves memory.</remarks>
public sealed class DpopOptions
{
    /// <summary>Whether tokens are asked for that are bound to a key, and sent with a proof. Defaults to false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Whether a token that the server did not bind is used all the same, as a Bearer token. When false it is thrown away, and there is no token. Defaults to false.</summary>
    public bool AllowBearer { get; set; }

    /// <summary>
    /// The signature algorithm of the proofs (RFC 7518 §3.1): ES256, ES384, ES512, or PS or RS with 256, 384 or 512. Defaults to what fits the key, as
    /// <see cref="AssertionOptions.Algorithm"/> does, and to ES256 where there is none yet.
    /// </summary>
    public string? Algorithm { get; set; }

    /// <summary>Where the key is, where it is not to be made anew with each start: for servers that want to know it beforehand. A changed file counts from the next token on. Defaults to none.</summary>
    public KeyOptions Key { get; } = new();
}
