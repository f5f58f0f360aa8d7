namespace ClientCredentials.Clients;

/// <summary>Asks a secret store for the secret of a client and profile.</summary>
internal delegate ValueTask<string?> SecretStore(string secretName, string client, string? profile, CancellationToken cancellationToken);

/// <summary>A secret that code hands out.</summary>
internal sealed record SecretRegistration(string Client, string? Profile, Func<CancellationToken, ValueTask<string?>> Read)
    : CredentialRegistration(Client, Profile, "UseSecret");
