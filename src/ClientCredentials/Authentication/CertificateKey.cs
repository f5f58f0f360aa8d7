using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary>Gets a private key that comes with its certificate: from a PKCS#12 file, or from a certificate store of the machine.</summary>
internal static class CertificateKey
{
    private const int WrongPassword = unchecked((int)0x80070056);

    // Keys stay in memory; only Apple's systems cannot do that.
    private static readonly X509KeyStorageFlags Storage =
        OperatingSystem.IsMacOS() ? X509KeyStorageFlags.DefaultKeySet : X509KeyStorageFlags.EphemeralKeySet;

    /// <returns>The key, or what is wrong with the file, as the rest of a sentence.</returns>
    public static (SigningKey? Key, string? Problem) Read(byte[] pkcs12, string? password)
    {
        (X509Certificate2? certificate, _, string? problem) = Open(pkcs12, password, "Key:Password", Storage);
        return certificate is null ? (null, problem) : Of(certificate);
    }

    /// <returns>The key of a certificate of the user or the machine, or why there is none, as the rest of a sentence.</returns>
    public static (SigningKey? Key, string? Problem) Find(string thumbprint)
    {
        (X509Certificate2? certificate, string? problem) = Stored(thumbprint);
        return certificate is null ? (null, problem) : Of(certificate);
    }

    /// <param name="pkcs12">The file.</param>
    /// <param name="password">What it is encrypted with.</param>
    /// <param name="passwordSetting">The setting that has the password.</param>
    /// <param name="storage">Where its key is kept.</param>
    /// <returns>The one certificate that has its private key, and all there are; or what is wrong with the file, as the rest of a sentence.</returns>
    public static (X509Certificate2? Certificate, X509Certificate2Collection All, string? Problem) Open(byte[] pkcs12, string? password, string passwordSetting, X509KeyStorageFlags storage)
    {
        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(pkcs12, string.IsNullOrEmpty(password) ? null : password, storage);
        }
        catch (CryptographicException exception)
        {
            return (null, [], exception.HResult == WrongPassword
                ? string.IsNullOrEmpty(password) ? $"has a password, and there is no {passwordSetting}" : $"cannot be opened with {passwordSetting}"
                : "is no PKCS#12 file (.pfx, .p12), or is damaged");
        }

        X509Certificate2[] withKey = [.. all.Where(certificate => certificate.HasPrivateKey)];
        return withKey.Length switch
        {
            1 => (withKey[0], all, null),
            0 => (null, all, "has no private key"),
            _ => (null, all, $"has {withKey.Length} certificates with a private key, and nobody can say which is meant"),
        };
    }

    /// <returns>A certificate of the user or the machine that has its private key, or why there is none, as the rest of a sentence.</returns>
    public static (X509Certificate2? Certificate, string? Problem) Stored(string thumbprint)
    {
        // Copied out of a dialog, a thumbprint may bring spaces, colons and marks that nobody sees.
        string wanted = string.Concat(thumbprint.Where(char.IsAsciiHexDigit)).ToUpperInvariant();
        if (HashOf(wanted) is not { } hash)
        {
            return (null, "is no thumbprint, which has 40 (SHA-1) or 64 (SHA-256) hexadecimal digits");
        }

        X509Certificate2? found = new[] { StoreLocation.CurrentUser, StoreLocation.LocalMachine }
            .SelectMany(Personal)
            .Where(certificate => certificate.GetCertHashString(hash) == wanted)
            .OrderByDescending(certificate => certificate.HasPrivateKey)
            .FirstOrDefault();
        return found switch
        {
            null => (null, "is of no certificate in the personal store of this user or of this machine"),
            { HasPrivateKey: false } => (null, "is of a certificate that is in the store without its private key"),
            _ => (found, null),
        };
    }

    private static (SigningKey? Key, string? Problem) Of(X509Certificate2 certificate)
    {
        try
        {
            AsymmetricAlgorithm? key = certificate.GetRSAPrivateKey() ?? (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey();
            return SigningKey.Of(key, certificateThumbprint: Thumbprints.Of(certificate)) is { } signing
                ? (signing, null)
                : (null, "has a private key that is neither RSA nor EC");
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            return (null, "has a private key that this account may not use, or that is damaged");
        }
    }

    private static HashAlgorithmName? HashOf(string thumbprint) => thumbprint.Length switch
    {
        40 => HashAlgorithmName.SHA1,
        64 => HashAlgorithmName.SHA256,
        _ => null,
    };

    private static X509Certificate2[] Personal(StoreLocation location)
    {
        try
        {
            using X509Store store = new(StoreName.My, location);
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            return [.. store.Certificates];
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException or IOException or UnauthorizedAccessException)
        {
            // A system may have no such store, or none yet, or none for this account; where it is a folder, a certificate may go while it is read.
            return [];
        }
    }
}
