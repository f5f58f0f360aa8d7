using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary>Gets what a client proves itself with, once per flight: from its settings, from code, from its key, or from the secret store.</summary>
internal sealed class Credentials(IEnumerable<SecretRegistration> secrets, IEnumerable<SecretStore> stores, IEnumerable<CredentialRegistration> registrations, Keys keys)
{
    public ValueTask<(Credential? Credential, Failure? Failure)> GetAsync(Settings settings, CancellationToken cancellationToken)
    {
        string clientId = settings.Options.ClientId!;
        return settings.Options.AuthenticationMethod switch
        {
            // The proof is the certificate of the connection (RFC 8705 §2): the form only says who it is of.
            AuthenticationMethod.TlsClientAuth or AuthenticationMethod.SelfSignedTlsClientAuth or AuthenticationMethod.None => new((new NoCredential(clientId), null)),
            AuthenticationMethod.PrivateKeyJwt => new(OfKey(settings)),
            AuthenticationMethod.FederatedAssertion => new(Federated(settings, clientId)),
            AuthenticationMethod.Custom => new(Custom(settings)),
            _ => OfSecretAsync(settings, cancellationToken),
        };
    }

    private (Credential? Credential, Failure? Failure) OfKey(Settings settings)
    {
        (Signer? signer, Failure? failure) = keys.Get(settings);
        return signer is null ? (null, failure) : (new AssertionCredential(settings, signer), null);
    }

    private (Credential? Credential, Failure? Failure) Federated(Settings settings, string clientId)
    {
        if (settings.Options.Assertion.File is { Length: > 0 } file)
        {
            (string? assertion, Failure? failure) = keys.AssertionFile(file);
            return assertion is null ? (null, failure) : (new FederatedCredential(clientId, _ => new((assertion, null))), null);
        }

        return Registered<AssertionRegistration>(settings) is { } registration
            ? (FederatedCredential.Of(clientId, registration.Read), null)
            : (null, new Failure(FailureReason.NotConfigured, Missing(settings, "assertion", "an Assertion:File or UseAssertion")));
    }

    private (Credential? Credential, Failure? Failure) Custom(Settings settings) =>
        Registered<AuthenticationRegistration>(settings) is { } registration
            ? (new CustomCredential(settings, registration.Add), null)
            : (null, new Failure(FailureReason.NotConfigured, Missing(settings, "authentication", "UseAuthentication")));

    /// <summary>What else may prove it, where the server did not take a credential: the alternate secret, or the one that the store has by now.</summary>
    /// <returns>Another credential, or null.</returns>
    public async ValueTask<Credential?> OtherAsync(Settings settings, Credential refused, CancellationToken cancellationToken)
    {
        if (refused.Secret is null)
        {
            return null;
        }

        bool isAlternate = !refused.IsAlternate && !string.IsNullOrEmpty(settings.Options.AlternateClientSecret);
        string? secret = isAlternate ? settings.Options.AlternateClientSecret : (await SecretAsync(settings, cancellationToken).ConfigureAwait(false)).Secret;
        return secret is null || secret == refused.Secret ? null : OfSecret(settings, secret, isAlternate).Credential;
    }

    private async ValueTask<(Credential? Credential, Failure? Failure)> OfSecretAsync(Settings settings, CancellationToken cancellationToken)
    {
        if (settings.UsesAlternateSecret)
        {
            return OfSecret(settings, settings.Options.AlternateClientSecret!, isAlternate: true);
        }

        (string? secret, Failure? failure) = await SecretAsync(settings, cancellationToken).ConfigureAwait(false);
        return secret is null ? (null, failure) : OfSecret(settings, secret, isAlternate: false);
    }

    private static (Credential? Credential, Failure? Failure) OfSecret(Settings settings, string secret, bool isAlternate)
    {
        ClientCredentialsOptions options = settings.Options;
        switch (options.AuthenticationMethod)
        {
            case AuthenticationMethod.ClientSecretPost:
                return (new PostCredential(options.ClientId!, secret) { Secret = secret, IsAlternate = isAlternate }, null);
            case AuthenticationMethod.ClientSecretJwt:
                (Signer? signer, string? problem) = Signer.Of("the secret", new SecretSigningKey(secret), options);
                return signer is null
                    ? (null, new Failure(FailureReason.NotConfigured, problem!))
                    : (new AssertionCredential(settings, signer) { Secret = secret, IsAlternate = isAlternate }, null);
            default:
                return (new BasicCredential(options.ClientId!, secret, options.BasicEncoding) { Secret = secret, IsAlternate = isAlternate }, null);
        }
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
            return (null, new Failure(FailureReason.NotConfigured, Missing(settings, "secret", "a ClientSecret or ClientSecretName")));
        }

        try
        {
            string? secret = await read(cancellationToken).ConfigureAwait(false);
            return secret switch
            {
                null or "" => (null, new Failure(FailureReason.NotConfigured, $"{from} gave no secret.")),
                _ when secret.AsSpan().Trim().Length != secret.Length => (null, new Failure(FailureReason.NotConfigured, $"{from} gave a secret that begins or ends with white space, such as the line break of a file; trim it.")),
                _ => (secret, null),
            };
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

    private T? Registered<T>(Settings settings)
        where T : CredentialRegistration =>
        registrations.OfType<T>().LastOrDefault(registration => registration.Serves(settings.Client, settings.Profile, settings.IsActive));

    /// <summary>What a profile lacks that the client itself may have.</summary>
    private static string Missing(Settings settings, string what, string remedy) => settings.IsActive || settings.Profile is null
        ? $"there is no {what}."
        : $"there is no {what}: what the client itself has serves its active profile only. Give this profile {remedy} of its own.";
}
