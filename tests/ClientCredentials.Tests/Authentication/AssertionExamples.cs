using System.Text;
using ClientCredentials.Clients;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Authentication;

/// <summary>The README's example of each authentication method, as it stands there.</summary>
public class AssertionExamples
{
    public static TheoryData<AuthenticationMethod, string> All => new()
    {
        {
            AuthenticationMethod.ClientSecretBasic,
            """
            "billing": {
              "TokenUrl": "https://login.example.com/oauth2/token",
              "ClientId": "billing-app",
              "ClientSecretName": "billing-secret"
            }
            """
        },
        {
            AuthenticationMethod.ClientSecretPost,
            """
            "billing": {
              "TokenUrl": "https://login.example.com/oauth2/token",
              "ClientId": "billing-app",
              "ClientSecretName": "billing-secret",
              "AuthenticationMethod": "client_secret_post"
            }
            """
        },
        {
            AuthenticationMethod.ClientSecretJwt,
            """
            "billing": {
              "TokenUrl": "https://login.example.com/oauth2/token",
              "Issuer": "https://login.example.com",
              "ClientId": "billing-app",
              "ClientSecretName": "billing-secret",
              "AuthenticationMethod": "client_secret_jwt",
              "Assertion": { "Algorithm": "HS256" }
            }
            """
        },
        {
            AuthenticationMethod.PrivateKeyJwt,
            """
            "billing": {
              "TokenUrl": "https://login.example.com/oauth2/token",
              "Issuer": "https://login.example.com",
              "ClientId": "billing-app",
              "AuthenticationMethod": "private_key_jwt",
              "Key": { "PemFile": "/run/secrets/billing.pem", "KeyId": "2026-01" },
              "Assertion": { "Algorithm": "PS256", "Lifetime": "00:01:00" }
            }
            """
        },
        {
            AuthenticationMethod.PrivateKeyJwt,
            """
            "billing": {
              "TokenUrl": "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2/v2.0/token",
              "ClientId": "66666666-7777-8888-9999-000000000000",
              "Scopes": [ "https://graph.microsoft.com/.default" ],
              "AuthenticationMethod": "private_key_jwt",
              "Key": { "Pkcs12File": "/run/secrets/billing.pfx" }
            }
            """
        },
        {
            AuthenticationMethod.FederatedAssertion,
            """
            "billing": {
              "TokenUrl": "https://login.example.com/oauth2/token",
              "ClientId": "billing-app",
              "AuthenticationMethod": "federated_assertion",
              "Assertion": { "File": "/var/run/secrets/tokens/billing" }
            }
            """
        },
        {
            AuthenticationMethod.TlsClientAuth,
            """
            "billing": {
              "TokenUrl": "https://login.example.com/oauth2/token",
              "MutualTlsTokenUrl": "https://mtls.login.example.com/oauth2/token",
              "ClientId": "billing-app",
              "AuthenticationMethod": "tls_client_auth",
              "Certificate": { "PemFile": "/run/secrets/tls.crt", "KeyFile": "/run/secrets/tls.key" },
              "CertificateBoundTokens": true
            }
            """
        },
        {
            AuthenticationMethod.SelfSignedTlsClientAuth,
            """
            "billing": {
              "TokenUrl": "https://login.example.com/oauth2/token",
              "ClientId": "billing-app",
              "AuthenticationMethod": "self_signed_tls_client_auth",
              "Certificate": { "Pkcs12File": "/run/secrets/billing.p12" }
            }
            """
        },
        {
            AuthenticationMethod.None,
            """
            "billing": {
              "TokenUrl": "https://login.example.com/oauth2/token",
              "ClientId": "billing-app",
              "AuthenticationMethod": "none"
            }
            """
        },
        {
            AuthenticationMethod.Custom,
            """
            "billing": {
              "TokenUrl": "https://login.example.com/oauth2/token",
              "ClientId": "billing-app",
              "AuthenticationMethod": "custom"
            }
            """
        },
        {
            AuthenticationMethod.PrivateKeyJwt,
            """
            "billing": {
              "TokenUrl": "https://login.example.com/oauth2/token",
              "Issuer": "https://login.example.com",
              "ClientId": "billing-app",
              "AuthenticationMethod": "private_key_jwt",
              "Key": { "PemFile": "/run/secrets/billing.pem" },
              "Dpop": { "Enabled": true },
              "ApiUrl": "https://api.example.com/",
              "Fapi2": true
            }
            """
        },
    };

    [Theory]
    [MemberData(nameof(All))]
    public async Task Each_example_is_valid_and_means_its_method(AuthenticationMethod method, string client)
    {
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($"{{ \"ClientCredentials\": {{ \"Clients\": {{ {client} }} }} }}")))
            .Build());
        ClientCredentialsBuilder builder = services.AddClientCredentials().UseSecretStore((_, _, _, _) => new("s3cret"));
        if (method == AuthenticationMethod.Custom)
        {
            builder.UseAuthentication("billing", (_, _) => default);
        }

        await using ServiceProvider app = services.BuildServiceProvider();
        ClientSettings settings = app.GetRequiredService<ClientSettings>();

        Assert.Empty(settings.Problems());
        Assert.Equal(method, settings.Get("billing", null).Settings!.Current!.Options.AuthenticationMethod);
    }
}
