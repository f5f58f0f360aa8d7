using Microsoft.Extensions.Options;

namespace ClientCredentials.Clients;

/// <summary>Settings that come by code: <c>AddClient</c>, or <c>AddProfile</c> where a profile is named.</summary>
internal sealed class ClientLayer(string client, string? profile, Action<ClientCredentialsOptions> configure) : IConfigureNamedOptions<ClientCredentialsOptions>
{
    public string Client => client;

    public string? Profile => profile;

    public void Apply(ClientCredentialsOptions options) => configure(options);

    public void Configure(string? name, ClientCredentialsOptions options)
    {
        if (profile is null && Names.Same(client, name))
        {
            configure(options);
        }
    }

    public void Configure(ClientCredentialsOptions options) => Configure(Options.DefaultName, options);
}
