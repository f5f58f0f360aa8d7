using System.Text.Json;

namespace ClientCredentials.Interop.Running;

/// <summary>What the rig says of a client that is registered there.</summary>
internal sealed class RigClient(JsonElement json, string folder)
{
    public string Id => Text("client_id")!;

    public string? Secret => Text("client_secret");

    public string Method => Text("token_endpoint_auth_method")!;

    public string? Algorithm => Text("alg") ?? Text("token_endpoint_auth_signing_alg");

    public string? KeyId => Text("kid");

    public string? PemFile => Path("key");

    public string? JwkFile => Path("jwk");

    public bool IsCertificateBound => json.TryGetProperty("tls_client_certificate_bound_access_tokens", out JsonElement isBound) && isBound.GetBoolean();

    public string? CertificateFile => Path("cert");

    public string? CertificateKeyFile => Path("certKey");

    public string? Pkcs12File => Path("p12");

    public string? Pkcs12Password => Text("p12Password");

    /// <summary>Sets a client of ours up as this one.</summary>
    public void Describe(ClientCredentialsOptions options)
    {
        options.ClientId = Id;
        options.AuthenticationMethod = Method switch
        {
            "client_secret_basic" => AuthenticationMethod.ClientSecretBasic,
            "client_secret_post" => AuthenticationMethod.ClientSecretPost,
            "client_secret_jwt" => AuthenticationMethod.ClientSecretJwt,
            "private_key_jwt" => AuthenticationMethod.PrivateKeyJwt,
            "none" => AuthenticationMethod.None,
            "tls_client_auth" => AuthenticationMethod.TlsClientAuth,
            "self_signed_tls_client_auth" => AuthenticationMethod.SelfSignedTlsClientAuth,
            _ => throw new NotSupportedException($"The rig's client '{Id}' wants {Method}."),
        };
        options.ClientSecret ??= Secret;
        if (options.AuthenticationMethod is AuthenticationMethod.PrivateKeyJwt or AuthenticationMethod.ClientSecretJwt)
        {
            options.Assertion.Algorithm = Algorithm;
        }

        options.CertificateBoundTokens = IsCertificateBound;
        (options.Certificate.PemFile, options.Certificate.KeyFile) = (CertificateFile, CertificateKeyFile);
        if (options.AuthenticationMethod == AuthenticationMethod.PrivateKeyJwt)
        {
            (options.Key.PemFile, options.Key.KeyId) = (PemFile, KeyId);
            (options.Key.Pkcs12File, options.Key.Password) = (Pkcs12File, Pkcs12Password);
        }
    }

    private string? Text(string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private string? Path(string name) => Text(name) is { } file ? System.IO.Path.Combine(folder, file) : null;
}
