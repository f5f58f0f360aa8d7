using System.Text;
using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary><c>client_secret_basic</c>: id and secret in the Basic header (RFC 6749 §2.3.1, RFC 7617 §2).</summary>
internal sealed class BasicCredential(string clientId, string secret, BasicEncoding encoding) : Credential
{
    public override ValueTask<Failure?> AddToAsync(TokenRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string pair = encoding == BasicEncoding.Raw
            ? $"{clientId}:{secret}"
            : $"{FormEncoding.Encode(clientId)}:{FormEncoding.Encode(secret)}";
        string value = Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));
        request.Conceal(secret);
        request.Conceal(value);
        request.AddHeader("Authorization", $"Basic {value}");
        return default;
    }
}
