using System.Security.Cryptography;

namespace ClientCredentials.Tests.Authentication;

/// <summary>A key or secret and an algorithm that do not go together.</summary>
public sealed class KeyAlgorithmProblems : IDisposable
{
    private readonly RSA _rsa = KeysOfTests.Rsa();
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _rsa.Dispose();
        _ec.Dispose();
    }

    [Theory]
    [InlineData("ES256", "Key:Pem is an RSA key, which ES256 cannot use; its algorithms are RS256, RS384, RS512, PS256, PS384, PS512.")]
    [InlineData("HS256", "Assertion:Algorithm is 'HS256'; with private_key_jwt it is one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512.")]
    [InlineData("none", "Assertion:Algorithm is 'none'; with private_key_jwt it is one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512.")]
    public async Task An_algorithm_that_does_not_fit_an_RSA_key(string algorithm, string problem)
    {
        string pem = _rsa.ExportPkcs8PrivateKeyPem();
        await using AssertionApp app = await StartAsync(client => (client.Key.Pem, client.Assertion.Algorithm) = (pem, algorithm));

        Assert.Equal([$"Client 'billing': {problem}"], app.StartProblems());
    }

    [Theory]
    [InlineData("ES384", "Key:Pem is an EC key on the curve P-256, which ES384 cannot use; its algorithm is ES256.")]
    [InlineData("PS256", "Key:Pem is an EC key on the curve P-256, which PS256 cannot use; its algorithm is ES256.")]
    public async Task An_algorithm_that_does_not_fit_an_EC_key(string algorithm, string problem)
    {
        string pem = _ec.ExportPkcs8PrivateKeyPem();
        await using AssertionApp app = await StartAsync(client => (client.Key.Pem, client.Assertion.Algorithm) = (pem, algorithm));

        Assert.Equal([$"Client 'billing': {problem}"], app.StartProblems());
    }

    [Fact]
    public async Task An_algorithm_other_than_the_jwks()
    {
        string jwk = JwsVectors.RsaJwk.Replace("\"kty\"", "\"alg\":\"RS256\",\"kty\"", StringComparison.Ordinal);
        await using AssertionApp app = await StartAsync(client => (client.Key.Jwk, client.Assertion.Algorithm) = (jwk, "PS256"));

        Assert.Equal(["Client 'billing': Key:Jwk is a JWK for RS256, and Assertion:Algorithm is PS256."], app.StartProblems());
    }

    [Theory]
    [InlineData(null, 31, "32 bytes that HS256")]
    [InlineData("HS384", 47, "48 bytes that HS384")]
    [InlineData("HS512", 63, "64 bytes that HS512")]
    public async Task A_secret_too_short_to_sign_with(string? algorithm, int length, string needed)
    {
        await using AssertionApp app = await StartAsync(client => (client.AuthenticationMethod, client.ClientSecret, client.Assertion.Algorithm) =
            (AuthenticationMethod.ClientSecretJwt, new string('s', length), algorithm));

        Assert.Equal([$"Client 'billing': ClientSecret is shorter than the {needed} needs (RFC 7518 §3.2)."], app.StartProblems());
    }

    [Fact]
    public async Task A_secret_of_a_store_too_short_to_sign_with_fails_the_fetch()
    {
        await using AssertionApp app = await StartAsync(
            client => client.AuthenticationMethod = AuthenticationMethod.ClientSecretJwt,
            builder => builder.UseSecret("billing", _ => new("short")));

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        Assert.Equal("Client 'billing': the secret is shorter than the 32 bytes that HS256 needs (RFC 7518 §3.2).", error.Message);
        Assert.Equal(FailureReason.NotConfigured, error.Reason);
        Assert.Equal(0, app.Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task Code_that_signs_without_an_algorithm()
    {
        await using AssertionApp app = await StartAsync(_ => { }, builder => builder.UseSigner("billing", (_, _, _) => new(new byte[64])));

        Assert.Equal(
            ["Client 'billing': UseSigner needs Assertion:Algorithm, to know what to sign with; it is one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512."],
            app.StartProblems());
    }

    private static async Task<AssertionApp> StartAsync(Action<ClientCredentialsOptions> configure, Action<ClientCredentialsBuilder>? build = null) =>
        (await AssertionApp.StartAsync(_ => { })).Configure(
            client =>
            {
                client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt;
                configure(client);
            },
            build);
}
