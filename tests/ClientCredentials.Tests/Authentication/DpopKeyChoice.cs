using System.Security.Cryptography;
using System.Text.Json;
using ClientCredentials.Authentication;
using ClientCredentials.Clients;
using ClientCredentials.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Authentication;

/// <summary>Where the key of the proofs comes from, and which tokens belong to it.</summary>
public class DpopKeyChoice
{
    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    public async Task A_key_is_made_for_each_algorithm_and_opens_the_API(string algorithm)
    {
        await using DpopApp app = await DpopApp.StartAsync(client => client.Dpop.Algorithm = algorithm);

        HttpResponseMessage answer = await app.Api.GetAsync("invoices");

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(algorithm, DpopApp.Text(Header(app), "alg"));
    }

    [Fact]
    public async Task The_key_that_was_made_serves_all_tokens_of_the_client()
    {
        await using DpopApp app = await DpopApp.StartAsync();

        await app.TokenAsync();
        await app.Credentials.GetTokenAsync("billing", new TokenParameters { Scopes = ["invoices.read"] });
        await app.Credentials.ConnectAsync("billing");

        Assert.Equal(3, app.Server.TokenEndpoint.Count);
        Assert.Single(app.Server.TokenEndpoint.Received.Select(request => request.Header("DPoP")!.Split('.')[0]).Distinct());
    }

    [Fact]
    public async Task Two_clients_have_two_keys()
    {
        await using DpopApp app = await DpopApp.StartAsync(build: builder => builder.AddClient("other", client => client.ClientId = "x"));

        (DpopKey? one, _) = app.Service<DpopKeys>().Get(SettingsOf(app, "billing"));
        (DpopKey? other, _) = app.Service<DpopKeys>().Get(new Settings("other", null, isActive: true, new ClientCredentialsOptions()));

        Assert.NotEqual(one!.Thumbprint, other!.Thumbprint);
    }

    [Fact]
    public async Task Many_who_come_first_at_one_time_get_one_key()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        Settings settings = SettingsOf(app, "billing");
        DpopKeys keys = app.Service<DpopKeys>();

