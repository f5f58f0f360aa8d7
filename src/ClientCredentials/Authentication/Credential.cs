using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary>What proves who the client is, ready to be added to each token request of a flight.</summary>
internal abstract class Credential
{
    public abstract void AddTo(TokenRequest request);
}
