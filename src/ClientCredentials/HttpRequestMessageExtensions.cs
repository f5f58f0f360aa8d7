using ClientCredentials.Http;

namespace ClientCredentials;

/// <summary>What one request asks of the handler that gives it its token. It holds for this request only.</summary>
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
        RequestChoice.Put(request, choice => choice with { Parameters = parameters, Skips = false });
        return request;
    }

    /// <summary>Sends this request as another client than its HttpClient's, such as a tenant's. It may go where that client's tokens may.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">The client's name.</param>
    /// <param name="parameters">What to ask for. Defaults to the client's usual token.</param>
    /// <returns>The request.</returns>
    public static HttpRequestMessage UseClientCredentials(this HttpRequestMessage request, string client, TokenParameters? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        RequestChoice.Put(request, choice => choice with { Client = client, Parameters = parameters, Skips = false });
        return request;
    }

    /// <summary>Sends this request without a token.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The request.</returns>
    public static HttpRequestMessage SkipClientCredentials(this HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestChoice.Put(request, choice => choice with { Skips = true });
        return request;
    }

    /// <summary>Takes the API's answer to this request as it is: the token is not renewed, and the request is not sent again.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The request.</returns>
    public static HttpRequestMessage SkipTokenRenewal(this HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestChoice.Put(request, choice => choice with { KeepsRefusal = true });
        return request;
    }
}
