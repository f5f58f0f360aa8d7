using System.Security.Cryptography;

namespace ClientCredentials.Tests.Authentication;

/// <summary>RSA keys made once for all tests, because making one takes long; each test gets an instance of its own.</summary>
internal static class KeysOfTests
{
    private static readonly Lazy<byte[]> Long = new(() => Made(2048));
    private static readonly Lazy<byte[]> Short = new(() => Made(1024));

    public static RSA Rsa() => Of(Long.Value);

    public static RSA ShortRsa() => Of(Short.Value);

    private static byte[] Made(int bits)
    {
        using RSA key = RSA.Create(bits);
        return key.ExportPkcs8PrivateKey();
    }

    private static RSA Of(byte[] pkcs8)
    {
        RSA key = RSA.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return key;
    }
}
