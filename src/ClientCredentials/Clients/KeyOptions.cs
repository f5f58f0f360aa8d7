using System.Diagnostics;
using System.Text.Json.Serialization;

namespace ClientCredentials;

/// <summary>Where a client's private key is. One of the places, or none where code gives the key (<c>UseKey</c>, <c>UseSigner</c>).</summary>
/// <remarks>
/// RSA keys of 2048 bits and more, and EC keys on P-256, P-384 or P-521. Files are looked at once per token fetch and read again when they changed;
/// a relative path is one below the host's content root.
/// </remarks>
public sealed class KeyOptions
{
    /// <summary>The key as PEM text: PKCS#8 (also encrypted), PKCS#1 or SEC1. A certificate in it is named by <c>x5t#S256</c>. Keep it out of files that are checked in. Defaults to none.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? Pem { get; set; }

    /// <summary>The path of a PEM file that holds what <see cref="Pem"/> would. Defaults to none.</summary>
    public string? PemFile { get; set; }

    /// <summary>The path of a PKCS#12 file (.pfx, .p12) with one certificate that has its private key. Defaults to none.</summary>
    public string? Pkcs12File { get; set; }

    /// <summary>The key as a private JSON Web Key (RFC 7517), whose <c>kid</c> and <c>alg</c> are taken too. Keep it out of files that are checked in. Defaults to none.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? Jwk { get; set; }

    /// <summary>The path of a file that holds what <see cref="Jwk"/> would. Defaults to none.</summary>
    public string? JwkFile { get; set; }

    /// <summary>The SHA-1 or SHA-256 thumbprint, in hexadecimal, of a certificate in the personal store of the user or the machine. Defaults to none.</summary>
    public string? StoreThumbprint { get; set; }

    /// <summary>The password of an encrypted PEM key or of the PKCS#12 file. Defaults to none.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? Password { get; set; }

    /// <summary>The key's name at the server (<c>kid</c>, RFC 7515 §4.1.4). Defaults to the <c>kid</c> of a JWK, else to none.</summary>
    public string? KeyId { get; set; }
}
