using System.Globalization;
using System.Net;
using System.Text;
using ClientCredentials.Testing.Server;
using Microsoft.AspNetCore.Http;

namespace ClientCredentials.Testing;

/// <summary>
/// What one endpoint of a <see cref="TestAuthorizationServer"/> has received, and how it is to answer. Scripted answers are taken in the
/// order they were added, each by the next request that arrives; when none is left the endpoint answers by itself.
/// </summary>
public sealed class EndpointScript
{
    private const int EndlessChunk = 16 * 1024;

    private readonly Func<string?, string?, string> _challenge;
    private long _delay;

    internal EndpointScript(int logCapacity, Func<string?, string?, string> challenge)
    {
        Log = new RequestLog(logCapacity);
        _challenge = challenge;
    }

    /// <summary>The requests received, scripted and unanswered ones included.</summary>
    public int Count => Log.Count;

    /// <summary>The requests answered with a 2xx status, scripted ones included.</summary>
    public int Succeeded => Log.Succeeded;

    /// <summary>The requests that ended otherwise: with another status, or without an answer.</summary>
    public int Refused => Log.Refused;

    /// <summary>The most requests that were in the air at one time.</summary>
    public int MaxConcurrent => Log.MaxConcurrent;

    /// <summary>The requests received, oldest first, at most <see cref="TestServerOptions.LogCapacity"/> of them; a snapshot.</summary>
    public IReadOnlyList<ReceivedRequest> Received => Log.Received;

