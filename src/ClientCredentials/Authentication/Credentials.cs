using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary>Gets what a client proves itself with, once per flight: from its settings, from code, or from the secret store.</summary>
internal sealed class Credentials(IEnumerable<SecretRegistration> secrets, IEnumerable<SecretStore> stores)
{
    public async ValueTask<(Credential? Credential, Failure? Failure)> GetAsync(Settings settings, CancellationToken cancellationToken)
    {
        ClientCredentialsOptions options = settings.Options;
        string clientId = options.ClientId!;
        if (options.AuthenticationMethod == AuthenticationMethod.None)
        {
            return (new NoCredential(clientId), null);
        }

        (string? secret, Failure? failure) = await SecretAsync(settings, cancellationToken).ConfigureAwait(false);
        if (secret is null)
        {
            return (null, failure);
        }

        return (options.AuthenticationMethod == AuthenticationMethod.ClientSecretPost
            ? new PostCredential(clientId, secret)
            : new BasicCredential(clientId, secret, options.BasicEncoding), null);
    }

    private async ValueTask<(string? Secret, Failure? Failure)> SecretAsync(Settings settings, CancellationToken cancellationToken)
    {
        if (settings.Options.ClientSecret is { Length: > 0 } configured)
        {
            return (configured, null);
        }

        (Func<CancellationToken, ValueTask<string?>>? read, string from) = Reader(settings);
        if (read is null)
        {
            return (null, new Failure(FailureReason.NotConfigured, NoSecret(settings)));
        }

        try
        {
            string? secret = await read(cancellationToken).ConfigureAwait(false);
            return string.IsNullOrEmpty(secret)
                ? (null, new Failure(FailureReason.NotConfigured, $"{from} gave no secret."))
                : (secret, null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A vault that fails now may answer the next time.
            return (null, new Failure(FailureReason.NotConfigured, $"{from} failed with {exception.GetType().Name}.") { IsTransient = true, Cause = exception });
        }
    }

    private (Func<CancellationToken, ValueTask<string?>>? Read, string From) Reader(Settings settings)
    {
        if (settings.Options.ClientSecretName is { Length: > 0 } name)
        {
            return stores.LastOrDefault() is { } store
                ? (token => store(name, settings.Client, settings.Profile, token), $"the secret store, asked for '{name}',")
                : (null, "");
        }

        SecretRegistration? registration = secrets.LastOrDefault(secret => secret.Serves(settings.Client, settings.Profile, settings.IsActive));
        return (registration?.Read, "the function given to UseSecret");
    }

    private static string NoSecret(Settings settings) => settings.IsActive || settings.Profile is null
        ? "there is no secret."
        : "there is no secret: what the client itself has serves its active profile only. Give this profile a ClientSecret or ClientSecretName of its own.";
}
