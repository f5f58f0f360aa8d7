using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Http;

/// <summary>Does what the factory does when the lifetime of a handler is over: builds a new chain of an HttpClient's handlers. Nobody has to wait for it.</summary>
internal static class Chains
{
    public static HttpClientFactoryOptions Options(IServiceProvider services, string httpClient) =>
        services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(httpClient);

    public static HttpMessageHandlerBuilder New(IServiceProvider services, string httpClient)
    {
        HttpMessageHandlerBuilder builder = services.GetRequiredService<HttpMessageHandlerBuilder>();
        builder.Name = httpClient;
        foreach (Action<HttpMessageHandlerBuilder> configure in Options(services, httpClient).HttpMessageHandlerBuilderActions)
        {
            configure(builder);
        }

        return builder;
    }

    public static HttpClient NewClient(IServiceProvider services, string httpClient)
    {
        HttpClient client = new(New(services, httpClient).Build());
        foreach (Action<HttpClient> configure in Options(services, httpClient).HttpClientActions)
        {
            configure(client);
        }

        return client;
    }
}
