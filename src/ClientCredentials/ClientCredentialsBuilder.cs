using ClientCredentials.Clients;
using ClientCredentials.Http;
using ClientCredentials.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClientCredentials;

/// <summary>Adds clients, profiles, secrets and the HttpClient that talks to token endpoints. What is called later is laid over what was called before.</summary>
public sealed partial class ClientCredentialsBuilder
{
    internal ClientCredentialsBuilder(IServiceCollection services) => Services = services;

    /// <summary>The app's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a client, or settings to one that is there.</summary>
    /// <param name="client">Its name: 1 to 50 characters, compared ignoring case.</param>
    /// <param name="configure">Its settings, over those of the configuration.</param>
    public ClientCredentialsBuilder AddClient(string client, Action<ClientCredentialsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return AddLayer(client, profile: null, (_, options) => configure(options));
    }

    /// <summary>Adds a client, or settings to one that is there, with the help of the app's services.</summary>
    /// <param name="client">Its name: 1 to 50 characters, compared ignoring case.</param>
    /// <param name="configure">Its settings, over those of the configuration. Gets the root services.</param>
    public ClientCredentialsBuilder AddClient(string client, Action<IServiceProvider, ClientCredentialsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return AddLayer(client, profile: null, configure);
    }

    /// <summary>Adds a profile to a client: settings over the client's own, in effect where the profile is active or asked for.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="profile">The profile's name, such as Staging: 1 to 50 characters, compared ignoring case.</param>
    /// <param name="configure">The profile's settings.</param>
    public ClientCredentialsBuilder AddProfile(string client, string profile, Action<ClientCredentialsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(configure);
        return AddLayer(client, profile, (_, options) => configure(options));
    }

    /// <summary>Gives a client its secret by code, asked once per token fetch. It serves the active profile, and no other.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="secret">Reads the secret.</param>
    public ClientCredentialsBuilder UseSecret(string client, Func<CancellationToken, ValueTask<string?>> secret)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(secret);
        Services.AddSingleton(new SecretRegistration(client, Profile: null, secret));
        return this;
    }

    /// <summary>Gives a profile of a client its secret by code, asked once per token fetch.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="profile">The profile's name.</param>
    /// <param name="secret">Reads the secret.</param>
    public ClientCredentialsBuilder UseSecret(string client, string profile, Func<CancellationToken, ValueTask<string?>> secret)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(secret);
        Services.AddSingleton(new SecretRegistration(client, profile, secret));
        return this;
    }

    /// <summary>Reads secrets from a store, for every client and profile that has a <see cref="ClientCredentialsOptions.ClientSecretName"/>. Asked once per token fetch, within its max wait.</summary>
    /// <param name="read">Gets the secret's name, the client and the profile (null where the client has none), and gives the secret.</param>
    public ClientCredentialsBuilder UseSecretStore(Func<string, string, string?, CancellationToken, ValueTask<string?>> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        Services.AddSingleton(new SecretStore(read.Invoke));
        return this;
    }

    /// <summary>Reads secrets from a store, with the help of the app's services.</summary>
    /// <param name="read">Gets the root services, the secret's name, the client and the profile (null where the client has none), and gives the secret.</param>
    public ClientCredentialsBuilder UseSecretStore(Func<IServiceProvider, string, string, string?, CancellationToken, ValueTask<string?>> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        Services.AddSingleton(services => new SecretStore((secret, client, profile, token) => read(services, secret, client, profile, token)));
        return this;
    }

    /// <summary>Configures the HttpClient that talks to the token endpoints of all clients: a proxy, a primary handler. Redirects, cookies and default credentials stay off, and max wait stays its only time limit.</summary>
    /// <param name="configure">Configures it.</param>
    public ClientCredentialsBuilder ConfigureTokenClient(Action<IHttpClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(Services.AddHttpClient(TokenClientSetup.Template));
        return this;
    }

    /// <summary>Configures the HttpClient that talks to the token endpoint of one client.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="configure">Configures it.</param>
    public ClientCredentialsBuilder ConfigureTokenClient(string client, Action<IHttpClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(configure);
        configure(Services.AddHttpClient(TokenEndpoint.HttpClientName(client)));
        return this;
    }

    /// <summary>Finds clients that are not configured, such as the tenants of a multi-tenant app in its database. What is found is validated like all settings, and its token endpoint must be at an allowed origin.</summary>
    /// <param name="resolve">Gets the root services and a client's name, and gives its settings; null where there is no such client.</param>
    /// <param name="configure">Says which token endpoints are allowed (required), and how long and how many are kept.</param>
    public ClientCredentialsBuilder AddClientResolver(
        Func<IServiceProvider, string, CancellationToken, ValueTask<ClientCredentialsOptions?>> resolve,
        Action<ClientResolverOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(resolve);
        ClientResolverOptions options = new();
        configure?.Invoke(options);
        Services.AddSingleton(services => new ClientResolver(
            (client, token) => resolve(services, client, token),
            options,
            services.GetRequiredService<ClientLayers>(),
            services.GetRequiredService<SettingsRules>(),
            services.GetRequiredService<TimeProvider>()));
        return this;
    }

    /// <summary>Connects every client when the host starts: in the background, or so that the host waits for it. <c>ClientCredentials:ConnectOnStart</c> (<c>true</c>, <c>wait</c>, <c>false</c>) goes before it.</summary>
    /// <param name="wait">Whether the host's start waits until all clients were asked; a refusal does not stop it. Defaults to false.</param>
    public ClientCredentialsBuilder ConnectOnStart(bool wait = false)
    {
        Services.AddSingleton(new ConnectRegistration(wait ? ConnectMode.Wait : ConnectMode.Background));
        return this;
    }

    private ClientCredentialsBuilder AddLayer(string client, string? profile, Action<IServiceProvider, ClientCredentialsOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(client);
        Services.AddSingleton<IConfigureOptions<ClientCredentialsOptions>>(services => new ClientLayer(client, profile, options => configure(services, options)));
        return this;
    }
}
