using System.Net;
using System.Text;

namespace ClientCredentials.Tests.Http;

/// <summary>The far end of a wire: notes what arrives as it arrives, and answers by script; when the script is at its end, by what goes for all.</summary>
internal sealed class Wire : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private readonly Queue<Func<Arrival, CancellationToken, Task<HttpResponseMessage>>> _script = new();
    private readonly List<Arrival> _arrivals = [];

    public Func<Arrival, HttpResponseMessage> Otherwise { get; set; } = static _ => new(HttpStatusCode.OK);

    public IReadOnlyList<Arrival> Arrivals
    {
        get
        {
            lock (_gate)
            {
                return [.. _arrivals];
            }
        }
    }

    public int Count => Arrivals.Count;

    public IEnumerable<string?> Tokens => Arrivals.Select(arrival => arrival.Header("Authorization"));

    /// <summary>A token endpoint that gives token-1, token-2, and so on.</summary>
    public static Wire OfTokens()
    {
        int count = 0;
        return new Wire { Otherwise = _ => Json(HttpStatusCode.OK, $$"""{"access_token":"token-{{Interlocked.Increment(ref count)}}","token_type":"Bearer","expires_in":3600}""") };
    }

    public static HttpResponseMessage Json(HttpStatusCode status, string body) => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public Wire Answer(HttpStatusCode status, params string[] challenges) => Answer(_ =>
    {
        HttpResponseMessage response = new(status);
        foreach (string challenge in challenges)
        {
            response.Headers.TryAddWithoutValidation("WWW-Authenticate", challenge);
        }

        return response;
    });

    public Wire Answer(Func<Arrival, HttpResponseMessage> answer) => Answer((arrival, _) => Task.FromResult(answer(arrival)));

    public Wire Answer(Func<Arrival, CancellationToken, Task<HttpResponseMessage>> answer)
    {
        lock (_gate)
        {
            _script.Enqueue(answer);
        }

        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using MemoryStream body = new();
        if (request.Content is { } content)
        {
            await content.CopyToAsync(body, cancellationToken);
        }

        return await AnswerAsync(request, body.ToArray(), cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using MemoryStream body = new();
        request.Content?.CopyTo(body, context: null, cancellationToken);
        return AnswerAsync(request, body.ToArray(), cancellationToken).GetAwaiter().GetResult();
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, byte[] body, CancellationToken cancellationToken)
    {
        Arrival arrival = new(
            request.Method.Method,
            request.RequestUri!.AbsoluteUri,
            request.Headers.NonValidated.ToDictionary(header => header.Key, header => header.Value.ToArray(), StringComparer.OrdinalIgnoreCase),
            body);
        Func<Arrival, CancellationToken, Task<HttpResponseMessage>>? step;
        lock (_gate)
        {
            _arrivals.Add(arrival);
            _script.TryDequeue(out step);
        }

        HttpResponseMessage response = step is null ? Otherwise(arrival) : await step(arrival, cancellationToken);
        response.RequestMessage = request;
        return response;
    }
}

/// <summary>A request as it arrived.</summary>
internal sealed record Arrival(string Method, string Url, IReadOnlyDictionary<string, string[]> Headers, byte[] Body)
{
    /// <summary>A header's only value; null where it is absent.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out string[]? values) ? Assert.Single(values) : null;
}
