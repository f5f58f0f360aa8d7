using System.Buffers.Text;
using System.Security.Cryptography;

namespace ClientCredentials.Tests.Fuzzing;

/// <summary>Keys made for nothing but this, in all the forms that are read. Fixed, or the same seed would not make the same inputs.</summary>
internal static class KeyCorpus
{
    public const string Password = "canary-key-password";

    // PKCS#8.
    private const string Rsa =
        "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQCtvt1r4iTJDxvd7CqHhurzDvmwvMYshfyuIY5noSL7n8Fcv96pBTWjanojHRAiu8nUkTU/" +
        "dcr7SA8MOG3KayZbrZI9q6LNkDVFM4+/pkfFsvBHuPYb7Bw9HJ6obdoMHGVMI5hSDGafBI0nOsa3J43ISz3SjTx9Y9S8jCubsd64IRNi8y3+hTHTpfZq+kPi" +
        "56Bp8Ui6eklxAmzyb/wfNNz8PNDI8QnKWx1JMiBUDgQ5e4fMSF9hVWq668AGXr1KGWmhpNvTNBQ1xAA4gsNuwCPr+IL9GnOdaIW2pj6wA7lqeJnaP9xymFWL" +
        "2zWwrYlU+apJCH0vv8kJ6tkEQ+vUvI7HAgMBAAECggEAFqWm2f2fut9vy/URNBo3fNgqXsm0cTBD1/TCyao805ymyS6vWMu3iqYB5prOtCBTNhR5Yty5SRjC" +
        "8V5XnUdrOA7/XW+GaJIQB4WpipsjhtcEr+yhk9EqeyLEYYL0JZj78TlAjQ1VwQuIVKE6LryGpCF+nPfQ9y0wmSUSOBiuxcQ+xhdNsWe76g7ciZ3kuYRN55Xb" +
        "8g4e7Tqon4woHFG42c/U9Puk/fdhEW4qmTe2in0NaSPqqBOmxf21k9btLriYfL8FAMCovTg7M7LV7+EztQkK3szYsmkG28T6jrZlUv2lraGUvKvhwE32nStI" +
        "fH19ZEqORlkNPJC9MHXTf1TfvQKBgQDlC2LcksUUuY/Vyk3u64UoE0wqG/hBzCYqKelTn+/Z6Sku2DnyIkaxc9+Nx+SDmbSn1J8GbPddko2EH70Tmm3JT0m5" +
        "9Mt9hBrAoPvpP+9VfjPMpvPH1+Jyg57Wzrt3kgJFhtpqN1gmanqEDMKgihIKUrAxyxPP4l6SlPibvErggwKBgQDCMXE/dsQLfK/vMkYZ+jc6l9UB2kbYD0Iv" +
        "kVjNfj2ermyhAHmovgzO8UpcQ6kgqUJFNTh2/1s5U3KFJ98NHW8lHSIJQc6RwMA0wrlnZlOsVVJ6UNNFSfmIbK1IZKHvTXjueMnP9pNv3shmYx2FM42XEYMl" +
        "gHjcUmrp0DHTlul9bQKBgDiuGqbvAypfyUJkr+iCDA+gxuZcyZCuznr8qCrzl01br79R7vUGmmvretUBNIGElfo6WagjawuS6sZZfFbPjn+UyW/lLj4/ZMdq" +
        "jyxnj/ieJH9uiUFZIUapX7NUsXujfEBsYLyMOZo4G112Muu7fz9iuwt3b82v/StVBjiz3eu1AoGAORiaaIN97raxb83DSL4F4QdlTI8mBz6tQhklF/5HFdHJ" +
        "BKmEG7YNRAczyt7l6kF5x6l3OZ2o77j2UepALbX6yNnA+SHNH5Ohr6GVK66taV0IzAfZpmSypob1h/R2nEqWBN+kzq17+gdxupDnzBM1TTaL7cnRP05IOwjI" +
        "raKQch0CgYBsXX6xFMZJQuYvL7ziua/H8oeOrxttS8E43Gk67KRFIGAqHsWSh7FUf9o9Mr7KwI89ic7lNRvtp738vTcPlVY9W9XKJ5nqqg3bwKZbtkDAMzB5" +
        "PRRwNjWd5HTmItPbGXiwmN95Y1pQVN3YeqTRzhMkngWzr6WZ1q6R5v2D56S4+A==";

