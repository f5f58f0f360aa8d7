using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary>Reads a private key from PEM text (RFC 7468): PKCS#8, encrypted PKCS#8, PKCS#1 or SEC1, with or without its certificate.</summary>
internal static class PemKey
{
    private const string Encrypted = "ENCRYPTED PRIVATE KEY";
    private static readonly string[] PrivateLabels = ["PRIVATE KEY", Encrypted, "RSA PRIVATE KEY", "EC PRIVATE KEY"];

    /// <returns>The key, or what is wrong with the text, as the rest of a sentence.</returns>
    public static (SigningKey? Key, string? Problem) Read(string text, string? password)
    {
        (AsymmetricAlgorithm? key, string[] certificates, string? problem) = Open(text, password, "Key:Password");
        return key is null ? (null, problem) : WithCertificate(key, certificates);
    }

    /// <param name="text">The PEM text.</param>
    /// <param name="password">What the key is encrypted with.</param>
    /// <param name="passwordSetting">The setting that has the password.</param>
    /// <returns>The key and the PEM of each certificate, or what is wrong with the text, as the rest of a sentence.</returns>
    public static (AsymmetricAlgorithm? Key, string[] Certificates, string? Problem) Open(string text, string? password, string passwordSetting)
    {
        // An environment variable often holds the line breaks written out.
        string pem = text.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\r", "", StringComparison.Ordinal);
        if (pem.Contains("Proc-Type:", StringComparison.Ordinal))
        {
            return (null, [], "is encrypted in an old form ('Proc-Type: 4,ENCRYPTED') that is not supported; 'openssl pkcs8 -topk8' turns it into the usual one");
        }

        List<(string Label, string Block)> blocks = Blocks(pem);
        (string Label, string Block)[] keys = [.. blocks.Where(block => PrivateLabels.Contains(block.Label, StringComparer.Ordinal))];
        if (keys.Length != 1)
        {
            return (null, [], (keys.Length, blocks.Count) switch
            {
                (0, 0) => "is not PEM: it has no block from '-----BEGIN …-----' to '-----END …-----' that can be read",
                (0, _) => $"has no private key; it has {string.Join(" and ", blocks.Select(block => block.Label).Distinct(StringComparer.Ordinal))}",
                _ => $"has {keys.Length} private keys, and nobody can say which is meant",
            });
        }

        bool isEncrypted = keys[0].Label == Encrypted;
        if (isEncrypted && string.IsNullOrEmpty(password))
        {
            return (null, [], $"is encrypted, and there is no {passwordSetting}");
        }

        if (Import(keys[0].Block, isEncrypted ? password : null) is not { } key)
        {
            return (null, [], isEncrypted
                ? $"cannot be decrypted with {passwordSetting}, or holds a key that is neither RSA nor EC"
                : "has a private key that is damaged, or neither RSA nor EC (Ed25519 is not supported)");
        }

        return (key, [.. blocks.Where(block => block.Label == "CERTIFICATE").Select(block => block.Block)], null);
    }

    private static (SigningKey? Key, string? Problem) WithCertificate(AsymmetricAlgorithm key, string[] certificates)
    {
        if (certificates.Length == 0)
        {
            return (SigningKey.Of(key), null);
        }

        foreach (string pem in certificates)
        {
            try
            {
                using X509Certificate2 certificate = X509Certificate2.CreateFromPem(pem);
                if (certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
                {
                    return (SigningKey.Of(key, certificateThumbprint: Thumbprints.Of(certificate)), null);
                }
            }
            catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
            {
                return (null, "has a certificate that is damaged");
            }
        }

        return (null, "has a certificate that belongs to another key");
    }

    private static List<(string Label, string Block)> Blocks(string pem)
    {
        List<(string Label, string Block)> blocks = [];
        ReadOnlySpan<char> rest = pem;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            blocks.Add((rest[fields.Label].ToString(), rest[fields.Location].ToString()));
            rest = rest[fields.Location.End..];
        }

        return blocks;
    }

    // The label alone does not tell the kind of key, and an encrypted block tells nothing: the one that can read it is right.
    private static AsymmetricAlgorithm? Import(string block, string? password) =>
        TryImport(RSA.Create(), block, password) ?? TryImport(ECDsa.Create(), block, password);

    private static AsymmetricAlgorithm? TryImport(AsymmetricAlgorithm key, string block, string? password)
    {
        try
        {
            if (password is null)
            {
                key.ImportFromPem(block);
            }
            else
            {
                key.ImportFromEncryptedPem(block, password);
            }

            return key;
        }
        // A curve that this machine does not know is one the platform does not support.
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            key.Dispose();
            return null;
        }
    }
}
