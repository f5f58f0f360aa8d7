using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary><c>private_key_jwt</c> and <c>client_secret_jwt</c>: an assertion of the client's own, a new one for each request (RFC 7523 §2.2).</summary>
internal sealed class AssertionCredential(Settings settings, Signer signer) : Credential
{
    public override async ValueTask<Failure?> AddToAsync(TokenRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ClientCredentialsOptions options = settings.Options;
        AssertionOptions wanted = options.Assertion;
        string clientId = options.ClientId!;
        ClientAssertion assertion = new(clientId, Audience(options), ClientAssertion.NewId(), now - wanted.BackdateIssuedAt, wanted.Lifetime) { HasNotBefore = wanted.IncludeNotBefore };
        string? keyId = options.Key.KeyId is { Length: > 0 } configured ? configured : signer.Key.KeyId;
        byte[] header = ClientAssertion.Header(signer.Algorithm, wanted.Type, keyId, signer.Key.CertificateThumbprint);
        (string? jws, Failure? failure) = await signer.SignAsync(header, assertion.Claims(), cancellationToken).ConfigureAwait(false);
        if (jws is not null)
        {
            request.AddAssertion(clientId, jws);
        }

        return failure;
    }

    // A token URL can be the same at two servers behind one name, or be a server's lie; an issuer names one server (RFC 8414 §2).
    private static string Audience(ClientCredentialsOptions options)
    {
        if (options.Assertion.Audience is { Length: > 0 } configured)
        {
            return configured;
        }

        return options.Issuer is { Length: > 0 } issuer ? issuer : options.TokenUrl!.OriginalString;
    }
}
