using ClientCredentials.Clients;
using ClientCredentials.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Http;

/// <summary>Puts the handler on an HttpClient, gives it the API's address, and keeps our headers out of its logs.</summary>
/// <param name="httpClient">The HttpClient's name; null where it is meant for all of the app's.</param>
/// <param name="client">The client's name; null for the only one.</param>
/// <param name="parameters">What to ask for.</param>
/// <param name="services">The app's services.</param>
internal sealed class ApiClientSetup(string? httpClient, string? client, TokenParameters? parameters, IServiceProvider services)
    : IConfigureNamedOptions<HttpClientFactoryOptions>, IPostConfigureOptions<HttpClientFactoryOptions>
{
    public string? Client => client;

    public TokenParameters? Parameters => parameters;

    public void Configure(HttpClientFactoryOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, HttpClientFactoryOptions options)
    {
        if (IsFor(name))
        {
            options.HttpMessageHandlerBuilderActions.Add(AddHandler);
        }
    }

    /// <summary>After all that the app configures, in whatever order it does.</summary>
    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        if (!IsFor(name))
        {
            return;
        }

        options.HttpMessageHandlerBuilderActions.Add(RouteCertificates);
        // First of all, so that it is the factory's own handler: the app may give another, or say otherwise of this one.
        options.HttpMessageHandlerBuilderActions.Insert(0, KeepApiHeadersFromRedirects);
        options.HttpClientActions.Add(http => SetBaseAddress(name!, http));
        Func<string, bool> others = options.ShouldRedactHeaderValue;
        ApiClient api = services.GetRequiredService<ApiClients>().Get(name!);
        options.ShouldRedactHeaderValue = header => others(header) || IsOurs(header) || api.HasSentApiHeader(header);
    }

    private bool IsFor(string? name) => name is not null && (httpClient is null || httpClient == name) && !TokenClientSetup.IsTokenClient(name);

    private void AddHandler(HttpMessageHandlerBuilder builder)
    {
        // Registered twice, it is still one handler.
        if (!builder.AdditionalHandlers.OfType<ClientCredentialsHandler>().Any(other => other.IsFor(client, parameters)))
        {
            builder.AdditionalHandlers.Add(new ClientCredentialsHandler(builder.Services, builder.Name ?? Options.DefaultName, client, parameters));
        }
    }

    private static void RouteCertificates(HttpMessageHandlerBuilder builder)
    {
        if (builder.PrimaryHandler is not CertificateRouter)
        {
            builder.PrimaryHandler = new CertificateRouter(builder.PrimaryHandler, builder.Name ?? Options.DefaultName);
        }
    }

    private void KeepApiHeadersFromRedirects(HttpMessageHandlerBuilder builder)
    {
        if (ApiHeaders().Any())
        {
            Redirects.SwitchOff(builder.PrimaryHandler);
        }
    }

    private void SetBaseAddress(string name, HttpClient http)
    {
        LiveSettings? live = Live();
        if (http.BaseAddress is null && live?.Current is null && services.GetRequiredService<IClientCredentials>() is IOwnSources)
        {
            // A relative address must reach the handler, which says what is wrong with the settings; HttpClient would only say that it has no base.
            http.BaseAddress = Destination.Nowhere;
            return;
        }

        Uri? apiBase = live?.ApiBase;
        http.BaseAddress ??= apiBase;
        // Where it comes from ApiUrl it opens nothing that ApiUrl does not, which may change.
        if (!ReferenceEquals(http.BaseAddress, apiBase))
        {
            services.GetRequiredService<ApiClients>().Get(name).SawBaseAddress(http.BaseAddress);
        }
    }

    private bool IsOurs(string header) =>
        header.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
        || header.Equals("DPoP", StringComparison.OrdinalIgnoreCase)
        || ApiHeaders().Contains(header, StringComparer.OrdinalIgnoreCase);

    // Of any profile: one request may ask for another than the handler's.
    private IEnumerable<string> ApiHeaders()
    {
        ClientSettings settings = services.GetRequiredService<ClientSettings>();
        return settings.Find(client).Client is { } known
            ? settings.Profiles(known).SelectMany(profile => settings.Get(known, profile).Settings?.Current?.Options.ApiHeaders.Keys ?? [])
            : [];
    }

    // What is wrong with the settings is said when a token is wanted, not when an HttpClient is made.
    private LiveSettings? Live()
    {
        try
        {
            return services.GetRequiredService<TokenSources>().Client(client, parameters?.Profile).Live;
        }
        catch (ClientCredentialsException)
        {
            return null;
        }
    }
}
