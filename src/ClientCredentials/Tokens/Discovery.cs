using System.Collections.Concurrent;
using System.Net.Http.Headers;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tokens;

/// <summary>Finds the token endpoint of an issuer by its metadata (RFC 8414, OpenID Connect Discovery 1.0), and keeps it for an hour.</summary>
internal sealed class Discovery(IHttpClientFactory http, Clock clock, ILogger<Discovery> log)
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Client, string Issuer), Known> _known = new();
    private readonly ConcurrentDictionary<(string Client, string Issuer), SemaphoreSlim> _gates = new();

    /// <summary>The token endpoint: the configured one where there is one, else the one that the issuer names.</summary>
    public async Task<(Uri? Url, Failure? Failure)> TokenUrlAsync(Settings settings, CancellationToken cancellationToken)
    {
        if (settings.TokenUrl is { } configured)
        {
            return (configured, null);
        }

        (string Client, string Issuer) key = (settings.Client, settings.Options.Issuer!);
        if (Fresh(key) is { } fresh)
        {
            return (fresh.Url(settings), null);
        }

        // Many kinds of tokens may be wanted at once, and one document is enough for all.
        SemaphoreSlim gate = _gates.GetOrAdd(key, static _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Fresh(key) is { } read ? (read.Url(settings), null) : await ReadAsync(settings, key, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private Known? Fresh((string Client, string Issuer) key) => _known.TryGetValue(key, out Known? known) && clock.Now < known.StaleAt ? known : null;

    private async Task<(Uri? Url, Failure? Failure)> ReadAsync(Settings settings, (string Client, string Issuer) key, CancellationToken cancellationToken)
    {
        _known.TryGetValue(key, out Known? known);
        if (known is not null)
        {
            // Before it is asked: a document that hangs takes the whole attempt, and the next one must get past it.
            _known[key] = new Known(known.Metadata, clock.Now + clock.Ticks(AskAgainAfter));
        }

        (ServerMetadata? found, Failure? failure) = await FetchAsync(settings, new Uri(key.Issuer), cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            // What was known serves on: an issuer's document may be away while its token endpoint is not.
            return known is null ? (null, failure) : (known.Url(settings), null);
        }

        Known fresh = new(found, clock.Now + clock.Ticks(KeepFor));
        Compare(settings, fresh, known);
        _known[key] = fresh;
        return (fresh.Url(settings), null);
    }

    private async Task<(ServerMetadata? Metadata, Failure? Failure)> FetchAsync(Settings settings, Uri issuer, CancellationToken cancellationToken)
    {
        Failure? last = null;
        foreach (Uri address in ServerMetadata.Addresses(issuer))
        {
            (ServerMetadata? metadata, last, bool isElsewhere) = await FetchAsync(settings, issuer, address, cancellationToken).ConfigureAwait(false);
            if (metadata is not null || !isElsewhere)
            {
                return (metadata, last);
            }
        }

        return (null, last);
    }

    private async Task<(ServerMetadata? Metadata, Failure? Failure, bool IsElsewhere)> FetchAsync(Settings settings, Uri issuer, Uri address, CancellationToken cancellationToken)
    {
        string shown = $"the metadata {Origin.Shown(address)} of issuer '{issuer.OriginalString}'";
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using HttpClient client = http.CreateClient(TokenEndpoint.HttpClientName(settings.Client));
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            int status = (int)response.StatusCode;
            if (status != 200)
            {
                bool mayPass = status is 408 or 429 or >= 500;
                Failure failure = new(mayPass ? FailureReason.Unreachable : FailureReason.InvalidResponse, $"{shown} cannot be read: status {status}.")
                {
                    Status = response.StatusCode,
                    IsTransient = mayPass,
                    Hint = mayPass ? null : "Compare Issuer with what the server writes, or set TokenUrl.",
                };
                // The well-known path goes before the issuer's own or behind it; servers have one of them.
                return (null, failure, !mayPass && status is >= 300);
            }

            if (response.RequestMessage?.RequestUri is { } answered && answered != address)
            {
                return (null, Broken($"{shown} redirects, which is not followed.", response), false);
            }

            if (await TokenEndpoint.ReadBodyAsync(response, cancellationToken).ConfigureAwait(false) is not { } body)
            {
                return (null, Broken($"{shown} is larger than {TokenEndpoint.MaxBytes} bytes.", response), false);
            }

            (ServerMetadata? metadata, string problem) = ServerMetadata.Read(body, issuer, settings.Options.AllowInsecureHttp);
            // A site may answer with a page, or a way to one, wherever it has nothing; it is what lies that ends the search.
            return metadata is null ? (null, Broken($"{shown} {problem}.", response), ServerMetadata.IsNoDocument(problem)) : (metadata, null, false);
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (null, new Failure(FailureReason.Unreachable, $"{shown} could not be reached: {exception.GetType().Name}.") { IsTransient = true, Cause = exception }, false);
        }
    }

    /// <summary>Names what somebody should look at. The method is the app's choice; what a server offers never changes it.</summary>
    private void Compare(Settings settings, Known found, Known? before)
    {
        string method = AuthenticationWords.Of(settings.Options.AuthenticationMethod);
        IReadOnlyList<string> methods = found.Metadata.AuthenticationMethods;
        if (methods.Count > 0 && !methods.Contains(method, StringComparer.Ordinal) && settings.Options.AuthenticationMethod is not (AuthenticationMethod.Custom or AuthenticationMethod.FederatedAssertion))
        {
            string offered = ServerText.Clean(string.Join(", ", methods), []) ?? "";
            log.TokenOdd(settings.Client, settings.ProfileName, $"the server's metadata does not offer {method}; it offers {offered}.");
        }

        if (before is not null && Origin.Of(before.Url(settings)) is var from && Origin.Of(found.Url(settings)) is var to && from != to)
        {
            log.TokenOdd(settings.Client, settings.ProfileName, $"the issuer's token endpoint moved from {from} to {to}; credentials go there from now on.");
        }
    }

    private static Failure Broken(string problem, HttpResponseMessage response) => new(FailureReason.InvalidResponse, problem) { Status = response.StatusCode };

    private sealed class Known(ServerMetadata metadata, long staleAt)
    {
        public ServerMetadata Metadata => metadata;

        public long StaleAt => staleAt;

        // A server may take certificates at another address only (RFC 8705 §5).
        public Uri Url(Settings settings) =>
            Settings.WithQuery(settings.PresentsCertificate && metadata.MutualTlsTokenUrl is { } alias ? alias : metadata.TokenUrl, settings.Options.TokenRequest.Query);
    }
}
