namespace ClientCredentials.Testing;

/// <summary>How a client of the test server must prove who it is (RFC 6749 §2.3).</summary>
public enum ClientAuthentication
{
    /// <summary>By <see cref="Basic"/> or by <see cref="Post"/>, never by both in one request.</summary>
    Any,

    /// <summary>By an <c>Authorization: Basic</c> header only (<c>client_secret_basic</c>).</summary>
    Basic,

    /// <summary>By <c>client_id</c> and <c>client_secret</c> in the form only (<c>client_secret_post</c>).</summary>
    Post,

    /// <summary>By its <c>client_id</c> in the form alone; a client that sends a secret is refused.</summary>
    None,

    /// <summary>By a JWT signed with its secret only (<c>client_secret_jwt</c>).</summary>
    ClientSecretJwt,

    /// <summary>By a JWT signed with one of its <see cref="TestClient.PublicKeys"/> only (<c>private_key_jwt</c>).</summary>
    PrivateKeyJwt,

    /// <summary>By a certificate of the server's <see cref="TestAuthorizationServer.CertificateAuthority"/> for its <see cref="TestClient.CertificateSubject"/> only (<c>tls_client_auth</c>).</summary>
    TlsClientAuth,

    /// <summary>By one of its <see cref="TestClient.Certificates"/> only (<c>self_signed_tls_client_auth</c>).</summary>
    SelfSignedTlsClientAuth,
}
