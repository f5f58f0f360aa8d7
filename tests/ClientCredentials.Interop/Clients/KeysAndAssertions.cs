using System.Security.Cryptography;
using System.Text;
using ClientCredentials.Interop.Running;

namespace ClientCredentials.Interop.Clients;

/// <summary>Where keys and assertions come from, and what the server wants of them.</summary>
public class KeysAndAssertions(Rig rig) : InteropTests(rig)
{
    private const string Client = "pkjwt-es256";

    [InteropTheory]
    [InlineData("PEM text")]
    [InlineData("encrypted PEM text")]
    [InlineData("JWK file")]
    [InlineData("JWK text")]
    [InlineData("UseKey")]
    [InlineData("UseSigner")]
    [InlineData("UseAssertion")]
    [InlineData("assertion file")]
    public async Task A_key_may_come_from_anywhere(string place)
    {
        using ECDsa key = Key();
        string file = Rig.File($"{Client}.assertion");
        App app = place switch
        {
            "PEM text" => Start(Client, options => (options.Key.PemFile, options.Key.Pem) = (null, key.ExportPkcs8PrivateKeyPem())),
            "encrypted PEM text" => Start(Client, options => (options.Key.PemFile, options.Key.Pem, options.Key.Password) = (null, Encrypted(key), "a password")),
            "JWK file" => Start(Client, options => (options.Key.PemFile, options.Key.JwkFile) = (null, Rig.Client(Client).JwkFile)),
            "JWK text" => Start(Client, options => (options.Key.PemFile, options.Key.Jwk) = (null, File.ReadAllText(Rig.Client(Client).JwkFile!))),
            "UseKey" => Start(Client, options => options.Key.PemFile = null, builder => builder.UseKey(App.Client, key)),
            "UseSigner" => Start(Client, options => options.Key.PemFile = null, builder => builder.UseSigner(
                App.Client,
                (_, data, _) => new(key.SignData(data.Span, HashAlgorithmName.SHA256)))),
            "UseAssertion" => Start(Client, Federated, builder => builder.UseAssertion(App.Client, _ => new(Assertion(key)))),
            _ => Start(Client, options =>
            {
                Federated(options);
                File.WriteAllText(file, Assertion(key));
                options.Assertion.File = file;
            }),
        };

        await app.CallAsync();

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((1, 1), (counts.Tokens, counts.Served));
        Outcomes.Add(Client, $"key by {place}", "1 token request, served");
    }

    [InteropTheory]
    [InlineData("issuer")]
    [InlineData("token URL")]
    public async Task The_audience_is_the_issuer_or_the_token_endpoint(string audience)
    {
        App app = Start(Client, options => options.Issuer = audience == "issuer" ? Rig.Issuer : null);

        await app.CallAsync();

        Assert.Equal(1, (await Rig.CountsAsync()).Tokens);
        Outcomes.Add(Client, $"aud is the {audience}", "1 token request, served");
    }

    [InteropTheory]
    [InlineData("hs256-jwt")]
    [InlineData(Client)]
    public async Task Every_token_request_has_an_assertion_that_was_never_used(string client)
    {
        App app = Start(client);

        for (int i = 0; i < 4; i++)
        {
            Assert.True((await app.Credentials.ConnectAsync(App.Client)).IsOK);
        }

        Assert.Equal((4, 4), ((await Rig.CountsAsync()).TokenRequests, (await Rig.CountsAsync()).Tokens));
        Outcomes.Add(client, "four tokens in a row", "4 token requests; the server refuses a jti it has seen");
    }

    [InteropFact]
    public async Task Own_code_may_prove_who_the_client_is()
    {
        RigClient post = Rig.Client("post");
        App app = Start(
            "post",
            options => (options.AuthenticationMethod, options.ClientSecret) = (AuthenticationMethod.Custom, null),
            builder => builder.UseAuthentication(App.Client, (request, _) =>
            {
                request.AddFormField("client_id", post.Id);
                request.AddFormField("client_secret", post.Secret!);
                return default;
            }));

        await app.CallAsync();

        Assert.Equal(1, (await Rig.CountsAsync()).Tokens);
        Outcomes.Add("post", "UseAuthentication", "1 token request, served");
    }

    private static void Federated(ClientCredentialsOptions options)
    {
        options.AuthenticationMethod = AuthenticationMethod.FederatedAssertion;
        options.Assertion.Algorithm = options.Key.PemFile = options.Key.KeyId = null;
    }

    private static string Encrypted(ECDsa key) =>
        key.ExportEncryptedPkcs8PrivateKeyPem("a password", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000));

    private ECDsa Key()
    {
        ECDsa key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Rig.Client(Client).PemFile!));
        return key;
    }

    // What another issuer would make for us: not by the package's own code.
    private string Assertion(ECDsa key)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string head = Part($$"""{"alg":"ES256","kid":"{{Client}}"}""");
        string claims = Part($$"""{"iss":"{{Client}}","sub":"{{Client}}","aud":"{{Rig.Issuer}}","jti":"{{Guid.NewGuid()}}","iat":{{now}},"exp":{{now + 60}}}""");
        byte[] signature = key.SignData(Encoding.ASCII.GetBytes($"{head}.{claims}"), HashAlgorithmName.SHA256);
        return $"{head}.{claims}.{System.Buffers.Text.Base64Url.EncodeToString(signature)}";

        static string Part(string json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
    }
}
