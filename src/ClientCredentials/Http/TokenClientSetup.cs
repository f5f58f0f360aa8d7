using System.Collections.Concurrent;
using ClientCredentials.Clients;
using ClientCredentials.Telemetry;
using ClientCredentials.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Http;

/// <summary>Builds the HttpClients that talk to token endpoints: with what <c>ConfigureTokenClient</c> adds, with nothing that is meant for all HttpClients of the app, and safe whatever was configured.</summary>
/// <remarks>An app-wide resilience handler would send one assertion twice; an app-wide log of bodies would show the secret.</remarks>
internal sealed class TokenClientSetup(IEnumerable<IConfigureOptions<HttpClientFactoryOptions>> setups, ILogger<TokenClientSetup> log) : IPostConfigureOptions<HttpClientFactoryOptions>
{
    /// <summary>The name of which the token clients of all clients take what is configured.</summary>
    public static readonly string Template = TokenEndpoint.HttpClientName("").TrimEnd(':');

    private static readonly string Prefix = TokenEndpoint.HttpClientName("");

    // No name that anybody uses: what answers to it answers to all.
    private const string Nobody = "\0";

    // This call alone takes loggers off an HttpClient. The usual one must go too: it stars the headers out in its text, yet hands their
    // values to whatever keeps the state of log entries. An app that wants it all the same adds it by ConfigureTokenClient.
    private static readonly IConfigureNamedOptions<HttpClientFactoryOptions>[] NoLoggers = [.. new ServiceCollection()
        .AddHttpClient(Nobody)
        .RemoveAllLoggers()
        .Services
        .Select(service => service.ImplementationInstance)
        .OfType<IConfigureNamedOptions<HttpClientFactoryOptions>>()];

    private readonly ConcurrentDictionary<string, bool> _warned = new(StringComparer.Ordinal);

    public static bool IsTokenClient(string? httpClient) =>
        httpClient is not null && (httpClient.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || Names.Same(httpClient, Template));

    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        if (name is null || !name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return;
        }

        options.HttpMessageHandlerBuilderActions.Clear();
        options.HttpClientActions.Clear();
        Array.ForEach(NoLoggers, remove => remove.Configure(Nobody, options));
        options.HandlerLifetime = new HttpClientFactoryOptions().HandlerLifetime;
        foreach (IConfigureNamedOptions<HttpClientFactoryOptions> setup in setups.OfType<IConfigureNamedOptions<HttpClientFactoryOptions>>().Where(setup => !IsAppWide(setup)))
        {
            setup.Configure(Template, options);
            string own = setup is ConfigureNamedOptions<HttpClientFactoryOptions> named && Names.Same(named.Name, name) ? named.Name! : name;
            setup.Configure(own, options);
        }

        options.ShouldRedactHeaderValue = static _ => true;
        options.HttpMessageHandlerBuilderActions.Add(builder =>
        {
            Harden(builder, name);
            builder.PrimaryHandler = new CertificateRouter(builder.PrimaryHandler, name);
        });
        options.HttpMessageHandlerBuilderActions.Add(TokenClientSeal.Put);
        // The patience of the client rules, which knows its settings; a second clock would only cut it short.
        options.HttpClientActions.Add(static http => http.Timeout = Timeout.InfiniteTimeSpan);
    }

    private static bool IsAppWide(IConfigureNamedOptions<HttpClientFactoryOptions> setup)
    {
        if (setup is ConfigureNamedOptions<HttpClientFactoryOptions> { Name: null })
        {
            return true;
        }

        HttpClientFactoryOptions probe = new();
        setup.Configure(Nobody, probe);
        return probe.HttpMessageHandlerBuilderActions.Count + probe.HttpClientActions.Count > 0;
    }

    private void Harden(HttpMessageHandlerBuilder builder, string name)
    {
        if (!IsMadeSafe(builder.PrimaryHandler, name))
        {
            // Not an exception here: the factory would keep it for ever. And not a byte of the credentials to a handler like that.
            builder.PrimaryHandler = new RefusingHandler();
        }
    }

    /// <summary>No redirects (they would carry the secret along), no cookies, no credentials of the machine, whatever the app's handler says.</summary>
    private bool IsMadeSafe(HttpMessageHandler handler, string name)
    {
        try
        {
            switch (handler)
            {
                case DelegatingHandler { InnerHandler: { } inner }:
                    return IsMadeSafe(inner, name);
                case SocketsHttpHandler sockets:
                    WarnOfOwnCheck(sockets.SslOptions.RemoteCertificateValidationCallback is not null, name);
                    // Only where it must be: a handler that is in use does not let itself be changed.
                    if (sockets.AllowAutoRedirect || sockets.UseCookies || sockets.Credentials is not null)
                    {
                        sockets.AllowAutoRedirect = sockets.UseCookies = false;
                        sockets.Credentials = null;
                    }

                    return true;
                case HttpClientHandler classic:
                    WarnOfOwnCheck(classic.ServerCertificateCustomValidationCallback is not null, name);
                    if (classic.AllowAutoRedirect || classic.UseCookies || classic.UseDefaultCredentials || classic.Credentials is not null)
                    {
                        classic.AllowAutoRedirect = classic.UseCookies = classic.UseDefaultCredentials = false;
                        classic.Credentials = null;
                    }

                    return true;
                default:
                    return true;
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or ObjectDisposedException)
        {
            return false;
        }
    }

    private void WarnOfOwnCheck(bool hasOwnCheck, string name)
    {
        // A new handler is made every few minutes; what is to be said of it is the same.
        if (hasOwnCheck && _warned.TryAdd(name, true))
        {
            log.CustomCertificateCheck(name);
        }
    }

    /// <summary>Stands where a handler was that could not be made safe: sends nothing, and says why.</summary>
    private sealed class RefusingHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(new TokenClientException(
                "the primary handler of the token client follows redirects, keeps cookies or sends credentials of the machine, and is in use already, so that this could not be switched off. "
                + "Give ConfigureTokenClient a handler of its own, or one with AllowAutoRedirect and UseCookies off and no Credentials."));
    }
}
