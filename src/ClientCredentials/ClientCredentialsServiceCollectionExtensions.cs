using ClientCredentials;
using ClientCredentials.Authentication;
using ClientCredentials.Clients;
using ClientCredentials.Http;
using ClientCredentials.Telemetry;
using ClientCredentials.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds client-credentials tokens (RFC 6749 §4.4) to an app.</summary>
public static class ClientCredentialsServiceCollectionExtensions
{
    /// <summary>Adds the clients of the <c>ClientCredentials</c> section of the host's configuration, where there is one. May be called any number of times.</summary>
    /// <param name="services">The app's services.</param>
    /// <returns>What adds clients, profiles and secrets by code.</returns>
    public static ClientCredentialsBuilder AddClientCredentials(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton(ClientSection.OfHost);
        return Add(services);
    }

    /// <summary>Adds what all of it needs, and no section of the configuration.</summary>
    internal static ClientCredentialsBuilder Add(IServiceCollection services)
    {
        services.AddHttpClient();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Keys>();
        services.TryAddSingleton<DpopKeys>();
        services.TryAddSingleton<Certificates>();
        services.TryAddSingleton<KeyCheck>(provider => (client, profile, isActive, options) =>
            provider.GetRequiredService<Keys>().Problems(client, profile, isActive, options)
                .Concat(provider.GetRequiredService<DpopKeys>().Problems(client, profile, isActive, options))
                .Concat(Certificates.Problems(options)));
        services.TryAddSingleton<KeyRules>();
        services.TryAddSingleton<SettingsRules>();
        services.TryAddSingleton<ClientLayers>();
        services.TryAddSingleton<ClientSettings>();
        services.TryAddSingleton<Credentials>();
        services.TryAddSingleton<Clock>();
        services.TryAddSingleton(_ => new Jitter());
        services.TryAddSingleton<Patience>();
        services.TryAddSingleton<Discovery>();
        services.TryAddSingleton<TokenEndpoint>();
        services.TryAddSingleton<TokenSources>();
        services.TryAddSingleton<ApiClients>();
        services.TryAddSingleton<ClientCredentialsMeter>();
        services.TryAddSingleton<IClientCredentials, FrontDoor>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<HttpClientFactoryOptions>, TokenClientSetup>());
        services.TryAddTransient<IOptionsFactory<HttpClientFactoryOptions>, LastPostConfigured>();
        if (!services.Any(service => service.ImplementationType == typeof(TokenClientSeal.Filter)))
        {
            // The first registered is the outermost.
            services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, TokenClientSeal.Filter>());
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StartValidation>, StartValidation.Validator>());
        services.AddOptions<StartValidation>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ConnectOnStart>());
        return new ClientCredentialsBuilder(services);
    }

    /// <summary>Adds the clients of a section, instead of those of the host's configuration. Called several times, or beside <see cref="AddClientCredentials(IServiceCollection)"/>, all that is asked for counts, the later laid over the earlier.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="section">The section, or a whole configuration that has a <c>ClientCredentials</c> section.</param>
    /// <returns>What adds clients, profiles and secrets by code.</returns>
    public static ClientCredentialsBuilder AddClientCredentials(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.AddSingleton(section is IConfigurationRoot ? ClientSection.Of(section) : new ClientSection(section));
        return Add(services);
    }

    /// <summary>Gives every request of an HttpClient a token, and the HttpClient the address of the client's API where it has none.</summary>
    /// <param name="builder">The HttpClient.</param>
    /// <param name="client">The client's name. Defaults to the only client there is.</param>
    /// <param name="parameters">What to ask for, other than the client's settings say. Defaults to nothing.</param>
    /// <returns>The HttpClient.</returns>
    /// <exception cref="InvalidOperationException">The HttpClient is one that talks to token endpoints.</exception>
    public static IHttpClientBuilder AddClientCredentialsHandler(this IHttpClientBuilder builder, string? client = null, TokenParameters? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (TokenClientSetup.IsTokenClient(builder.Name))
        {
            throw new InvalidOperationException($"The HttpClient '{builder.Name}' talks to token endpoints: to need a token for it would never end. Put the handler on the HttpClient that calls the API.");
        }

        Add(builder.Services);
        builder.Services.AddSingleton<IConfigureOptions<HttpClientFactoryOptions>>(services => new ApiClientSetup(builder.Name, client, parameters, services));
        builder.Services.AddSingleton<IPostConfigureOptions<HttpClientFactoryOptions>>(services => new ApiClientSetup(builder.Name, client, parameters, services));
        return builder;
    }
}
