namespace ClientCredentials.Clients;

/// <summary>The field's own names of the ways in which a client proves itself.</summary>
internal static class AuthenticationWords
{
    public static readonly (string Word, AuthenticationMethod Method)[] All =
    [
        ("client_secret_basic", AuthenticationMethod.ClientSecretBasic),
        ("client_secret_post", AuthenticationMethod.ClientSecretPost),
        ("client_secret_jwt", AuthenticationMethod.ClientSecretJwt),
        ("private_key_jwt", AuthenticationMethod.PrivateKeyJwt),
        ("federated_assertion", AuthenticationMethod.FederatedAssertion),
        ("tls_client_auth", AuthenticationMethod.TlsClientAuth),
        ("self_signed_tls_client_auth", AuthenticationMethod.SelfSignedTlsClientAuth),
        ("none", AuthenticationMethod.None),
        ("custom", AuthenticationMethod.Custom),
    ];

    public static string Of(AuthenticationMethod method) => All.FirstOrDefault(entry => entry.Method == method).Word ?? "unknown";

    public static bool WantsSecret(AuthenticationMethod method) =>
        method is AuthenticationMethod.ClientSecretBasic or AuthenticationMethod.ClientSecretPost or AuthenticationMethod.ClientSecretJwt;
}
