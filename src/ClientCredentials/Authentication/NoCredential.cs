using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary><c>none</c>: the client only says who it is (RFC 6749 §3.2.1).</summary>
internal sealed class NoCredential(string clientId) : Credential
{
    public override ValueTask<Failure?> AddToAsync(TokenRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        request.AddCredential("client_id", clientId);
        return default;
    }
}
