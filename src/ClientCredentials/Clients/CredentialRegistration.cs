namespace ClientCredentials.Clients;

/// <summary>A credential that code hands out: for one profile, or, with none named, for the active one.</summary>
/// <param name="Client">The client's name.</param>
/// <param name="Profile">The profile's name; null for the active one.</param>
/// <param name="Method">The method of the builder that it was given to, as a sentence names it.</param>
internal abstract record CredentialRegistration(string Client, string? Profile, string Method)
{
    // A credential of the client itself serves the active profile only: a staging server must never see the production secret.
    public bool Serves(string client, string? profile, bool isActive) =>
        Names.Same(Client, client) && (Profile is null ? isActive : Names.Same(Profile, profile));

    // A record would print the credential.
    public sealed override string ToString() => $"{Method} for client '{Client}'";
}
