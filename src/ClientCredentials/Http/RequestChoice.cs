namespace ClientCredentials.Http;

/// <summary>What one request asks of the handler.</summary>
internal sealed record RequestChoice
{
    private static readonly HttpRequestOptionsKey<RequestChoice> Key = new("ClientCredentials");

    // An empty lookup would allocate the options of every request: no one looks before someone has asked for something.
    private static volatile bool _isUsed;

    /// <summary>Another client than the HttpClient's.</summary>
    public string? Client { get; init; }

    /// <summary>What to ask for instead of the HttpClient's usual token.</summary>
    public TokenParameters? Parameters { get; init; }

    /// <summary>Whether the request goes without a token.</summary>
    public bool Skips { get; init; }

    /// <summary>Whether a refusal of the API is handed on as it is.</summary>
    public bool KeepsRefusal { get; init; }

    /// <summary>Where the request was moved to: a retry outside of the handler must not move it again.</summary>
    public Uri? MovedTo { get; set; }

    public static RequestChoice? Of(HttpRequestMessage request) =>
        _isUsed && request.Options.TryGetValue(Key, out RequestChoice? choice) ? choice : null;

    /// <summary>Adds to what the request asks for already.</summary>
    public static void Put(HttpRequestMessage request, Func<RequestChoice, RequestChoice> add)
    {
        _isUsed = true;
        request.Options.Set(Key, add(Of(request) ?? new RequestChoice()));
    }
}
