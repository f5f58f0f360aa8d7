using System.Text;
using ClientCredentials.Authentication;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tests.Fuzzing;

/// <summary>Private keys as text: PEM and JWK.</summary>
internal sealed class KeyTextTarget : Target
{
    private static readonly string[] Words =
    [
        "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "-----BEGIN EC PRIVATE KEY-----", "-----BEGIN CERTIFICATE-----", "-----BEGIN ", "-----", "Proc-Type: 4,ENCRYPTED", "\n", "\\n", "\r", "=", "AAAA",
        "\"", "{", "}", "[", "]", "null", "1", "\\ud800", "\"kty\":\"oct\",", "\"kty\":\"OKP\",", "\"crv\":\"P-521\",", "\"crv\":\"P-384\",", "\"alg\":\"none\",", "\"alg\":\"ES256\",", "\"use\":\"enc\",", "\"n\":\" \",", "\"n\":\"AA\",", "\"e\":\"AA\",", "\"e\":\"\",",
        "\"x\":\"AA\",", "\"d\":\" \",", "\"d\":\"AA\",", "\"p\":\"AA\",", "\"keys\":[],", "\"keys\":[null],", "\"kid\":\"\\u0000\",", "\"\\ud800\":1,", "\ufeff",
    ];

    public override string Name => "key-text";

    public override int Everyday => 1500;

    public override async ValueTask<bool> TryAsync(Chance chance, List<string> shown)
    {
        bool isPem = chance.OneIn(2);
        string text = chance.Text(isPem ? KeyCorpus.Pems : KeyCorpus.Jwks, Words);
        string? password = chance.Pick(null, KeyCorpus.Password, "wrong", "");
        shown.Add($"password '{password}': {text}");

        (SigningKey? key, string? problem) = isPem ? PemKey.Read(text, password) : JwkKey.Read(text);

        return await JudgeAsync(key, problem, chance);
    }

    /// <summary>A key that signs or says why it cannot; or a reason why there is none. Nothing of a key is in either.</summary>
    internal static async ValueTask<bool> JudgeAsync(SigningKey? key, string? problem, Chance chance)
    {
        Claim(key is null != problem is null, "Neither a key nor a problem, or both.");
        string[] texts = [problem ?? ""];
        if (key is not null)
        {
            ClientCredentialsOptions options = new() { Assertion = { Algorithm = chance.Pick(null, "RS256", "PS256", "ES256", "ES512", "HS256", "none") } };
            (Signer? signer, string? misfit) = Signer.Of("Key", key, options);
            Claim(signer is null != misfit is null, "Neither a signer nor a problem, or both.");
            (string? jws, Failure? failure) = signer is null ? (null, null) : await signer.SignAsync([1], [2], CancellationToken.None);
            Claim(jws is null || jws.Split('.').Length == 3, "A signature of another shape.");
            texts = [misfit ?? "", failure?.Message ?? "", failure?.Cause?.ToString() ?? ""];
        }

        foreach (string text in texts)
        {
            Claim(text.Length < 3000, $"A text of {text.Length} characters.");
            Claim(!KeyCorpus.IsShownIn(text), $"A part of a key is in: {text}");
        }

        ClaimFit(problem);
        return key is not null;
    }
}

/// <summary>Private keys in PKCS#12 files, and other bytes in their place.</summary>
internal sealed class KeyFileTarget : Target
{
    private static readonly byte[][] Words = [[0], [0x30, 0x82, 0xff, 0xff], [0x30, 0x80], [0x02, 0x01, 0x00], [0x04, 0x00], [0xff, 0xff, 0xff, 0xff], Encoding.ASCII.GetBytes("-----BEGIN PRIVATE KEY-----")];

    public override string Name => "key-file";

    public override int Everyday => 800;

    public override ValueTask<bool> TryAsync(Chance chance, List<string> shown)
    {
        byte[] file = chance.Bytes(KeyCorpus.Pkcs12s, Words);
        string? password = chance.Pick(KeyCorpus.Password, KeyCorpus.Password, null, "wrong");
        shown.Add($"password '{password}': {Convert.ToBase64String(file)}");

        (SigningKey? key, string? problem) = CertificateKey.Read(file, password);

        return KeyTextTarget.JudgeAsync(key, problem, chance);
    }
}
