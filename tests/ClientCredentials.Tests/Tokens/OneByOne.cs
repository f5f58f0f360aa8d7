using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ClientCredentials.Tests.Tokens;

/// <summary>A server that answers one request after the other, when it is told to. Its tokens name the client id: "id-3.17".</summary>
internal sealed class OneByOne(ManualClock clock) : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private readonly List<Pending> _pending = [];
    private readonly ConcurrentDictionary<string, long> _ends = new();
    private readonly List<(string? ClientId, TaskCompletionSource Arrived)> _awaited = [];
    private int _count;

    public bool HasPending => Next() is not null;

    public static int IdentityOf(string token) => int.Parse(token.AsSpan(3, token.IndexOf('.', StringComparison.Ordinal) - 3), CultureInfo.InvariantCulture);

    public static int NumberOf(string token) => int.Parse(token.AsSpan(token.IndexOf('.', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);

    /// <summary>How many tokens were given.</summary>
    public int Issued => _count;

    public long EndOf(AccessToken token) => EndOf(token.Reveal());

    public long EndOf(string token) => _ends[token];

    public int MostAtOnce()
    {
        lock (_gate)
        {
            _pending.RemoveAll(request => !request.IsOpen);
            return _pending.GroupBy(request => request.ClientId, (_, requests) => requests.Count()).DefaultIfEmpty().Max();
        }
    }

    public Task PendingAsync(string? clientId)
    {
        lock (_gate)
        {
            if (_pending.Any(request => request.IsFor(clientId) && request.IsOpen))
            {
                return Task.CompletedTask;
            }

            TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((clientId, arrived));
            return arrived.Task;
        }
    }

    /// <summary>Completes when the next request arrives.</summary>
    public Task ArrivalAsync()
    {
        lock (_gate)
        {
            TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((null, arrived));
            return arrived.Task;
        }
    }

    public void Succeed(int seconds)
    {
        if (Next() is { } request)
        {
            var token = $"{request.ClientId}.{Interlocked.Increment(ref _count)}";
            _ends[token] = request.At + TimeSpan.FromSeconds(seconds).Ticks;
            Answer(request, HttpStatusCode.OK, $$"""{"access_token":"{{token}}","token_type":"Bearer","expires_in":{{seconds}}}""");
        }
    }

    public void Fail(HttpStatusCode status, string? error)
    {
        if (Next() is { } request)
        {
            Answer(request, status, error is null ? "" : $$"""{"error":"{{error}}"}""");
        }
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var basic = Encoding.ASCII.GetString(Convert.FromBase64String(request.Headers.Authorization!.Parameter!));
        Pending pending = new(basic.Split(':')[0], clock.GetTimestamp(), request, cancellationToken);
        lock (_gate)
        {
            _pending.Add(pending);
            foreach (var (_, arrived) in _awaited.Where(awaited => pending.IsFor(awaited.ClientId)))
            {
                arrived.SetResult();
            }

            _awaited.RemoveAll(awaited => pending.IsFor(awaited.ClientId));
        }

        return pending.Answered.Task.WaitAsync(cancellationToken);
    }

    private Pending? Next()
    {
        lock (_gate)
        {
            return _pending.Find(request => request.IsOpen);
        }
    }

    private static void Answer(Pending request, HttpStatusCode status, string body) => request.Answered.SetResult(new HttpResponseMessage(status)
    {
        RequestMessage = request.Message,
        Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
    });

    private sealed record Pending(string ClientId, long At, HttpRequestMessage Message, CancellationToken Left)
    {
        public TaskCompletionSource<HttpResponseMessage> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsOpen => !Answered.Task.IsCompleted && !Left.IsCancellationRequested;

        public bool IsFor(string? clientId) => clientId is null || clientId == ClientId;
    }
}
