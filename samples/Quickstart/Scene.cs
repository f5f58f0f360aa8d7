using System.Diagnostics;
using System.Net;
using ClientCredentials;

namespace Quickstart;

/// <summary>Why calls of a scene may wait for a token. Whatever else a call waits for is a refresh, and nobody should wait for that.</summary>
internal enum Waiting
{
    ForNothing,
    ForTheFirstToken,
    ForTheRenewalAfterA401,
}

/// <summary>One line of the table: what the app saw, what the servers counted, and what of it is not as it should be.</summary>
internal sealed class Scene(string name, Waiting allowed, int expectedTokenRequests)
{
    private readonly List<string> _deviations = [];
    private int _answered;
    private int _failed;
    private string? _firstFailure;
    private long _slowest;

    public string Name => name;

    public Waiting Allowed => allowed;

    /// <summary>The calls that the app got answered with 200.</summary>
    public int Answered => _answered;

    public TimeSpan Slowest => Stopwatch.GetElapsedTime(0, _slowest);

    public Tally Counted { get; private set; }

    public int Waits { get; private set; }

    // As long as the servers saw the expected requests and no other, there was nothing else in the air to wait for.
    public int WaitsForRefresh => allowed != Waiting.ForNothing && Counted.TokenRequests == expectedTokenRequests ? 0 : Waits;

    public IReadOnlyList<string> Deviations => _deviations;

    public async Task PlayAsync(Servers servers, Watch watch, Func<Scene, Task> play)
    {
        (Tally counted, int waits) = (servers.Tally, watch.Waits);
        await play(this);
        (Counted, Waits) = (servers.Tally - counted, watch.Waits - waits);

        if (_failed > 0)
        {
            _deviations.Add($"calls that were not answered with 200: {_failed:N0}; the first of them: {_firstFailure}");
        }

        Expect("token requests", Counted.TokenRequests, expectedTokenRequests);
        Expect("calls that the API says it answered", Counted.Answered, Answered);
        Expect("calls that waited for a refresh", WaitsForRefresh, 0);
        bool isRefusedAsMeant = Counted.Refused > 0 == (allowed == Waiting.ForTheRenewalAfterA401);
        if (!isRefusedAsMeant)
        {
            _deviations.Add($"the API refused {Counted.Refused:N0} tokens");
        }
    }

    /// <summary>Many calls at once.</summary>
    public Task CallAsync(int times, HttpClient http, string path, TokenParameters? parameters = null) =>
        Task.WhenAll(Enumerable.Range(0, times).Select(_ => CallAsync(http, path, parameters)));

    public void Expect(string what, int actual, int expected)
    {
        if (actual != expected)
        {
            _deviations.Add($"{what}: {actual:N0} instead of {expected:N0}");
        }
    }

    private async Task CallAsync(HttpClient http, string path, TokenParameters? parameters)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, path);
            if (parameters is not null)
            {
                request.UseClientCredentials(parameters);
            }

            using HttpResponseMessage response = await http.SendAsync(request);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                Interlocked.Increment(ref _answered);
            }
            else
            {
                Fail($"the API answered {(int)response.StatusCode}");
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            Fail(exception.Message.TrimEnd('.'));
        }

        long took = Stopwatch.GetTimestamp() - started;
        for (long slowest = Volatile.Read(ref _slowest); took > slowest; slowest = Volatile.Read(ref _slowest))
        {
            Interlocked.CompareExchange(ref _slowest, took, slowest);
        }
    }

    private void Fail(string why)
    {
        Interlocked.Increment(ref _failed);
        Interlocked.CompareExchange(ref _firstFailure, why, null);
    }
}
