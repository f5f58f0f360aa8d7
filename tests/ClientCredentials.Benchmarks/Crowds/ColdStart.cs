using ClientCredentials.Benchmarks.Scene;

namespace ClientCredentials.Benchmarks.Crowds;

/// <summary>What a crowd cost.</summary>
internal sealed record CrowdResult(int TokenRequests, long BytesPerCaller);

/// <summary>Many callers at once, and no token in memory.</summary>
internal static class ColdStart
{
    /// <summary>They ask for a token.</summary>
    public static Task<CrowdResult> AskAsync(int callers, CancellationToken cancellationToken = default) =>
        RunAsync(callers, app => _ => app.Credentials.GetTokenAsync(App.Client, cancellationToken: cancellationToken).AsTask());

    /// <summary>They send a request through the handler.</summary>
    public static Task<CrowdResult> SendAsync(int callers, CancellationToken cancellationToken = default) =>
        RunAsync(callers, app =>
        {
            HttpMessageInvoker chain = app.Over(new Wire());
            return request => chain.SendAsync(request, cancellationToken);
        });

    /// <summary>They send a request through the handler, and the token is there: what a request costs that does not wait.</summary>
    public static async Task<long> CachedAsync(int callers)
    {
        using App app = new(new TokenStub());
        await app.Credentials.GetTokenAsync(App.Client);
        using HttpMessageInvoker chain = app.Over(new Wire());
        HttpRequestMessage[] requests = [.. Enumerable.Range(0, callers).Select(_ => App.NewRequest())];
        return await Bytes.InAllAsync(callers, async () =>
        {
            foreach (HttpRequestMessage request in requests)
            {
                await chain.SendAsync(request, CancellationToken.None);
            }
        });
    }

    private static async Task<CrowdResult> RunAsync(int callers, Func<App, Func<HttpRequestMessage, Task>> start)
    {
        TokenStub tokens = new();
        using App app = new(tokens);
        Func<HttpRequestMessage, Task> call = start(app);
        HttpRequestMessage[] requests = [.. Enumerable.Range(0, callers).Select(_ => App.NewRequest())];
        Task[] calls = new Task[callers];
        tokens.Hold();
        long bytes = await Bytes.InAllAsync(callers, async () =>
        {
            for (int i = 0; i < callers; i++)
            {
                calls[i] = call(requests[i]);
            }

            tokens.LetGo();
            foreach (Task each in calls)
            {
                await each;
            }
        });
        return new CrowdResult(tokens.Requests, bytes);
    }
}