    private const string Ec =
        "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmUE62UjcPWh5PhPm6qHMsVVM1btQwJej6RgySxu7A8WhRANCAARbSuU59KKYqooqf+hEYhIF" +
        "pXpK9Aw3tI/bR1wQWtxn3Y9ZYbSPg+fzdS9/NDgzhYD6UHN4N7v6Zo6HdEx3cQBO";

    // The EC key, encrypted with one round: the readers are tested, and not the machine.
    private const string EcEncrypted =
        "MIHrMFYGCSqGSIb3DQEFDTBJMCgGCSqGSIb3DQEFDDAbBAgFyHpqIDBxQgIBATAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQt0L3mm/OaS4DD4da1Viy" +
        "DwSBkFXa2Np6uVpK1B0ezJj1cWnXJnvFCGxISHCk+sMC75xubgBszdyehfbEY7IRgy5Rm96zIwGxQ2rB8kdrkZ4WMwns69+Mwe5GXqlAkDIHfP79O1s7jnqK" +
        "/HUzyGkAdjPB+uSZ990M4dpTiB/ZbQzM7fBgCxD/VCAY5POXE6zKabyRCuriDo7YXyI3BchQmksY/w==";

    private const string EcCertificate =
        "MIIBdDCCARugAwIBAgIUC0WQEFv81yZEs2B+5HxTXrmIaE0wCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwEZnV6ejAgFw0yNjExMjEwNDAzNDdaGA8yMTI2MTAy" +
        "ODA0MDM0N1owDzENMAsGA1UEAwwEZnV6ejBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABFtK5Tn0opiqiip/6ERiEgWlekr0DDe0j9tHXBBa3Gfdj1lhtI+D" +
        "5/N1L380ODOFgPpQc3g3u/pmjod0THdxAE6jUzBRMB0GA1UdDgQWBBSW9YKCzdQupgc4RZBNOOfGmgPDfDAfBgNVHSMEGDAWgBSW9YKCzdQupgc4RZBNOOfG" +
        "mgPDfDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIFfKujG8fdyYjcqS5avfkykKQ3Pj9hiyehaQLwDvIHQ0AiB3ZWocoPy6ZuhFFCfrwGQk" +
        "OtWbGIl1GAtnAq0oEf+VnA==";

