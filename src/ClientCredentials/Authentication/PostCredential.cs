using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary><c>client_secret_post</c>: id and secret in the form (RFC 6749 §2.3.1).</summary>
internal sealed class PostCredential(string clientId, string secret) : Credential
{
    public override ValueTask<Failure?> AddToAsync(TokenRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        request.Conceal(secret);
        request.AddCredential("client_id", clientId);
        request.AddCredential("client_secret", secret);
        return default;
    }
}
