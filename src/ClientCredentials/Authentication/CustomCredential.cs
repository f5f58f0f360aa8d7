using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary><c>custom</c>: what code of the app adds, asked for every request anew.</summary>
internal sealed class CustomCredential(Settings settings, Func<TokenRequestMessage, CancellationToken, ValueTask> add) : Credential
{
    public override async ValueTask<Failure?> AddToAsync(TokenRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await add(new TokenRequestMessage(request, settings.Client, settings.Profile, settings.Options.ClientId!, now), cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return Failed("the function given to UseAuthentication", exception);
        }
    }
}
