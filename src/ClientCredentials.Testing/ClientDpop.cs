namespace ClientCredentials.Testing;

/// <summary>What the test server does about a proof of having a key (DPoP, RFC 9449) that a client's token request brings.</summary>
public enum ClientDpop
{
    /// <summary>A proof is checked, and the token bound to its key; without one the token is a Bearer token.</summary>
    Accepted,

    /// <summary>A token request without a proof is refused.</summary>
    Required,

    /// <summary>A proof is not looked at, as by a server that has never heard of DPoP: the token is a Bearer token.</summary>
    Ignored,
}
