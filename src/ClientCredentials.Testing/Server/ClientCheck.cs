using System.Security.Cryptography;
using System.Text;

namespace ClientCredentials.Testing.Server;

/// <summary>Whether a client has proved who it is, in the way registered for it (RFC 6749 §2.3).</summary>
internal static class ClientCheck
{
    public static Refusal? Check(PresentedCredentials credentials, TestClient? client, AssertionCheck assertions, CertificateCheck certificates, byte[]? certificate)
    {
        if (credentials.Problem is { } problem)
        {
            return problem;
        }

        if (credentials.Id is null)
        {
            return Refusal.InvalidClient("The request does not say which client it is from.", credentials.UsedHeader);
        }

        // An unknown client and a wrong secret read the same, so that ids cannot be probed.
        if (client is null)
        {
            return Refusal.InvalidClient("Client authentication failed.", credentials.UsedHeader);
        }

        if (CertificateCheck.IsMethod(client.Authentication))
        {
            return credentials.Secret is not null || credentials.Assertion is not null || credentials.UsedHeader
                ? Refusal.InvalidClient("The client must authenticate by its certificate, and by nothing else.", credentials.UsedHeader)
                : certificates.Problem(certificate, client) is { } unproven ? Refusal.InvalidClient(unproven, credentials.UsedHeader) : null;
        }

        var needsAssertion = client.Authentication is ClientAuthentication.ClientSecretJwt or ClientAuthentication.PrivateKeyJwt;
        if (needsAssertion != (credentials.Assertion is not null))
        {
            return Refusal.InvalidClient(
                needsAssertion ? "The client must authenticate by a client assertion." : "The client is not registered to authenticate by a client assertion.",
                credentials.UsedHeader);
        }

        if (credentials.Assertion is { } assertion)
        {
            return assertions.Problem(assertion, client) is { } wrong ? Refusal.InvalidClient(wrong, credentials.UsedHeader) : null;
        }

        if (client.Authentication == ClientAuthentication.None)
        {
            return credentials.Secret is null
                ? null
                : Refusal.InvalidClient("The client is registered without a secret and must not send one.", credentials.UsedHeader);
        }

        if (credentials.Secret is null)
        {
            return Refusal.InvalidClient("The request holds no client authentication.", credentials.UsedHeader);
        }

        if (client.Authentication == ClientAuthentication.Basic && !credentials.UsedHeader)
        {
            return Refusal.InvalidClient("The client must authenticate by client_secret_basic.", credentials.UsedHeader);
        }

        if (client.Authentication == ClientAuthentication.Post && credentials.UsedHeader)
        {
            return Refusal.InvalidClient("The client must authenticate by client_secret_post.", credentials.UsedHeader);
        }

        return IsSecretOf(client, credentials.Secret)
            ? null
            : Refusal.InvalidClient("Client authentication failed.", credentials.UsedHeader);
    }

    private static bool IsSecretOf(TestClient client, string presented)
    {
        var hash = Hash(presented);
        var isKnown = client.Secret is { } secret && CryptographicOperations.FixedTimeEquals(hash, Hash(secret));
        foreach (var alternate in client.AlternateSecrets.ToArray())
        {
            // No early exit: the time taken must not tell which secret it was.
            isKnown |= CryptographicOperations.FixedTimeEquals(hash, Hash(alternate));
        }

        return isKnown;
    }

    // Hashes have one length, so the comparison does not give away the secret's.
    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
