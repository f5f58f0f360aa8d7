using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClientCredentials.Authentication;
using ClientCredentials.Clients;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials;

public sealed partial class ClientCredentialsBuilder
{
    /// <summary>Gives a client the RSA key it signs with (<see cref="AuthenticationMethod.PrivateKeyJwt"/>). It serves the active profile, and no other.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="key">The key, which stays the app's to dispose of, after its services.</param>
    public ClientCredentialsBuilder UseKey(string client, RSA key) => AddKey(client, profile: null, key);

    /// <summary>Gives a profile of a client the RSA key it signs with (<see cref="AuthenticationMethod.PrivateKeyJwt"/>).</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="profile">The profile's name.</param>
    /// <param name="key">The key, which stays the app's to dispose of, after its services.</param>
    public ClientCredentialsBuilder UseKey(string client, string profile, RSA key) => AddKey(client, Named(profile), key);

    /// <summary>Gives a client the EC key it signs with (<see cref="AuthenticationMethod.PrivateKeyJwt"/>). It serves the active profile, and no other.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="key">The key, which stays the app's to dispose of, after its services.</param>
    public ClientCredentialsBuilder UseKey(string client, ECDsa key) => AddKey(client, profile: null, key);

    /// <summary>Gives a profile of a client the EC key it signs with (<see cref="AuthenticationMethod.PrivateKeyJwt"/>).</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="profile">The profile's name.</param>
    /// <param name="key">The key, which stays the app's to dispose of, after its services.</param>
    public ClientCredentialsBuilder UseKey(string client, string profile, ECDsa key) => AddKey(client, Named(profile), key);

    /// <summary>Lets code sign for a client (<see cref="AuthenticationMethod.PrivateKeyJwt"/>), where its key never leaves an HSM or a vault. Asked once per token request, within its timeout. It serves the active profile, and no other.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="sign">Gets the algorithm, which is <see cref="AssertionOptions.Algorithm"/>, and the data, and gives the signature; one of ES algorithms as R and S one after the other (IEEE P1363).</param>
    public ClientCredentialsBuilder UseSigner(string client, Func<string, ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> sign) => AddSigner(client, profile: null, sign);

    /// <summary>Lets code sign for a profile of a client (<see cref="AuthenticationMethod.PrivateKeyJwt"/>), where its key never leaves an HSM or a vault. Asked once per token request, within its timeout.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="profile">The profile's name.</param>
    /// <param name="sign">Gets the algorithm, which is <see cref="AssertionOptions.Algorithm"/>, and the data, and gives the signature; one of ES algorithms as R and S one after the other (IEEE P1363).</param>
    public ClientCredentialsBuilder UseSigner(string client, string profile, Func<string, ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> sign) => AddSigner(client, Named(profile), sign);

    /// <summary>Gives a client its assertion by code (<see cref="AuthenticationMethod.FederatedAssertion"/>), asked once per token request. It serves the active profile, and no other.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="assertion">Gets the assertion: a JWT of another issuer.</param>
    public ClientCredentialsBuilder UseAssertion(string client, Func<CancellationToken, ValueTask<string?>> assertion) => AddAssertion(client, profile: null, assertion);

    /// <summary>Gives a profile of a client its assertion by code (<see cref="AuthenticationMethod.FederatedAssertion"/>), asked once per token request.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="profile">The profile's name.</param>
    /// <param name="assertion">Gets the assertion: a JWT of another issuer.</param>
    public ClientCredentialsBuilder UseAssertion(string client, string profile, Func<CancellationToken, ValueTask<string?>> assertion) => AddAssertion(client, Named(profile), assertion);

    /// <summary>Gives a client the certificate it presents (<see cref="AuthenticationMethod.TlsClientAuth"/>, <see cref="AuthenticationMethod.SelfSignedTlsClientAuth"/>, <see cref="ClientCredentialsOptions.CertificateBoundTokens"/>) by code, asked once per token fetch, within its timeout. It serves the active profile, and no other.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="certificate">Gets the certificate with its private key. It is copied and stays the app's to dispose of.</param>
    public ClientCredentialsBuilder UseCertificate(string client, Func<CancellationToken, ValueTask<X509Certificate2?>> certificate) => AddCertificate(client, profile: null, certificate);

