using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary><c>none</c>, and the methods by certificate: the form only says who the client is (RFC 6749 §3.2.1, RFC 8705 §2).</summary>
internal sealed class NoCredential(string clientId) : Credential
{
    public override ValueTask<Failure?> AddToAsync(TokenRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        request.AddCredential("client_id", clientId);
        return default;
    }
}
