namespace ClientCredentials;

/// <summary>How a client proves who it is at the token endpoint (RFC 6749 §2.3). In configuration the field's own names may be used: <c>client_secret_basic</c>.</summary>
public enum AuthenticationMethod
{
    /// <summary><c>client_secret_basic</c>: id and secret in the <c>Authorization: Basic</c> header (RFC 6749 §2.3.1).</summary>
    ClientSecretBasic,

    /// <summary><c>client_secret_post</c>: id and secret in the form (RFC 6749 §2.3.1).</summary>
    ClientSecretPost,

    /// <summary><c>none</c>: the id alone, in the form; for servers that know the client by other means.</summary>
    None,
}

/// <summary>How id and secret are written into the Basic header.</summary>
public enum BasicEncoding
{
    /// <summary>Each form-url-encoded as UTF-8 first, as the standard says (RFC 6749 §2.3.1 and Appendix B).</summary>
    FormUrlEncoded,

    /// <summary>As they are, in UTF-8 (RFC 7617 §2), for servers that do not decode.</summary>
    Raw,
}