    private const string Pkcs12 =
        "MIIEBgIBAzCCA8AGCSqGSIb3DQEHAaCCA7EEggOtMIIDqTCCAmEGCSqGSIb3DQEHBqCCAlIwggJOAgEAMIICRwYJKoZIhvcNAQcBMFYGCSqGSIb3DQEFDTBJ" +
        "MCgGCSqGSIb3DQEFDDAbBAh0NZQH9RvUfAIBATAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQNQwKtZKzWcRvOVMOSwVN+YCCAeDRnLsNcFC5hT4FyEIe" +
        "f7oRA67gqGVRxMHBLg26RpMcY7oIyrbXc4VmYmRyg6IS7cQ1myc8seNakoev+jW6Ab2Hd9jdtQsUB0jPDmEIf10wl8rp3bHWDE2onCpV6VnvdE6k6sF4YOWh" +
        "ciSpL/DqGqqsAEIYoHn3llT+0xP4oC0+LTkYBqrVyEv4sor7uxCUWIApGsPD8BU0iK/2U2lu1c8ir5UpPzCuvDIVBoosMiwMIysDiU6muv1CWiw7exH5KcBJ" +
        "M3Uzs5H51DV8BBPU4aPYp9oE/6pAYt+FilyR/Twqqp8r3lOnNRegvBO9Rc9tnTYLlfFZ8CTHTyjKhuT366VTtRgFwL9PySxgxQXjJmgApPCgNLQaRutsj4qA" +
        "fiZlp8/+MHIVXexgWi3WfNKibNDTOhi+0r80Etg+/bP1RwVRJgF9AyzoenlKO6B6SHLViHyrKPxSerpjZ8fKN3Kn4i8me1dwkFS1DJlnLUzzHNy3X985rXEm" +
        "BLGP+hXRqR1D7B0gijzuCnzt8ZQuWrynK9j1oii6dWwHzM7BtXw9rth1zC0AHyLevkFnu95gu6RVlyjrp1yur92ZtgGF3Jsfx4Pkd56XMLK/ZYr8RgIqaIso" +
        "ztwT5+U7imYwXsrWUbbl7HkwggFABgkqhkiG9w0BBwGgggExBIIBLTCCASkwggElBgsqhkiG9w0BDAoBAqCB7jCB6zBWBgkqhkiG9w0BBQ0wSTAoBgkqhkiG" +
        "9w0BBQwwGwQIsRoS1YNHxv0CAQEwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEIsiOTgjjhvkHM0+2JhimE0EgZDy0srNiFUTd/xwALL7HcBpDzvhwkdt" +
        "RYmyOrixPOBC7DDL/pUt4QKH4VcJcdjrBjtoyUYPVwGAMFyeFkbL16qwMDodSJUhVjVQRzB4syYhrzoNXwbwj+1rYnIIiJG8GxqGkXlQrq6EhTq2guXiSfVH" +
        "YQZvjSq2PWTsT7JnmQi9FW7Kf8iQ1+XslJtDgXJ0NX4xJTAjBgkqhkiG9w0BCRUxFgQUraqsP5HX5NLbAcd7Gx4FEPteYREwPTAxMA0GCWCGSAFlAwQCAQUA" +
        "BCBduaZvkzwDwf68RyCiwPBa25+hFVcgW0LyZOJkH6WbSgQIciipkjHAYXc=";

    // Without encryption, so that a turned bit gets to the key.
    private const string OpenPkcs12 =
        "MIIC4AIBAzCCAtkGCSqGSIb3DQEHAaCCAsoEggLGMIICwjCCAeMGCSqGSIb3DQEHAaCCAdQEggHQMIIBzDCCAcgGCyqGSIb3DQEMCgEDoIIBkDCCAYwGCiqG" +
        "SIb3DQEJFgGgggF8BIIBeDCCAXQwggEboAMCAQICFAtFkBBb/NcmRLNgfuR8U165iGhNMAoGCCqGSM49BAMCMA8xDTALBgNVBAMMBGZ1enowIBcNMjYxMTIx" +
        "MDQwMzQ3WhgPMjEyNjEwMjgwNDAzNDdaMA8xDTALBgNVBAMMBGZ1enowWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARbSuU59KKYqooqf+hEYhIFpXpK9Aw3" +
        "tI/bR1wQWtxn3Y9ZYbSPg+fzdS9/NDgzhYD6UHN4N7v6Zo6HdEx3cQBOo1MwUTAdBgNVHQ4EFgQUlvWCgs3ULqYHOEWQTTjnxpoDw3wwHwYDVR0jBBgwFoAU" +
        "lvWCgs3ULqYHOEWQTTjnxpoDw3wwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBXyroxvH3cmI3KkuWr35MpCkNz4/YYsnoWkC8A7yB0NAIg" +
        "d2VqHKD8umboRRQn68BkJDrVmxiJdRgLZwKtKBH/lZwxJTAjBgkqhkiG9w0BCRUxFgQUraqsP5HX5NLbAcd7Gx4FEPteYREwgdgGCSqGSIb3DQEHAaCBygSB" +
        "xzCBxDCBwQYLKoZIhvcNAQwKAQGggYowgYcCAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEbTBrAgEBBCCZQTrZSNw9aHk+E+bqocyxVUzVu1DAl6PpGDJLG7sD" +
        "xaFEA0IABFtK5Tn0opiqiip/6ERiEgWlekr0DDe0j9tHXBBa3Gfdj1lhtI+D5/N1L380ODOFgPpQc3g3u/pmjod0THdxAE4xJTAjBgkqhkiG9w0BCRUxFgQU" +
        "raqsP5HX5NLbAcd7Gx4FEPteYRE=";

