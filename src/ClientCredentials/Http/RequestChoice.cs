namespace ClientCredentials.Http;

/// <summary>What one request asks of the handler.</summary>
internal sealed record RequestChoice(TokenParameters? Parameters, bool Skips)
{
    private static readonly HttpRequestOptionsKey<RequestChoice> Key = new("ClientCredentials");

    // An empty lookup would allocate the options of every request: no one looks before someone has asked for something.
    private static volatile bool _isUsed;

    /// <summary>Where the request was moved to: a retry outside of the handler must not move it again.</summary>
    public Uri? MovedTo { get; set; }

    public static RequestChoice? Of(HttpRequestMessage request) =>
        _isUsed && request.Options.TryGetValue(Key, out RequestChoice? choice) ? choice : null;

    public void Put(HttpRequestMessage request)
    {
        _isUsed = true;
        request.Options.Set(Key, this);
    }
}
