using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace ClientCredentials.Testing.Server;

/// <summary>The way of a request through one endpoint: read, logged, held, delayed, answered by the script or by the endpoint itself.</summary>
internal sealed class Pipeline(
    EndpointScript script,
    Action<ReceivedRequest> identify,
    Func<HttpContext, ReceivedRequest, Task> answer,
    TestServerOptions options,
    CancellationToken stopping)
{
    public async Task RunAsync(HttpContext context)
    {
        ReceivedRequest request;
        byte[] body;
        try
        {
            (request, body) = await ReadAsync(context).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client left before its request was whole: nothing was received.
            context.Abort();
            return;
        }

        identify(request);
        // Taken before the request is counted: what a test sets up once it has seen the request is for the next one.
        var step = script.Steps.Take();
        var opened = script.Gate.Opened;
        request.Dropping = () => script.Log.Leave(request, 0);
        script.Log.Arrive(request);
        context.Response.OnStarting(() =>
        {
            script.Log.Leave(request, context.Response.StatusCode);
            // By the clock that proofs and tokens are judged by: a client compares it with its own.
            if (context.Response.Headers.Date.Count == 0)
            {
                context.Response.Headers.Date = options.TimeProvider.GetUtcNow().ToString("R");
            }

            return Task.CompletedTask;
        });
        try
        {
            await AnswerAsync(context, request, body, step, opened).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            request.Drop(context);
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            // Only code of the test fails here, and its author looks at the answer.
            context.Response.Clear();
            await Answer.WriteAsync(context, HttpStatusCode.InternalServerError, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(e.ToString())).ConfigureAwait(false);
        }
        finally
        {
            script.Log.Leave(request, request.IsDropped ? 0 : context.Response.StatusCode);
        }
    }

    private async Task<(ReceivedRequest Request, byte[] Body)> ReadAsync(HttpContext context)
    {
        var incoming = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        // The server uses its own collection for the next request on the connection.
        var headers = new Dictionary<string, StringValues>(incoming.Headers, StringComparer.OrdinalIgnoreCase);
        var (body, length) = await BodyReader.ReadAsync(context).ConfigureAwait(false);
        var target = headers.Remove(InMemoryHandler.TargetHeader, out var sent) ? sent.ToString() : incoming.RawTarget;
        var request = new ReceivedRequest(incoming.Method, target, headers, options.TimeProvider.GetUtcNow())
        {
            Body = Encoding.UTF8.GetString(body),
            BodyLength = length,
            Certificate = context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate?.RawData,
        };
        return (request, body);
    }

    private async Task AnswerAsync(HttpContext context, ReceivedRequest request, byte[] body, Step? step, Task? opened)
    {
        var delay = script.Delay;
        if (step is null && opened is null && delay == TimeSpan.Zero)
        {
            await answer(context, request).ConfigureAwait(false);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        if (opened is not null)
        {
            await opened.WaitAsync(ended.Token).ConfigureAwait(false);
        }

        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, options.DelayTimeProvider, ended.Token).ConfigureAwait(false);
        }

        if (step is not null)
        {
            context.Request.Body = new MemoryStream(body, writable: false);
            if (await step(context, request, ended.Token).ConfigureAwait(false))
            {
                return;
            }
        }

        await answer(context, request).ConfigureAwait(false);
    }
}