    public static string[] Pems { get; } = MakePems();

    public static string[] Jwks { get; } = MakeJwks();

    public static byte[][] Pkcs12s { get; } = [Convert.FromBase64String(Pkcs12), Convert.FromBase64String(OpenPkcs12), Convert.FromBase64String(EcCertificate), Convert.FromBase64String(Ec)];

    private static string[] Secrets { get; } =
    [
        Rsa, Ec, EcEncrypted, Pkcs12, OpenPkcs12, Password,
        .. Jwks.SelectMany(jwk => jwk.Split('"')).Where(part => part.Length >= 32),
    ];

    /// <summary>Whether a text has twelve characters in a row of a key.</summary>
    public static bool IsShownIn(string text) =>
        Enumerable.Range(0, Math.Max(0, text.Length - 11)).Any(at => Secrets.Any(secret => secret.AsSpan().Contains(text.AsSpan(at, 12), StringComparison.Ordinal)));

    private static string[] MakePems()
    {
        using RSA rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(Convert.FromBase64String(Rsa), out _);
        using ECDsa ec = ECDsa.Create();
        ec.ImportPkcs8PrivateKey(Convert.FromBase64String(Ec), out _);
        string certificate = PemEncoding.WriteString("CERTIFICATE", Convert.FromBase64String(EcCertificate));
        return
        [
            ec.ExportPkcs8PrivateKeyPem(),
            ec.ExportECPrivateKeyPem(),
            ec.ExportECPrivateKeyPem().Replace("\n", "\\n", StringComparison.Ordinal),
            $"{ec.ExportPkcs8PrivateKeyPem()}\n{certificate}",
            PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", Convert.FromBase64String(EcEncrypted)),
            rsa.ExportPkcs8PrivateKeyPem(),
            rsa.ExportRSAPrivateKeyPem(),
            ec.ExportSubjectPublicKeyInfoPem(),
            certificate,
        ];
    }

    private static string[] MakeJwks()
    {
        using RSA rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(Convert.FromBase64String(Rsa), out _);
        RSAParameters r = rsa.ExportParameters(includePrivateParameters: true);
        using ECDsa ec = ECDsa.Create();
        ec.ImportPkcs8PrivateKey(Convert.FromBase64String(Ec), out _);
        ECParameters e = ec.ExportParameters(includePrivateParameters: true);
        string ofRsa = $$"""{"kty":"RSA","kid":"r1","alg":"PS256","n":"{{Text(r.Modulus)}}","e":"{{Text(r.Exponent)}}","d":"{{Text(r.D)}}","p":"{{Text(r.P)}}","q":"{{Text(r.Q)}}","dp":"{{Text(r.DP)}}","dq":"{{Text(r.DQ)}}","qi":"{{Text(r.InverseQ)}}"}""";
        string ofEc = $$"""{"kty":"EC","crv":"P-256","x":"{{Text(e.Q.X)}}","y":"{{Text(e.Q.Y)}}","d":"{{Text(e.D)}}","use":"sig"}""";
        return [ofRsa, ofEc, $$"""{"keys":[{{ofEc}}]}""", $$"""{"keys":[{{ofEc}},{{ofEc}}]}"""];
    }

    private static string Text(byte[]? bytes) => Base64Url.EncodeToString(bytes);
}
