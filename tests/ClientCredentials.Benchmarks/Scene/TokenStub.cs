using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ClientCredentials.Benchmarks.Scene;

/// <summary>A token endpoint in memory: a new token for each request, at once or when it is let go.</summary>
/// <param name="tokenLength">How long its tokens are.</param>
/// <param name="lifetime">How long they live. Defaults to an hour.</param>
internal sealed class TokenStub(int tokenLength = 1024, TimeSpan? lifetime = null) : HttpMessageHandler
{
    private readonly int _seconds = (int)(lifetime ?? TimeSpan.FromHours(1)).TotalSeconds;
    private TaskCompletionSource? _hold;
    private int _requests;

    /// <summary>How many requests came.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>What each answer waits for.</summary>
    public Func<CancellationToken, Task> Delay { get; set; } = static _ => Task.CompletedTask;

    public void Hold() => _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetGo() => _hold?.SetResult();

    /// <summary>Completes when so many requests came.</summary>
    public async Task ArrivedAsync(int requests)
    {
        long started = Stopwatch.GetTimestamp();
        while (Requests < requests)
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(30))
            {
                throw new TimeoutException($"Waited for {requests} token requests; {Requests} came.");
            }

            await Task.Yield();
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int number = Interlocked.Increment(ref _requests);
        await Delay(cancellationToken);
        if (_hold is { } hold)
        {
            await hold.Task.WaitAsync(cancellationToken);
        }

        return Answer(number, request);
    }

    private HttpResponseMessage Answer(int number, HttpRequestMessage request)
    {
        string token = number.ToString(CultureInfo.InvariantCulture).PadLeft(tokenLength, 't');
        string type = request.Headers.NonValidated.Contains("DPoP") ? "DPoP" : "Bearer";
        ByteArrayContent content = new(Encoding.ASCII.GetBytes($$"""{"access_token":"{{token}}","token_type":"{{type}}","expires_in":{{_seconds}},"scope":"invoices.read"}"""));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request };
    }
}
