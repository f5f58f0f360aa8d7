using System.Diagnostics;
using System.Text.Json.Serialization;

namespace ClientCredentials;

/// <summary>Where the certificate is that a client presents on its connections (RFC 8705). One of the places, or none where code gives the certificate (<c>UseCertificate</c>).</summary>
/// <remarks>
/// The private key is RSA or EC. Files are looked at once per token fetch and read again when they changed; a relative path is one below the host's content root.
/// Further certificates beside the client's own are sent as its chain.
/// </remarks>
public sealed class CertificateOptions
{
    /// <summary>The path of a PEM file with the certificate, and with its private key unless <see cref="KeyFile"/> has that. Defaults to none.</summary>
    public string? PemFile { get; set; }

    /// <summary>The path of a PEM file with the private key of the certificate in <see cref="PemFile"/>: PKCS#8 (also encrypted), PKCS#1 or SEC1. Defaults to none.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Certificate and private key as PEM text. Keep it out of files that are checked in. Defaults to none.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? Pem { get; set; }

    /// <summary>The path of a PKCS#12 file (.pfx, .p12) with one certificate that has its private key. Defaults to none.</summary>
    public string? Pkcs12File { get; set; }

    /// <summary>The SHA-1 or SHA-256 thumbprint, in hexadecimal, of a certificate in the personal store of the user or the machine. Defaults to none.</summary>
    public string? StoreThumbprint { get; set; }

    /// <summary>The password of an encrypted PEM key or of the PKCS#12 file. Defaults to none.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? Password { get; set; }
}
