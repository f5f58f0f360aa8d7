using System.Security.Cryptography;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Authentication;

/// <summary>Every algorithm, judged by the server, which verifies with System.IdentityModel.Tokens.Jwt.</summary>
public class AssertionAlgorithms
{
    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    public async Task An_RSA_key_signs_with_each_RSA_algorithm(string algorithm)
    {
        using RSA key = KeysOfTests.Rsa();
        await using AssertionApp app = await AssertionApp.StartAsync(Registered(key, algorithm));
        app.Configure(Settings(algorithm), builder => builder.UseKey("billing", key));

        await app.TokenAsync();

        Assert.Equal(algorithm, app.Header().GetProperty("alg").GetString());
        Assert.Equal(1, app.Server.TokenEndpoint.Succeeded);
    }

    [Theory]
    [InlineData("ES256", "nistP256")]
    [InlineData("ES384", "nistP384")]
    [InlineData("ES512", "nistP521")]
    public async Task An_EC_key_signs_with_the_algorithm_of_its_curve_without_being_told(string algorithm, string curve)
    {
        using ECDsa key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        await using AssertionApp app = await AssertionApp.StartAsync(Registered(key, algorithm));
        app.Configure(Settings(null), builder => builder.UseKey("billing", key));

        await app.TokenAsync();

        Assert.Equal(algorithm, app.Header().GetProperty("alg").GetString());
        Assert.Equal(1, app.Server.TokenEndpoint.Succeeded);
    }

    [Theory]
    [InlineData(null, "HS256", 32)]
    [InlineData("HS256", "HS256", 32)]
    [InlineData("HS384", "HS384", 48)]
    [InlineData("hs512", "HS512", 64)]
    public async Task A_secret_signs_with_each_HMAC_algorithm_and_is_not_sent(string? asked, string algorithm, int length)
    {
        string secret = new('s', length);
        await using AssertionApp app = await AssertionApp.StartAsync(
            client => (client.Authentication, client.Algorithm) = (ClientAuthentication.ClientSecretJwt, algorithm),
            secret);
        app.Configure(client =>
        {
            client.AuthenticationMethod = AuthenticationMethod.ClientSecretJwt;
            client.ClientSecret = secret;
            client.Assertion.Algorithm = asked;
        });

        await app.TokenAsync();

        Assert.Equal(algorithm, app.Header().GetProperty("alg").GetString());
        Assert.DoesNotContain(secret, app.Server.TokenEndpoint.Received[0].Body, StringComparison.Ordinal);
        Assert.Equal(1, app.Server.TokenEndpoint.Succeeded);
    }

    [Fact]
    public async Task An_RSA_key_signs_with_PS256_unless_told_otherwise()
    {
        using RSA key = KeysOfTests.Rsa();
        await using AssertionApp app = await AssertionApp.StartAsync(Registered(key, "PS256"));
        app.Configure(Settings(null), builder => builder.UseKey("billing", key));

        await app.TokenAsync();

        Assert.Equal("PS256", app.Header().GetProperty("alg").GetString());
    }

    private static Action<TestClient> Registered(AsymmetricAlgorithm key, string algorithm) => client =>
        (client.Authentication, client.PublicKeys, client.Algorithm) = (ClientAuthentication.PrivateKeyJwt, [key], algorithm);

    private static Action<ClientCredentialsOptions> Settings(string? algorithm) => client =>
        (client.AuthenticationMethod, client.Assertion.Algorithm) = (AuthenticationMethod.PrivateKeyJwt, algorithm);
}
