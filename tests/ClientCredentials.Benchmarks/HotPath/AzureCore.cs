using Azure.Core;
using Azure.Core.Pipeline;

namespace ClientCredentials.Benchmarks.HotPath;

/// <summary>Azure.Core's own pipeline, with its bearer policy or without.</summary>
internal sealed class AzureCore(HttpMessageHandler inner, string? token = null) : IDisposable
{
    private readonly HttpClientTransport _transport = new(new HttpMessageInvokerClient(inner));
    private HttpPipeline? _pipeline;

    private HttpPipeline Pipeline => _pipeline ??= token is null
        ? new HttpPipeline(_transport)
        : new HttpPipeline(_transport, [new BearerTokenAuthenticationPolicy(new Credential(token), "api://invoices/.default")]);

    public async Task SendAsync(Uri url)
    {
        using HttpMessage message = Pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Get;
        message.Request.Uri.Reset(url);
        await Pipeline.SendAsync(message, CancellationToken.None);
    }

    public void Dispose() => _transport.Dispose();

    // The transport takes an HttpClient; one without a time limit adds the least.
    private sealed class HttpMessageInvokerClient : HttpClient
    {
        public HttpMessageInvokerClient(HttpMessageHandler inner)
            : base(inner, disposeHandler: false) => Timeout = System.Threading.Timeout.InfiniteTimeSpan;
    }

    private sealed class Credential(string token) : TokenCredential
    {
        private readonly Azure.Core.AccessToken _token = new(token, TimeProvider.System.GetUtcNow().AddHours(1));

        public override Azure.Core.AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => _token;

        public override ValueTask<Azure.Core.AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(_token);
    }
}
