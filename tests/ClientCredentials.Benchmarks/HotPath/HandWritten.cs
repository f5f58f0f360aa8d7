using System.Net.Http.Headers;
using Microsoft.Extensions.Caching.Memory;

namespace ClientCredentials.Benchmarks.HotPath;

/// <summary>What people write by hand: one header value, made once, for all requests.</summary>
internal sealed class SharedHeader(string token, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly AuthenticationHeaderValue _header = new(AccessToken.Bearer, token);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = _header;
        return base.SendAsync(request, cancellationToken);
    }
}

/// <summary>The least that puts a token on a request: a text made once and added unparsed. It knows no expiry, no 401 and no origin.</summary>
internal sealed class PreparedText(string token, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly string _header = $"{AccessToken.Bearer} {token}";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("Authorization", _header);
        return base.SendAsync(request, cancellationToken);
    }
}

/// <summary>A token looked up in a cache by a joined key for every request.</summary>
internal sealed class NaiveCache : DelegatingHandler
{
    private readonly MemoryCache _cache = new(new MemoryCacheOptions());
    private readonly string _client;

    public NaiveCache(string client, string token, HttpMessageHandler inner)
        : base(inner)
    {
        _client = client;
        _cache.Set(Key(), token, TimeSpan.FromHours(1));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string? token = await _cache.GetOrCreateAsync(Key(), static _ => Task.FromResult(""));
        request.Headers.Authorization = new AuthenticationHeaderValue(AccessToken.Bearer, token);
        return await base.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _cache.Dispose();
        base.Dispose(disposing);
    }

    private string Key() => $"token:{_client}:invoices.read";
}
