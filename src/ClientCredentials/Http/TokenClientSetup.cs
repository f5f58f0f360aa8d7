using ClientCredentials.Clients;
using ClientCredentials.Telemetry;
using ClientCredentials.Tokens;
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
            Harden(builder.PrimaryHandler, name);
            builder.PrimaryHandler = new CertificateRouter(builder.PrimaryHandler, name);
        });
        // The patience of the client rules, which knows its settings; a second clock would only cut it short.
        options.HttpClientActions.Add(static http => http.Timeout = Timeout.InfiniteTimeSpan);
    }

    private static bool IsAppWide(IConfigureNamedOptions<HttpClientFactoryOptions> setup)
    {
        HttpClientFactoryOptions probe = new();
        setup.Configure(Nobody, probe);
        return probe.HttpMessageHandlerBuilderActions.Count + probe.HttpClientActions.Count > 0;
    }

    /// <summary>No redirects (they would carry the secret along), no cookies, no credentials of the machine, whatever the app's handler says.</summary>
    private void Harden(HttpMessageHandler handler, string name)
    {
        switch (handler)
        {
            case DelegatingHandler { InnerHandler: { } inner }:
                Harden(inner, name);
                break;
            case SocketsHttpHandler sockets:
                bool checksSockets = sockets.SslOptions.RemoteCertificateValidationCallback is not null;
                if (sockets.AllowAutoRedirect || sockets.UseCookies || sockets.Credentials is not null)
                {
                    sockets.AllowAutoRedirect = sockets.UseCookies = false;
                    sockets.Credentials = null;
                }

                WarnOfOwnCheck(checksSockets, name);
                break;
            case HttpClientHandler classic:
                if (classic.AllowAutoRedirect || classic.UseCookies || classic.UseDefaultCredentials || classic.Credentials is not null)
                {
                    classic.AllowAutoRedirect = classic.UseCookies = classic.UseDefaultCredentials = false;
                    classic.Credentials = null;
                }

                WarnOfOwnCheck(classic.ServerCertificateCustomValidationCallback is not null, name);
                break;
        }
    }

    private void WarnOfOwnCheck(bool hasOwnCheck, string name)
    {
        if (hasOwnCheck)
        {
            log.CustomCertificateCheck(name);
        }
    }
}