    /// <summary>Gives a profile of a client the certificate it presents by code, asked once per token fetch, within its timeout.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="profile">The profile's name.</param>
    /// <param name="certificate">Gets the certificate with its private key. It is copied and stays the app's to dispose of.</param>
    public ClientCredentialsBuilder UseCertificate(string client, string profile, Func<CancellationToken, ValueTask<X509Certificate2?>> certificate) => AddCertificate(client, Named(profile), certificate);

    /// <summary>Lets code prove who a client is (<see cref="AuthenticationMethod.Custom"/>), asked once per token request, within its timeout. It serves the active profile, and no other.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="authenticate">Adds form fields or headers to the request; nothing else is added to prove who the client is, not even its id.</param>
    public ClientCredentialsBuilder UseAuthentication(string client, Func<TokenRequestMessage, CancellationToken, ValueTask> authenticate) => AddAuthentication(client, profile: null, authenticate);

    /// <summary>Lets code prove who a client is under a profile (<see cref="AuthenticationMethod.Custom"/>), asked once per token request, within its timeout.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="profile">The profile's name.</param>
    /// <param name="authenticate">Adds form fields or headers to the request; nothing else is added to prove who the client is, not even its id.</param>
    public ClientCredentialsBuilder UseAuthentication(string client, string profile, Func<TokenRequestMessage, CancellationToken, ValueTask> authenticate) => AddAuthentication(client, Named(profile), authenticate);

    /// <summary>Gives a client the RSA key that its tokens are bound to (<see cref="ClientCredentialsOptions.Dpop"/>). It serves the active profile, and no other.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="key">The key, which stays the app's to dispose of, after its services.</param>
    public ClientCredentialsBuilder UseDpopKey(string client, RSA key) => AddDpopKey(client, profile: null, key);

    /// <summary>Gives a profile of a client the RSA key that its tokens are bound to (<see cref="ClientCredentialsOptions.Dpop"/>).</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="profile">The profile's name.</param>
    /// <param name="key">The key, which stays the app's to dispose of, after its services.</param>
    public ClientCredentialsBuilder UseDpopKey(string client, string profile, RSA key) => AddDpopKey(client, Named(profile), key);

    /// <summary>Gives a client the EC key that its tokens are bound to (<see cref="ClientCredentialsOptions.Dpop"/>). It serves the active profile, and no other.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="key">The key, which stays the app's to dispose of, after its services.</param>
    public ClientCredentialsBuilder UseDpopKey(string client, ECDsa key) => AddDpopKey(client, profile: null, key);

    /// <summary>Gives a profile of a client the EC key that its tokens are bound to (<see cref="ClientCredentialsOptions.Dpop"/>).</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="profile">The profile's name.</param>
    /// <param name="key">The key, which stays the app's to dispose of, after its services.</param>
    public ClientCredentialsBuilder UseDpopKey(string client, string profile, ECDsa key) => AddDpopKey(client, Named(profile), key);

    private ClientCredentialsBuilder AddDpopKey(string client, string? profile, AsymmetricAlgorithm key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Add(client, new DpopKeyRegistration(client, profile, SigningKey.Of(key)!));
    }

    private ClientCredentialsBuilder AddKey(string client, string? profile, AsymmetricAlgorithm key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Add(client, new KeyRegistration(client, profile, "UseKey", SigningKey.Of(key)!));
    }

    private ClientCredentialsBuilder AddSigner(string client, string? profile, Func<string, ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> sign)
    {
        ArgumentNullException.ThrowIfNull(sign);
        return Add(client, new KeyRegistration(client, profile, "UseSigner", new DelegatedSigningKey(sign)));
    }

    private ClientCredentialsBuilder AddAssertion(string client, string? profile, Func<CancellationToken, ValueTask<string?>> assertion)
    {
        ArgumentNullException.ThrowIfNull(assertion);
        return Add(client, new AssertionRegistration(client, profile, assertion));
    }

    private ClientCredentialsBuilder AddCertificate(string client, string? profile, Func<CancellationToken, ValueTask<X509Certificate2?>> certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Add(client, new CertificateRegistration(client, profile, certificate));
    }

    private ClientCredentialsBuilder AddAuthentication(string client, string? profile, Func<TokenRequestMessage, CancellationToken, ValueTask> authenticate)
    {
        ArgumentNullException.ThrowIfNull(authenticate);
        return Add(client, new AuthenticationRegistration(client, profile, authenticate));
    }

    private ClientCredentialsBuilder Add(string client, CredentialRegistration registration)
    {
        ArgumentNullException.ThrowIfNull(client);
        Services.AddSingleton(registration);
        return this;
    }

    private static string Named(string profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile;
    }
}
