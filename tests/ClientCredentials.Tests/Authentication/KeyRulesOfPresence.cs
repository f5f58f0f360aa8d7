using System.Security.Cryptography;
using ClientCredentials.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Authentication;

/// <summary>The key that is needed is there, and no other; and none crosses from one profile to another.</summary>
public sealed class KeyRulesOfPresence : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _key.Dispose();

    [Theory]
    [InlineData(AuthenticationMethod.PrivateKeyJwt, "a private key is missing: set one of Key:PemFile, Key:Pkcs12File, Key:JwkFile, Key:StoreThumbprint, Key:Pem or Key:Jwk (the last two not in a file that is checked in), or call UseKey or UseSigner.")]
    [InlineData(AuthenticationMethod.FederatedAssertion, "an assertion is missing: set Assertion:File, or call UseAssertion.")]
    [InlineData(AuthenticationMethod.Custom, "an authentication is missing: call UseAuthentication.")]
    [InlineData(AuthenticationMethod.ClientSecretJwt, "a secret is missing: set ClientSecret (by user secrets, an environment variable or a vault, not in a file that is checked in), or ClientSecretName with UseSecretStore, or call UseSecret.")]
    public async Task What_a_method_needs_and_does_not_have_is_named(AuthenticationMethod method, string problem)
    {
        await using AssertionApp app = await StartAsync(client => client.AuthenticationMethod = method);

        Assert.Equal([$"Client 'billing': {problem}"], app.StartProblems());
    }

    [Fact]
    public async Task Two_keys_are_one_too_many()
    {
        await using AssertionApp app = await StartAsync(
            client => (client.AuthenticationMethod, client.Key.PemFile, client.Key.Jwk) = (AuthenticationMethod.PrivateKeyJwt, "/a", "{}"),
            builder => builder.UseKey("billing", _key));

        Assert.Equal(
            ["Client 'billing': Key:PemFile and Key:Jwk and UseKey are set, and only one can be the key; an empty value in a later layer clears an earlier one."],
            app.StartProblems());
    }

    [Fact]
    public async Task What_is_for_another_method_is_named_with_both()
    {
        await using AssertionApp app = await StartAsync(client => (client.ClientSecret, client.Key.PemFile, client.Assertion.File) = ("s3cret", "/a", "/b"));

        Assert.Equal(
            [
                "Client 'billing': Key:PemFile is set, but AuthenticationMethod is client_secret_basic; it is for private_key_jwt. An empty value in a later layer clears an earlier one.",
                "Client 'billing': Assertion:File is set, but AuthenticationMethod is client_secret_basic; it is for federated_assertion. An empty value in a later layer clears an earlier one.",
            ],
            app.StartProblems());
    }

    [Fact]
    public async Task A_secret_beside_a_key_is_refused()
    {
        await using AssertionApp app = await StartAsync(
            client => (client.AuthenticationMethod, client.ClientSecret) = (AuthenticationMethod.PrivateKeyJwt, "s3cret"),
            builder => builder.UseKey("billing", _key));

        Assert.Equal(["Client 'billing': ClientSecret is set, but AuthenticationMethod is private_key_jwt, which sends no secret."], app.StartProblems());
    }

    [Fact]
    public async Task Numbers_and_texts_have_their_bounds()
    {
        await using AssertionApp app = await StartAsync(client =>
        {
            client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt;
            client.Issuer = "http://login.example.com/?tenant=1";
            client.Assertion.Lifetime = TimeSpan.FromHours(2);
            client.Assertion.BackdateIssuedAt = TimeSpan.FromSeconds(-1);
            client.Assertion.Type = "";
            client.Assertion.Audience = "two words";
        }, builder => builder.UseKey("billing", _key));

        Assert.Equal(
            [
                "Client 'billing': Assertion:Lifetime is 02:00:00; it must be 00:00:10 to 01:00:00.",
                "Client 'billing': Assertion:BackdateIssuedAt is -00:00:01; it must be 00:00:00 to 00:05:00.",
                "Client 'billing': Assertion:Type is empty or has a character that no media type has; the usual one is 'JWT'.",
                "Client 'billing': Assertion:Audience has white space or a control character.",
                "Client 'billing': Issuer has a query or a fragment, which an issuer never has (RFC 8414 §2).",
                "Client 'billing': Issuer (http://login.example.com/) is http; use https, or set AllowInsecureHttp for a network you trust.",
            ],
            app.StartProblems());
    }

    [Fact]
    public async Task An_assertion_issued_longer_ago_than_it_lives_is_refused()
    {
        await using AssertionApp app = await StartAsync(client =>
        {
            client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt;
            client.Assertion.Lifetime = client.Assertion.BackdateIssuedAt = TimeSpan.FromSeconds(30);
        }, builder => builder.UseKey("billing", _key));

        Assert.Equal(
            ["Client 'billing': Assertion:BackdateIssuedAt (00:00:30) must be shorter than Assertion:Lifetime (00:00:30), or an assertion has expired when it is sent."],
            app.StartProblems());
    }

    [Theory]
    [InlineData("Key:PemFile")]
    [InlineData("UseKey")]
    public async Task A_key_of_the_client_itself_serves_no_other_profile_than_the_active_one(string source)
    {
        await using TestAuthorizationServer server = await TestAuthorizationServer.StartInMemoryAsync(o => o.AddClient("billing-app"));
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ClientCredentials:Profile"] = "Production",
            ["ClientCredentials:Clients:billing:ClientId"] = "billing-app",
            ["ClientCredentials:Clients:billing:AuthenticationMethod"] = "private_key_jwt",
            ["ClientCredentials:Clients:billing:Key:PemFile"] = source == "UseKey" ? "" : "/run/secrets/key.pem",
            ["ClientCredentials:Clients:billing:Profiles:Staging:TokenUrl"] = server.TokenUrl.AbsoluteUri,
            ["ClientCredentials:Clients:billing:Profiles:Production:TokenUrl"] = server.TokenUrl.AbsoluteUri,
        }).Build());
        ClientCredentialsBuilder builder = services.AddClientCredentials().ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(server.CreateHandler));
        if (source == "UseKey")
        {
            builder.UseKey("billing", _key);
        }

        await using ServiceProvider app = services.BuildServiceProvider();

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(async () =>
            await app.GetRequiredService<IClientCredentials>().GetTokenAsync("billing", new TokenParameters { Profile = "Staging" }));

        Assert.Equal("Client 'billing', profile 'Staging': there is no private key: what the client itself has serves its active profile only. Give this profile a key of its own.", error.Message);
        Assert.Equal(0, server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_profile_that_is_not_active_is_not_asked_for_the_files_it_needs_elsewhere()
    {
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ClientCredentials:Profile"] = "Staging",
            ["ClientCredentials:Clients:billing:ClientId"] = "billing-app",
            ["ClientCredentials:Clients:billing:TokenUrl"] = "https://login.example.com/token",
            ["ClientCredentials:Clients:billing:Profiles:Staging:ClientSecret"] = "s3cret",
            ["ClientCredentials:Clients:billing:Profiles:Production:AuthenticationMethod"] = "private_key_jwt",
            ["ClientCredentials:Clients:billing:Profiles:Production:Key:PemFile"] = "/nowhere/key.pem",
        }).Build());
        services.AddClientCredentials();
        await using ServiceProvider app = services.BuildServiceProvider();

        app.GetRequiredService<IStartupValidator>().Validate();
    }

    [Fact]
    public void Keys_and_passwords_are_in_no_JSON_of_the_options()
    {
        ClientCredentialsOptions options = new();
        (options.Key.Pem, options.Key.Jwk, options.Key.Password) = ("pem-text", "jwk-text", "pass-text");

        string json = System.Text.Json.JsonSerializer.Serialize(options);

        Assert.DoesNotContain("-text", json, StringComparison.Ordinal);
    }

    private static async Task<AssertionApp> StartAsync(Action<ClientCredentialsOptions> configure, Action<ClientCredentialsBuilder>? build = null) =>
        (await AssertionApp.StartAsync(_ => { })).Configure(configure, build);
}
