using System.Collections.Concurrent;
using ClientCredentials.Clients;

namespace ClientCredentials.Http;

/// <summary>What is known of the HttpClients that have the handler.</summary>
internal sealed class ApiClients
{
    private readonly ConcurrentDictionary<string, ApiClient> _clients = new(StringComparer.Ordinal);

    public ApiClient Get(string httpClient) => _clients.GetOrAdd(httpClient, static name => new ApiClient(name));
}

/// <summary>An HttpClient that has the handler, by name; its handlers come and go, this stays.</summary>
internal sealed class ApiClient(string name)
{
    private volatile Uri? _baseAddress;
    private volatile Origin? _baseOrigin;
    private readonly ConcurrentDictionary<string, bool> _apiHeaders = new(StringComparer.OrdinalIgnoreCase);
    private volatile Settings? _lastWithApiHeaders;
    private int _hasWarned;
    private int _hasWarnedOfRedirects;

    public string Name => name.Length == 0 ? "(default)" : name;

    /// <summary>The origin of the base address that was configured on it.</summary>
    public Origin? BaseOrigin => _baseOrigin;

    public void SawBaseAddress(Uri? address)
    {
        if (address is null || ReferenceEquals(address, _baseAddress) || !Origin.IsHttp(address))
        {
            return;
        }

        _baseAddress = address;
        _baseOrigin = Origin.Of(address);
    }

    /// <summary>Keeps the names of the API headers that are sent on it; they may be those of any client that a request names.</summary>
    public void SawApiHeaders(Settings settings)
    {
        if (ReferenceEquals(settings, _lastWithApiHeaders))
        {
            return;
        }

        foreach (string header in settings.Options.ApiHeaders.Keys)
        {
            _apiHeaders.TryAdd(header, true);
        }

        _lastWithApiHeaders = settings;
    }

    /// <summary>Whether a header was sent on it as an API header of some client.</summary>
    public bool HasSentApiHeader(string header) => _apiHeaders.ContainsKey(header);

    /// <summary>True once: what is wrong with an HttpClient is not said for each of its requests.</summary>
    public bool WarnsNow() => IsFirst(ref _hasWarned);

    /// <summary>True once.</summary>
    public bool WarnsOfRedirectsNow() => IsFirst(ref _hasWarnedOfRedirects);

    private static bool IsFirst(ref int flag) => Volatile.Read(ref flag) == 0 && Interlocked.Exchange(ref flag, 1) == 0;
}