    /// <summary>How long every answer is delayed, scripted ones included. Runs on <see cref="TestServerOptions.DelayTimeProvider"/>. Defaults to zero.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _delay));
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            Interlocked.Exchange(ref _delay, value.Ticks);
        }
    }

    /// <summary>The nonces that it wants in the proofs of DPoP (RFC 9449). Defaults to none.</summary>
    public DpopNonces DpopNonces { get; } = new();

    internal RequestLog Log { get; }

    internal Steps Steps { get; } = new();

    internal Gate Gate { get; } = new();

    /// <summary>Sets the counters to zero and empties the log and the script. <see cref="Delay"/> and <see cref="Hold"/> stay as they are.</summary>
    public void Reset()
    {
        Steps.Clear();
        Log.Reset();
    }

    /// <summary>Empties the script, so that the endpoint answers by itself again.</summary>
    public void Clear() => Steps.Clear();

    /// <summary>Holds requests back, though they are received, logged and counted, until the result is disposed.</summary>
    /// <remarks>A held request is checked when it is let go; a scripted answer it takes as it arrives.</remarks>
    public IDisposable Hold() => Gate.Hold();

    /// <summary>Completes when <see cref="Count"/> has reached a number.</summary>
    /// <param name="count">The number of requests.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ObjectDisposedException">The server was disposed before.</exception>
    public Task WaitForAsync(int count, CancellationToken cancellationToken = default) => Log.WaitForAsync(count, cancellationToken);

    /// <summary>Refuses the next requests.</summary>
    /// <param name="status">The status of the answer; a 401 carries the endpoint's <c>WWW-Authenticate</c> header, as does a 403 of the API with an error.</param>
    /// <param name="times">How many requests; <see cref="int.MaxValue"/> means until <see cref="Clear"/>.</param>
    /// <param name="retryAfter">The <c>Retry-After</c> header, rounded up to seconds.</param>
    /// <param name="error">The OAuth error code; without one the answer has no body.</param>
    /// <param name="description">The <c>error_description</c>.</param>
    public void Fail(HttpStatusCode status, int times = 1, TimeSpan? retryAfter = null, string? error = null, string? description = null)
        => Add(times, (context, _, _) =>
        {
            if (retryAfter is { } pause)
            {
                context.Response.Headers.RetryAfter = Math.Ceiling(pause.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            }

            return Answering(Server.Answer.WriteAsync(context, new Refusal(status, error, description, Challenge(status, error, description))));
        });

    /// <summary>Refuses the next requests as a provider does.</summary>
    /// <param name="error">The error, one of <see cref="Provider.Errors"/>.</param>
    /// <param name="times">How many requests; <see cref="int.MaxValue"/> means until <see cref="Clear"/>.</param>
    public void Fail(ProviderError error, int times = 1)
    {
        ArgumentNullException.ThrowIfNull(error);
        Add(times, (context, _, _) => Answering(ProviderAct.WriteAsync(context, error.Answer)));
    }

    /// <summary>Answers the next requests with a body as it is.</summary>
    /// <param name="status">The status of the answer.</param>
    /// <param name="body">The body, sent as UTF-8.</param>
    /// <param name="contentType">The <c>Content-Type</c> header; empty for none.</param>
    /// <param name="times">How many requests; <see cref="int.MaxValue"/> means until <see cref="Clear"/>.</param>
    /// <param name="headers">Further headers; one that is named twice is sent twice.</param>
    public void Answer(HttpStatusCode status, string body, string contentType = "application/json", int times = 1, params (string Name, string Value)[] headers)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        Add(times, (context, _, _) =>
        {
            foreach (var (name, value) in headers)
            {
                context.Response.Headers.Append(name, value);
            }

            return Answering(Server.Answer.WriteAsync(context, status, contentType.Length == 0 ? null : contentType, bytes));
        });
    }

    /// <summary>Redirects the next requests.</summary>
    /// <param name="to">The <c>Location</c> header.</param>
    /// <param name="status">The status of the answer. Defaults to 307, which asks for the body to be sent again.</param>
    /// <param name="times">How many requests; <see cref="int.MaxValue"/> means until <see cref="Clear"/>.</param>
    public void Redirect(Uri to, HttpStatusCode status = HttpStatusCode.TemporaryRedirect, int times = 1)
    {
        ArgumentNullException.ThrowIfNull(to);
        Answer(status, "", "", times, ("Location", to.OriginalString));
    }

    /// <summary>Never answers the next requests: each ends when its client leaves or the server is disposed.</summary>
    /// <param name="times">How many requests; <see cref="int.MaxValue"/> means until <see cref="Clear"/>.</param>
    public void Hang(int times = 1) => Add(times, async (_, _, ended) =>
    {
        await Task.Delay(Timeout.Infinite, ended).ConfigureAwait(false);
        return true;
    });

    /// <summary>Ends the connection of the next requests without an answer.</summary>
    /// <param name="times">How many requests; <see cref="int.MaxValue"/> means until <see cref="Clear"/>.</param>
    public void Drop(int times = 1) => Add(times, (context, request, _) =>
    {
        request.Drop(context);
        return Task.FromResult(true);
    });

    /// <summary>Answers the next requests with 200 and JSON that never ends, in chunks as fast as the client reads.</summary>
    /// <param name="times">How many requests; <see cref="int.MaxValue"/> means until <see cref="Clear"/>.</param>
    public void AnswerEndlessly(int times = 1) => Add(times, async (context, _, ended) =>
    {
        var chunk = new byte[EndlessChunk];
        chunk.AsSpan().Fill((byte)'a');
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync("{\"access_token\":\""u8.ToArray(), ended).ConfigureAwait(false);
        while (true)
        {
            ended.ThrowIfCancellationRequested();
            await context.Response.Body.WriteAsync(chunk, ended).ConfigureAwait(false);
        }
    });

    /// <summary>Lets code of the test answer the next requests.</summary>
    /// <param name="answer">Answers and says true, or says false to leave the answer to the endpoint. The request's body can be read here once more.
    /// What it throws is answered as 500 with the exception as text.</param>
    /// <param name="times">How many requests; <see cref="int.MaxValue"/> means until <see cref="Clear"/>.</param>
    public void Do(Func<HttpContext, Task<bool>> answer, int times = 1)
    {
        ArgumentNullException.ThrowIfNull(answer);
        Add(times, (context, _, _) => answer(context));
    }

    private void Add(int times, Step step) => Steps.Add(step, times);

    private string? Challenge(HttpStatusCode status, string? error, string? description)
        => status == HttpStatusCode.Unauthorized || (status == HttpStatusCode.Forbidden && error is not null) ? _challenge(error, description) : null;

    private static async Task<bool> Answering(Task written)
    {
        await written.ConfigureAwait(false);
        return true;
    }
}
