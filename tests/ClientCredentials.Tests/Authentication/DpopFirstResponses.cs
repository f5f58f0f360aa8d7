using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Authentication;

/// <summary>What becomes of the response that only names a nonce.</summary>
public class DpopFirstResponses
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_disposed_of_before_the_request_is_sent_again_and_the_second_is_the_caller_s(bool isSynchronous)
    {
        Watch watch = new();
        await using DpopApp app = await DpopApp.StartAsync(build: builder => builder.Services.AddHttpClient("api").AddHttpMessageHandler(() => watch), onLoopback: true);
        app.Server.Api.DpopNonces.IsRequired = true;
        HttpClient api = app.Api;
        HttpRequestMessage request = new(HttpMethod.Get, "invoices");

        HttpResponseMessage response = isSynchronous
            ? await Task.Run(() => api.Send(request, HttpCompletionOption.ResponseHeadersRead))
            : await api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal([401, 200], app.Server.Api.Received.Select(call => call.StatusCode));
        Assert.True(watch.WasFirstDisposedAtTheSecond);
        Assert.False(Assert.IsType<Watched>(response.Content).IsDisposed);
    }

    /// <summary>Sees each request on its last way, and gives each response a content that tells of its end.</summary>
    private sealed class Watch : DelegatingHandler
    {
        private Watched? _last;

        public bool WasFirstDisposedAtTheSecond { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            WasFirstDisposedAtTheSecond = _last?.IsDisposed == true;
            return Watching(await base.SendAsync(request, cancellationToken));
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            WasFirstDisposedAtTheSecond = _last?.IsDisposed == true;
            return Watching(base.Send(request, cancellationToken));
        }

        private HttpResponseMessage Watching(HttpResponseMessage response)
        {
            response.Content.Dispose();
            response.Content = _last = new Watched();
            return response;
        }
    }

    private sealed class Watched() : StringContent("")
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
