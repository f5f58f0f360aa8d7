namespace ClientCredentials.Benchmarks.Scene;

/// <summary>How many bytes one operation allocates.</summary>
internal static class Bytes
{
    private const int Batch = 500;
    private const int Rounds = 40;

    /// <summary>On this thread alone. The least of many rounds: what the runtime does now and then for itself is no part of it.</summary>
    public static long OnThisThread<T>(Func<T> prepare, Action<T> operation)
    {
        long least = long.MaxValue;
        T[] prepared = new T[Batch];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < Batch; i++)
            {
                prepared[i] = prepare();
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (T each in prepared)
            {
                operation(each);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return (long)Math.Round(least / (double)Batch);
    }

    /// <summary>On all threads, for what hops between them.</summary>
    public static async Task<long> InAllAsync(int operations, Func<Task> all)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await all();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / operations;
    }

    /// <summary>One request through a chain, answered at once or later.</summary>
    public static long PerRequest(HttpMessageInvoker chain, Wire wire, Func<HttpRequestMessage>? newRequest = null, CancellationToken cancellationToken = default) =>
        OnThisThread(newRequest ?? (() => App.NewRequest()), request =>
        {
            Task<HttpResponseMessage> sending = chain.SendAsync(request, cancellationToken);
            wire.Answer();
            sending.GetAwaiter().GetResult();
        });
}
