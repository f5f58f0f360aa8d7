using ClientCredentials.Clients;

namespace ClientCredentials.Authentication;

/// <summary>The one setting that says where a client's key is. Two are equal where they say the same.</summary>
/// <param name="Setting">The setting's name.</param>
/// <param name="Value">Its value: the key itself, a path or a thumbprint.</param>
/// <param name="Password">What the key is encrypted with.</param>
/// <param name="Group">What the setting's name begins with, where it is another key than the one the client proves itself with.</param>
internal sealed record KeySource(string Setting, string Value, string? Password, string Group = "")
{
    /// <summary>What the settings of the key of proofs begin with.</summary>
    public const string Dpop = "Dpop:";

    /// <summary>Whether the key is in the settings themselves, so that the same settings always give the same key.</summary>
    public bool IsText => Setting is "Key:Pem" or "Key:Jwk";

    public bool IsFile => Setting is "Key:PemFile" or "Key:Pkcs12File" or "Key:JwkFile";

    /// <summary>The setting, with its value where that may be shown.</summary>
    public string Name => IsText ? $"{Group}{Setting}" : WatchedFile.Named($"{Group}{Setting}", Value);

    public static KeySource? Of(KeyOptions options, string group = "") =>
        GivenSources.Of(options).Select(one => new KeySource(one.Setting, one.Value, options.Password, group)).FirstOrDefault();

    /// <returns>The key, or what is wrong with it, as the rest of a sentence.</returns>
    public (SigningKey? Key, string? Problem) Read(byte[] file)
    {
        (SigningKey? key, string? problem) = ReadKey(file);
        return (key, problem?.Replace("Key:Password", $"{Group}Key:Password", StringComparison.Ordinal));
    }

    private (SigningKey? Key, string? Problem) ReadKey(byte[] file) => Setting switch
    {
        "Key:Pem" => PemKey.Read(Value, Password),
        "Key:Jwk" => JwkKey.Read(Value),
        "Key:PemFile" => PemKey.Read(WatchedFile.Text(file), Password),
        "Key:JwkFile" => JwkKey.Read(WatchedFile.Text(file)),
        "Key:Pkcs12File" => CertificateKey.Read(file, Password),
        _ => CertificateKey.Find(Value),
    };

    // A record would print the key and its password.
    public override string ToString() => Name;
}
