namespace ClientCredentials;

/// <summary>How a client proves who it is at the token endpoint (RFC 6749 §2.3). In configuration the field's own names may be used: <c>client_secret_basic</c>.</summary>
public enum AuthenticationMethod
{
    /// <summary><c>client_secret_basic</c>: id and secret in the <c>Authorization: Basic</c> header (RFC 6749 §2.3.1).</summary>
    ClientSecretBasic,

    /// <summary><c>client_secret_post</c>: id and secret in the form (RFC 6749 §2.3.1).</summary>
    ClientSecretPost,

    /// <summary><c>client_secret_jwt</c>: a JWT signed with the secret, which itself is not sent (RFC 7523 §2.2, OpenID Connect Core §9).</summary>
    ClientSecretJwt,

    /// <summary><c>private_key_jwt</c>: a JWT signed with a private key whose public half the server knows (RFC 7523 §2.2, OpenID Connect Core §9).</summary>
    PrivateKeyJwt,

    /// <summary><c>federated_assertion</c>: a JWT that another issuer made for this app (RFC 7523 §2.2), such as a projected token of Kubernetes.</summary>
    FederatedAssertion,

    /// <summary><c>tls_client_auth</c>: a certificate that an authority issued, presented on the connection; the form has the id alone (RFC 8705 §2.1).</summary>
    TlsClientAuth,

    /// <summary><c>self_signed_tls_client_auth</c>: a certificate that the server knows by itself, presented on the connection; the form has the id alone (RFC 8705 §2.2).</summary>
    SelfSignedTlsClientAuth,

    /// <summary><c>none</c>: the id alone, in the form; for servers that know the client by other means.</summary>
    None,

    /// <summary><c>custom</c>: what the function given to <c>UseAuthentication</c> adds, and nothing else.</summary>
    Custom,
}

/// <summary>How id and secret are written into the Basic header.</summary>
public enum BasicEncoding
{
    /// <summary>Each form-url-encoded as UTF-8 first, as the standard says (RFC 6749 §2.3.1 and Appendix B).</summary>
    FormUrlEncoded,

    /// <summary>As they are, in UTF-8 (RFC 7617 §2), for servers that do not decode.</summary>
    Raw,
}
