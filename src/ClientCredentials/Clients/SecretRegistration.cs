namespace ClientCredentials.Clients;

/// <summary>Asks a secret store for the secret of a client and profile.</summary>
internal delegate ValueTask<string?> SecretStore(string secretName, string client, string? profile, CancellationToken cancellationToken);

/// <summary>A secret that code hands out: for one profile, or, with none named, for the active one.</summary>
internal sealed record SecretRegistration(string Client, string? Profile, Func<CancellationToken, ValueTask<string?>> Read)
{
    // A credential of the client itself serves the active profile only: a staging server must never see the production secret.
    public bool Serves(string client, string? profile, bool isActive) =>
        Names.Same(Client, client) && (Profile is null ? isActive : Names.Same(Profile, profile));
}
