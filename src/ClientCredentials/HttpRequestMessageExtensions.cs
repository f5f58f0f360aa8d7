using ClientCredentials.Http;

namespace ClientCredentials;

/// <summary>What one request asks of the handler that gives it its token.</summary>
public static class HttpRequestMessageExtensions
{
    /// <summary>Sends this request with a token of another kind than its HttpClient's usual one. A request below the active profile's <c>ApiUrl</c> moves below that of the profile asked for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="parameters">What to ask for.</param>
    /// <returns>The request.</returns>
    public static HttpRequestMessage UseClientCredentials(this HttpRequestMessage request, TokenParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(parameters);
        new RequestChoice(parameters, Skips: false).Put(request);
        return request;
    }

    /// <summary>Sends this request without a token.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The request.</returns>
    public static HttpRequestMessage SkipClientCredentials(this HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        new RequestChoice(Parameters: null, Skips: true).Put(request);
        return request;
    }
}