        string[] thumbprints = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => keys.Get(settings).Key!.Thumbprint)));

        Assert.Single(thumbprints.Distinct());
    }

    [Theory]
    [InlineData("Pem")]
    [InlineData("Jwk")]
    [InlineData("UseDpopKey")]
    public async Task A_key_that_is_given_is_the_one_that_is_proven(string source)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        JwkOf jwk = new(key);
        await using DpopApp app = await DpopApp.StartAsync(
            client =>
            {
                client.Dpop.Key.Pem = source == "Pem" ? key.ExportPkcs8PrivateKeyPem() : null;
                client.Dpop.Key.Jwk = source == "Jwk" ? jwk.Private : null;
            },
            builder =>
            {
                if (source == "UseDpopKey")
                {
                    builder.UseDpopKey("billing", key);
                }
            });

        HttpResponseMessage answer = await app.Api.GetAsync("invoices");

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(jwk.Public, Header(app).GetProperty("jwk").GetRawText());
        Assert.Equal("ES384", DpopApp.Text(Header(app), "alg"));
    }

    [Fact]
    public async Task A_changed_key_drops_the_token_that_was_kept()
    {
        using ECDsa first = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa second = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using TestAuthorizationServer server = await TestAuthorizationServer.StartInMemoryAsync(o => o.AddClient("billing-app", "s3cret"));
        await using ServiceProvider services = FromConfiguration(server, out IConfigurationRoot configuration, new()
        {
            ["Clients:billing:ClientSecret"] = "s3cret",
            ["Clients:billing:Dpop:Key:Pem"] = first.ExportPkcs8PrivateKeyPem(),
        });
        IClientCredentials credentials = services.GetRequiredService<IClientCredentials>();
        AccessToken before = await credentials.GetTokenAsync("billing");

        configuration["ClientCredentials:Clients:billing:Dpop:Key:Pem"] = second.ExportPkcs8PrivateKeyPem();
        configuration.Reload();
        AccessToken after = await credentials.GetTokenAsync("billing");

        Assert.NotEqual(before.Reveal(), after.Reveal());
        Assert.Equal([new JwkOf(first).Public, new JwkOf(second).Public], server.TokenEndpoint.Received.Select(request => DpopApp.Part(request.Header("DPoP")!, 0).GetProperty("jwk").GetRawText()));
        Assert.Equal(new JwkOf(first).Public, DpopApp.Part(before.CreateProof(HttpMethod.Get, server.ApiUrl)!, 0).GetProperty("jwk").GetRawText());
    }

    [Fact]
    public async Task A_change_of_other_settings_keeps_the_key_that_was_made()
    {
        await using TestAuthorizationServer server = await TestAuthorizationServer.StartInMemoryAsync(o => o.AddClient("billing-app", "s3cret"));
        await using ServiceProvider services = FromConfiguration(server, out IConfigurationRoot configuration, new() { ["Clients:billing:ClientSecret"] = "s3cret" });
        IClientCredentials credentials = services.GetRequiredService<IClientCredentials>();
        await credentials.GetTokenAsync("billing");

        configuration["ClientCredentials:Clients:billing:Audience"] = "other";
        configuration.Reload();
        await credentials.GetTokenAsync("billing");

        Assert.Equal(2, server.TokenEndpoint.Count);
        Assert.Single(server.TokenEndpoint.Received.Select(request => request.Header("DPoP")!.Split('.')[0]).Distinct());
    }

    [Fact]
    public async Task A_key_of_the_client_itself_serves_the_active_profile_and_another_has_one_made()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using TestAuthorizationServer server = await TestAuthorizationServer.StartInMemoryAsync(o => o.AddClient("billing-app", "s3cret"));
        await using ServiceProvider services = FromConfiguration(server, out _, new()
        {
            ["Profile"] = "Production",
            ["Clients:billing:Dpop:Key:Pem"] = key.ExportPkcs8PrivateKeyPem(),
            ["Clients:billing:Profiles:Production:ClientSecret"] = "s3cret",
            ["Clients:billing:Profiles:Staging:ClientSecret"] = "s3cret",
        });
        IClientCredentials credentials = services.GetRequiredService<IClientCredentials>();

        await credentials.GetTokenAsync("billing");
        await credentials.GetTokenAsync("billing", new TokenParameters { Profile = "Staging" });

        string[] keys = [.. server.TokenEndpoint.Received.Select(request => DpopApp.Part(request.Header("DPoP")!, 0).GetProperty("jwk").GetRawText())];
        Assert.Equal(new JwkOf(key).Public, keys[0]);
        Assert.NotEqual(keys[0], keys[1]);
    }

    [Fact]
    public async Task A_file_that_is_missing_is_named_at_start()
    {
        await using DpopApp app = await DpopApp.StartAsync(client => client.Dpop.Key.PemFile = "/nowhere/dpop.pem");

        Assert.Equal(["Client 'billing': Dpop:Key:PemFile ('/nowhere/dpop.pem') does not exist."], app.StartProblems());
    }

    internal static Settings SettingsOf(DpopApp app, string client) => app.Service<ClientSettings>().Get(client, profile: null).Settings!.Current!;

    private static JsonElement Header(DpopApp app) => DpopApp.Part(app.Server.TokenEndpoint.Received[0].Header("DPoP")!, 0);

    private static ServiceProvider FromConfiguration(TestAuthorizationServer server, out IConfigurationRoot configuration, Dictionary<string, string?> settings)
    {
        settings["Clients:billing:TokenUrl"] = server.TokenUrl.AbsoluteUri;
        settings["Clients:billing:ClientId"] = "billing-app";
        settings["Clients:billing:Dpop:Enabled"] = "true";
        configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create($"ClientCredentials:{pair.Key}", pair.Value))).Build();
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddClientCredentials().ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(server.CreateHandler));
        ServiceProvider provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
        return provider;
    }

    /// <summary>An EC key as JWK, written by hand.</summary>
    private sealed class JwkOf
    {
        public JwkOf(ECDsa key)
        {
            ECParameters numbers = key.ExportParameters(includePrivateParameters: true);
            (string x, string y, string d) = (Text(numbers.Q.X!), Text(numbers.Q.Y!), Text(numbers.D!));
            Public = $$"""{"crv":"P-{{key.KeySize}}","kty":"EC","x":"{{x}}","y":"{{y}}"}""";
            Private = $$"""{"crv":"P-{{key.KeySize}}","kty":"EC","x":"{{x}}","y":"{{y}}","d":"{{d}}"}""";
        }

        public string Public { get; }

        public string Private { get; }

        private static string Text(byte[] number) => System.Buffers.Text.Base64Url.EncodeToString(number);
    }
}
