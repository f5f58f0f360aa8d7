using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Identity.Client;

namespace ClientCredentials.Benchmarks.HotPath;

/// <summary>MSAL as its documentation says: the application is kept, and asked for the token of each request.</summary>
internal sealed class Msal : DelegatingHandler
{
    private static readonly string[] Scopes = ["api://invoices/.default"];

    private readonly IConfidentialClientApplication _application;
    private readonly HttpClient _tokenClient;

    public Msal(string token, HttpMessageHandler inner)
        : base(inner)
    {
        _tokenClient = new HttpClient(new Endpoint(token));
        _application = ConfidentialClientApplicationBuilder.Create("11111111-1111-1111-1111-111111111111")
            .WithClientSecret("not a secret")
            .WithAuthority("https://login.microsoftonline.com/22222222-2222-2222-2222-222222222222", validateAuthority: false)
            .WithInstanceDiscovery(false)
            .WithHttpClientFactory(new Factory(_tokenClient))
            .Build();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        AuthenticationResult result = await _application.AcquireTokenForClient(Scopes).ExecuteAsync(cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue(AccessToken.Bearer, result.AccessToken);
        return await base.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _tokenClient.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Factory(HttpClient client) : IMsalHttpClientFactory
    {
        public HttpClient GetHttpClient() => client;
    }

    private sealed class Endpoint(string token) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent($$"""{"access_token":"{{token}}","token_type":"Bearer","expires_in":3600}""", Encoding.UTF8, "application/json"),
                RequestMessage = request,
            });
    }
}
