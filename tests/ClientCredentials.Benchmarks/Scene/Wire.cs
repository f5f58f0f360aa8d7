using System.Net;

namespace ClientCredentials.Benchmarks.Scene;

/// <summary>Stands in for the socket handler: writes the headers out as that does, and gives the same answer each time.</summary>
/// <param name="later">Whether it answers only when <see cref="Answer"/> is called, as a network does; else at once.</param>
internal sealed class Wire(bool later = false) : HttpMessageHandler
{
    private readonly HttpResponseMessage _ok = new(HttpStatusCode.OK);
    private readonly Task<HttpResponseMessage> _answered = Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    private TaskCompletionSource<HttpResponseMessage>? _pending;

    /// <summary>Whether it looks at the URL as well, as a connection pool does.</summary>
    public bool ReadsUrl { get; init; }

    /// <summary>Whether each answer is one of its own, for those who dispose of it.</summary>
    public bool MakesAnswers { get; init; }

    /// <summary>How many characters of headers went out: what is never read could be optimized away.</summary>
    public long Written { get; private set; }

    public void Answer() => _pending?.SetResult(_ok);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        WriteOut(request);
        if (!later)
        {
            return MakesAnswers ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)) : _answered;
        }

        _pending = new TaskCompletionSource<HttpResponseMessage>();
        return _pending.Task;
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        WriteOut(request);
        return _ok;
    }

    private void WriteOut(HttpRequestMessage request)
    {
        foreach ((string name, var values) in request.Headers.NonValidated)
        {
            Written += name.Length;
            foreach (string value in values)
            {
                Written += value.Length;
            }
        }

        if (ReadsUrl && request.RequestUri is { } url)
        {
            Written += url.IdnHost.Length + url.Port + url.PathAndQuery.Length;
        }
    }
}

/// <summary>A handler that does nothing: what any handler costs.</summary>
internal sealed class PassThrough : DelegatingHandler
{
    public PassThrough(HttpMessageHandler inner)
        : base(inner)
    {
    }
}
