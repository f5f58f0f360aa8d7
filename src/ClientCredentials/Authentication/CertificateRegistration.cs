using System.Security.Cryptography.X509Certificates;
using ClientCredentials.Clients;

namespace ClientCredentials.Authentication;

/// <summary>Code that gives the certificate that a client presents.</summary>
internal sealed record CertificateRegistration(string Client, string? Profile, Func<CancellationToken, ValueTask<X509Certificate2?>> Read)
    : CredentialRegistration(Client, Profile, CertificateRules.UseCertificate);
