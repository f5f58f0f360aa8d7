namespace ClientCredentials.Clients;

/// <summary>The settings that say where a key or a certificate is, as far as they are set: one where all is well.</summary>
internal static class GivenSources
{
    /// <summary>The names begin with <c>Key:</c>, whosever key it is.</summary>
    public static IEnumerable<(string Setting, string Value)> Of(KeyOptions key) => Set(
        ("Key:Pem", key.Pem),
        ("Key:PemFile", key.PemFile),
        ("Key:Pkcs12File", key.Pkcs12File),
        ("Key:Jwk", key.Jwk),
        ("Key:JwkFile", key.JwkFile),
        ("Key:StoreThumbprint", key.StoreThumbprint));

    public static IEnumerable<(string Setting, string Value)> Of(CertificateOptions certificate) => Set(
        ("Certificate:PemFile", certificate.PemFile),
        ("Certificate:Pem", certificate.Pem),
        ("Certificate:Pkcs12File", certificate.Pkcs12File),
        ("Certificate:StoreThumbprint", certificate.StoreThumbprint));

    private static IEnumerable<(string Setting, string Value)> Set(params (string Setting, string? Value)[] all) =>
        all.Where(one => !string.IsNullOrEmpty(one.Value)).Select(one => (one.Setting, one.Value!));
}
