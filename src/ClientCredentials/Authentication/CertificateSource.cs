using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClientCredentials.Clients;

namespace ClientCredentials.Authentication;

/// <summary>The one setting that says where a client's certificate is. Two are equal where they say the same.</summary>
/// <param name="Setting">The setting's name.</param>
/// <param name="Value">Its value: the certificate itself, a path or a thumbprint.</param>
/// <param name="KeyFile">The path of the file that has the private key, where it is another.</param>
/// <param name="Password">What the private key is encrypted with.</param>
internal sealed record CertificateSource(string Setting, string Value, string? KeyFile, string? Password)
{
    private const string PasswordSetting = "Certificate:Password";
    private const int LeastRsaBits = 2048;

    // Windows cannot use a key for a connection that is in memory only.
    private static readonly X509KeyStorageFlags Storage =
        OperatingSystem.IsLinux() ? X509KeyStorageFlags.EphemeralKeySet : X509KeyStorageFlags.DefaultKeySet;

    /// <summary>Whether the certificate is in the settings themselves, so that the same settings always give the same one.</summary>
    public bool IsText => Setting == "Certificate:Pem";

    public bool IsFile => Setting is "Certificate:PemFile" or "Certificate:Pkcs12File";

    /// <summary>The setting, with its value where that may be shown.</summary>
    public string Name => IsText ? Setting : WatchedFile.Named(Setting, Value);

    public static CertificateSource? Of(CertificateOptions options)
    {
        string? keyFile = string.IsNullOrEmpty(options.KeyFile) ? null : options.KeyFile;
        return GivenSources.Of(options).Select(one => new CertificateSource(one.Setting, one.Value, keyFile, options.Password)).FirstOrDefault();
    }

    /// <param name="file">What the file holds.</param>
    /// <param name="keyFile">What the file of the key holds; nothing where there is none.</param>
    /// <returns>The certificate with its private key and what belongs to its chain; or what is wrong, as the rest of a sentence.</returns>
    public (X509Certificate2? Certificate, X509Certificate2Collection Chain, string? Problem) Read(byte[] file, byte[] keyFile)
    {
        (X509Certificate2? certificate, X509Certificate2Collection chain, string? problem) = Setting switch
        {
            "Certificate:Pem" => OfPem(Value, Password),
            "Certificate:PemFile" => OfPem($"{WatchedFile.Text(file)}\n{WatchedFile.Text(keyFile)}", Password),
            "Certificate:Pkcs12File" => CertificateKey.Open(file, Password, PasswordSetting, Storage),
            _ => OfStore(Value),
        };
        return certificate is not null && KeyProblem(certificate) is { } unusable ? (null, chain, unusable) : (certificate, chain, problem);
    }

    /// <summary>Why the private key of a certificate cannot be used, as the rest of a sentence; or null.</summary>
    public static string? KeyProblem(X509Certificate2 certificate)
    {
        if (!certificate.HasPrivateKey)
        {
            return "has no private key";
        }

        try
        {
            using RSA? rsa = certificate.GetRSAPrivateKey();
            if (rsa is not null)
            {
                return rsa.KeySize < LeastRsaBits ? $"has an RSA key of {rsa.KeySize} bits; at least {LeastRsaBits} are needed" : null;
            }

            using ECDsa? ec = certificate.GetECDsaPrivateKey();
            return ec is null ? "has a private key that is neither RSA nor EC" : null;
        }
        catch (CryptographicException)
        {
            return "has a private key that this account may not use, or that is damaged";
        }
    }

    // A record would print the certificate's key and its password.
    public override string ToString() => Name;

    private static (X509Certificate2? Certificate, X509Certificate2Collection Chain, string? Problem) OfStore(string thumbprint)
    {
        (X509Certificate2? certificate, string? problem) = CertificateKey.Stored(thumbprint);
        return (certificate, [], problem);
    }

    private static (X509Certificate2? Certificate, X509Certificate2Collection Chain, string? Problem) OfPem(string text, string? password)
    {
        (AsymmetricAlgorithm? key, string[] certificates, string? problem) = PemKey.Open(text, password, PasswordSetting);
        if (key is null)
        {
            return (null, [], problem);
        }

        if (certificates.Length == 0)
        {
            return (null, [], "has a private key, and no certificate");
        }

        X509Certificate2Collection chain = [];
        X509Certificate2? own = null;
        try
        {
            byte[] publicKey = key.ExportSubjectPublicKeyInfo();
            foreach (X509Certificate2 certificate in certificates.Select(pem => X509Certificate2.CreateFromPem(pem)))
            {
                bool isOwn = own is null && certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey);
                own = isOwn ? WithKey(certificate, key) : own;
                chain.Add(certificate);
            }
        }
        catch (CryptographicException)
        {
            return (null, [], "has a certificate that is damaged");
        }

        return own is null ? (null, [], "has a certificate that belongs to another key") : (own, chain, null);
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        X509Certificate2 whole = key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)key);
        return OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), password: null, Storage) : whole;
    }
}
