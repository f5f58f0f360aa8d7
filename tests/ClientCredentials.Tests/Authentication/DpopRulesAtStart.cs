using System.Security.Cryptography;

namespace ClientCredentials.Tests.Authentication;

/// <summary>What validation says of the settings of DPoP.</summary>
public class DpopRulesAtStart
{
    [Fact]
    public async Task Nothing_but_the_switch_is_needed()
    {
        await using DpopApp app = await DpopApp.StartAsync();

        Assert.Empty(app.StartProblems());
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("EdDSA")]
    [InlineData("none")]
    public async Task An_algorithm_that_no_proof_can_have_is_refused(string algorithm)
    {
        await AssertProblemAsync(
            client => client.Dpop.Algorithm = algorithm,
            $"Dpop:Algorithm is '{algorithm}'; it is one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512.");
    }

    [Fact]
    public async Task An_algorithm_that_does_not_fit_the_key_is_refused()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        await AssertProblemAsync(
            client => client.Dpop.Algorithm = "PS256",
            "UseDpopKey is an EC key on the curve P-256, which PS256 cannot use; its algorithm is ES256.",
            builder => builder.UseDpopKey("billing", key));
        await AssertProblemAsync(
            client => (client.Dpop.Algorithm, client.Dpop.Key.Pem) = ("ES384", key.ExportPkcs8PrivateKeyPem()),
            "Dpop:Key:Pem is an EC key on the curve P-256, which ES384 cannot use; its algorithm is ES256.");
    }

    [Fact]
    public async Task A_key_without_its_private_half_is_refused()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa publicHalf = ECDsa.Create(key.ExportParameters(includePrivateParameters: false));

        await using DpopApp app = await DpopApp.StartAsync(build: builder => builder.UseDpopKey("billing", publicHalf));

        string problem = Assert.Single(app.StartProblems());
        Assert.StartsWith("Client 'billing': UseDpopKey could not sign with ES256 (", problem, StringComparison.Ordinal);
        Assert.EndsWith("). Is its private half there, and may this account use it?", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_without_its_password_names_the_setting_for_it()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string pem = key.ExportEncryptedPkcs8PrivateKeyPem("pa$$w0rd", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));

        await AssertProblemAsync(client => client.Dpop.Key.Pem = pem, "Dpop:Key:Pem is encrypted, and there is no Dpop:Key:Password.");
    }

    [Fact]
    public async Task Two_keys_are_one_too_many()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        await AssertProblemAsync(
            client => client.Dpop.Key.PemFile = "/a",
            "Dpop:Key:PemFile and UseDpopKey are set, and only one can be the key of the proofs; an empty value in a later layer clears an earlier one.",
            builder => builder.UseDpopKey("billing", key));
    }

    [Fact]
    public async Task A_key_without_the_switch_is_refused()
    {
        await AssertProblemAsync(
            client => (client.Dpop.Enabled, client.Dpop.Key.JwkFile) = (false, "/a"),
            "Dpop:Key:JwkFile is set, but Dpop:Enabled is not. An empty value in a later layer clears an earlier one.");
    }

    [Fact]
    public async Task A_name_of_the_key_is_refused()
    {
        await AssertProblemAsync(
            client => client.Dpop.Key.KeyId = "key-1",
            "Dpop:Key:KeyId is set, but a proof carries the key itself, and no name for it (RFC 9449 §4.2).");
    }

    [Theory]
    [InlineData("DPoP")]
    [InlineData("dpop")]
    public async Task A_bound_token_cannot_be_declared_a_Bearer_token(string alias)
    {
        await AssertProblemAsync(
            client => client.TokenTypeAliases.Add(alias),
            "TokenTypeAliases has 'DPoP', but a token that is bound to a key is never sent as Bearer; set Dpop:Enabled.");
    }

    private static async Task AssertProblemAsync(Action<ClientCredentialsOptions> configure, string expected, Action<ClientCredentialsBuilder>? build = null)
    {
        await using DpopApp app = await DpopApp.StartAsync(configure, build);

        Assert.Equal([$"Client 'billing': {expected}"], app.StartProblems());
    }
}
