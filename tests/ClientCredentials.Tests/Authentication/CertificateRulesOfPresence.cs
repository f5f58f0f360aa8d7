using ClientCredentials.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Authentication;

/// <summary>The certificate that is needed is there, and no other; and none crosses from one profile to another.</summary>
public sealed class CertificateRulesOfPresence
{
    [Theory]
    [InlineData("tls_client_auth", "")]
    [InlineData("self_signed_tls_client_auth", "")]
    [InlineData("client_secret_post", "CertificateBoundTokens=true;ClientSecret=s3cret")]
    public void A_certificate_that_is_missing(string method, string settings)
    {
        Assert.Equal(
            ["Client 'billing': a certificate is missing: set one of Certificate:PemFile, Certificate:Pkcs12File, Certificate:StoreThumbprint or Certificate:Pem (the last not in a file that is checked in), or call UseCertificate."],
            Problems($"AuthenticationMethod={method};{settings}"));
    }

    [Theory]
    [InlineData(
        "AuthenticationMethod=tls_client_auth;Certificate:PemFile=/a;Certificate:Pkcs12File=/b",
        "Certificate:PemFile and Certificate:Pkcs12File are set, and only one can be the certificate; an empty value in a later layer clears an earlier one.")]
    [InlineData(
        "AuthenticationMethod=tls_client_auth;Certificate:Pkcs12File=/a;Certificate:KeyFile=/b",
        "Certificate:KeyFile is set without Certificate:PemFile, whose private key it holds.")]
    [InlineData(
        "ClientSecret=s3cret;Certificate:PemFile=/a",
        "Certificate:PemFile is set, but AuthenticationMethod is client_secret_basic; it is for tls_client_auth and self_signed_tls_client_auth, and for CertificateBoundTokens. An empty value in a later layer clears an earlier one.")]
    [InlineData(
        "ClientSecret=s3cret;MutualTlsTokenUrl=https://mtls.example.com/token",
        "MutualTlsTokenUrl is set, but the client presents no certificate; it is for tls_client_auth and self_signed_tls_client_auth, and for CertificateBoundTokens.")]
    [InlineData(
        "AuthenticationMethod=tls_client_auth;Certificate:PemFile=/a;ClientSecret=s3cret",
        "ClientSecret is set, but AuthenticationMethod is tls_client_auth, which sends no secret.")]
    [InlineData(
        "AuthenticationMethod=tls_client_auth;Certificate:PemFile=/a;TokenUrl=http://localhost:1/token",
        "TokenUrl (http://localhost:1/token) is http, over which no certificate can be presented; use https.")]
    [InlineData(
        "AuthenticationMethod=tls_client_auth;Certificate:PemFile=/a;MutualTlsTokenUrl=http://localhost:1/token",
        "MutualTlsTokenUrl (http://localhost:1/token) is http, over which no certificate can be presented; use https.")]
    [InlineData(
        "AuthenticationMethod=tls_client_auth;Certificate:PemFile=/a;CertificateBoundTokens=true;ApiUrl=http://localhost:1/",
        "ApiUrl (http://localhost:1/) is http, over which no certificate can be presented; use https.")]
    [InlineData(
        "AuthenticationMethod=tls_client_auth;Certificate:PemFile=/a;MutualTlsTokenUrl=nowhere",
        "MutualTlsTokenUrl is not an absolute https URL.")]
    [InlineData(
        "AuthenticationMethod=tls_client_auth;Certificate:PemFile=/a;TokenUrl=;Issuer=https://login.example.com;MutualTlsTokenUrl=nowhere",
        "MutualTlsTokenUrl is not an absolute https URL.")]
    public void What_does_not_go_together(string settings, string problem)
    {
        Assert.Equal([$"Client 'billing': {problem}"], Problems(settings));
    }

    [Theory]
    [InlineData("Certificate:PemFile")]
    [InlineData("UseCertificate")]
    public async Task A_certificate_of_the_client_itself_serves_no_other_profile_than_the_active_one(string source)
    {
        await using TestAuthorizationServer server = await TestAuthorizationServer.StartAsync(o => o.UseHttps = true);
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ClientCredentials:Profile"] = "Production",
            ["ClientCredentials:Clients:billing:ClientId"] = "billing-app",
            ["ClientCredentials:Clients:billing:AuthenticationMethod"] = "tls_client_auth",
            ["ClientCredentials:Clients:billing:Certificate:PemFile"] = source == "UseCertificate" ? "" : "/run/secrets/client.pem",
            ["ClientCredentials:Clients:billing:Profiles:Staging:TokenUrl"] = server.TokenUrl.AbsoluteUri,
            ["ClientCredentials:Clients:billing:Profiles:Production:TokenUrl"] = server.TokenUrl.AbsoluteUri,
        }).Build());
        ClientCredentialsBuilder builder = services.AddClientCredentials().ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(server.CreateHandler));
        if (source == "UseCertificate")
        {
            builder.UseCertificate("billing", _ => throw new InvalidOperationException("Nobody may ask for it."));
        }

        await using ServiceProvider app = services.BuildServiceProvider();

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(async () =>
            await app.GetRequiredService<IClientCredentials>().GetTokenAsync("billing", new TokenParameters { Profile = "Staging" }));

        Assert.Equal("Client 'billing', profile 'Staging': there is no certificate: what the client itself has serves its active profile only. Give this profile a certificate of its own.", error.Message);
        Assert.Equal(0, server.TokenEndpoint.Count);
    }

    [Fact]
    public void Keys_and_passwords_are_in_no_JSON_of_the_options()
    {
        ClientCredentialsOptions options = new();
        (options.Certificate.Pem, options.Certificate.Password) = ("pem-text", "pass-text");

        string json = System.Text.Json.JsonSerializer.Serialize(options);

        Assert.DoesNotContain("-text", json, StringComparison.Ordinal);
    }

    private static string[] Problems(string settings)
    {
        Dictionary<string, string?> section = new(StringComparer.OrdinalIgnoreCase) { ["TokenUrl"] = "https://login.example.com/token", ["ClientId"] = "billing-app" };
        foreach (string[] pair in settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)))
        {
            section[pair[0]] = pair[1];
        }

        ServiceCollection services = new();
        services.AddClientCredentials(new ConfigurationBuilder()
            .AddInMemoryCollection(section.Select(pair => KeyValuePair.Create($"ClientCredentials:Clients:billing:{pair.Key}", pair.Value)))
            .Build());
        using ServiceProvider app = services.BuildServiceProvider();
        OptionsValidationException error = Assert.Throws<OptionsValidationException>(() => app.GetRequiredService<IStartupValidator>().Validate());
        return [.. error.Failures];
    }
}
