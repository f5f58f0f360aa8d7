using ClientCredentials.Benchmarks.Scene;
using ClientCredentials.Tests;

namespace ClientCredentials.Benchmarks.Crowds;

/// <summary>What a source costs that holds a token and is not used.</summary>
internal static class IdleMemory
{
    /// <returns>Bytes of each source beyond the text of its token.</returns>
    public static async Task<long> PerSourceAsync(int sources, int tokenLength)
    {
        using Shapes shapes = new(sources, tokenLength: tokenLength);
        await shapes.FillAsync(shapes.All[..1]);
        long before = await SettledAsync();
        await shapes.FillAsync(shapes.All);
        long grown = await SettledAsync() - before;
        GC.KeepAlive(shapes);
        return (grown / (sources - 1)) - (sizeof(char) * tokenLength);
    }

    /// <summary>Sends requests and renews tokens, a tenth to settle, and then the other tenths.</summary>
    /// <returns>How many bytes more are held after the other tenths.</returns>
    public static async Task<long> GrowthAsync(int requests, int renewals, int tenths)
    {
        ManualClock clock = new();
        using App app = new(new TokenStub(), clock);
        using HttpMessageInvoker chain = app.Over(new Wire());
        await RunAsync(1);
        long before = await SettledAsync();
        await RunAsync(tenths);
        return Math.Max(0, await SettledAsync() - before);

        async Task RunAsync(int times)
        {
            for (int i = 0; i < times * renewals; i++)
            {
                clock.Advance(TimeSpan.FromHours(2));
                for (int sent = 0; sent < requests / renewals; sent++)
                {
                    using HttpRequestMessage request = App.NewRequest();
                    await chain.SendAsync(request, CancellationToken.None);
                }
            }
        }
    }

    /// <summary>What is still held after all that is done with is gone.</summary>
    public static async Task<long> SettledAsync()
    {
        await Task.Yield();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
