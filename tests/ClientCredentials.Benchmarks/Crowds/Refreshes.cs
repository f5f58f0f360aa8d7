using System.Diagnostics;
using ClientCredentials.Benchmarks.Scene;
using ClientCredentials.Protocol;
using ClientCredentials.Tests;
using ClientCredentials.Tokens;

namespace ClientCredentials.Benchmarks.Crowds;

/// <summary>What a steady load across renewals saw.</summary>
/// <param name="Calls">How many calls there were.</param>
/// <param name="Waited">How many were not answered from memory.</param>
/// <param name="Renewals">How many tokens were fetched after the first.</param>
/// <param name="Slow">How many took longer than 50 ms.</param>
/// <param name="SlowWithout">How many of the calls without a token did, made in turn with them: the machine had other things to do.</param>
internal sealed record RefreshResult(int Calls, int Waited, int Renewals, int Slow = 0, int SlowWithout = 0);

/// <summary>Calls that never stop while tokens end and a slow server gives new ones.</summary>
internal static class Refreshes
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Noticed = TimeSpan.FromMilliseconds(50);

    /// <summary>By a clock of our own: whether a call waits is no matter of how busy the machine is. A call waited if it was not answered from memory.</summary>
    public static async Task<RefreshResult> ByManualClockAsync(int renewals)
    {
        ManualClock clock = new();
        TokenStub tokens = new(lifetime: Lifetime) { Delay = ct => Task.Delay(Slow, clock, ct) };
        using App app = new(tokens, clock);
        TokenSource source = app.Sources.Source(App.Client, asked: null);
        ValueTask<AccessToken> first = source.GetTokenAsync(CancellationToken.None);
        await clock.WaitForTimerAsync(Slow);
        clock.Advance(Slow);
        AccessToken current = await first;

        TimeSpan due = Lifetime - Lifetimes.RefreshWindow(Lifetime, TimeSpan.FromSeconds(60));
        TimeSpan step = TimeSpan.FromMilliseconds(50);
        (int calls, int waited) = (0, 0);
        for (int renewal = 1; renewal <= renewals; renewal++)
        {
            for (TimeSpan age = Slow; age <= due + step; age += step)
            {
                clock.Advance(step);
                Call();
            }

            // The call that found it due has started the flight; from here on the clock may move only as fast as the server.
            await tokens.ArrivedAsync(renewal + 1);
            await clock.WaitForTimerAsync(Slow);
            for (TimeSpan since = TimeSpan.Zero; since < Slow; since += step)
            {
                Call();
                clock.Advance(step);
            }

            while (source.Current is not { } next || next == current)
            {
                Call();
                await Task.Yield();
            }

            current = source.Current!;
        }

        return new RefreshResult(calls, waited, tokens.Requests - 1);

        void Call()
        {
            calls++;
            ValueTask<AccessToken> token = source.GetTokenAsync(CancellationToken.None);
            waited += token.IsCompletedSuccessfully ? 0 : 1;
        }
    }

    /// <summary>In real time, as fast as one thread can.</summary>
    public static async Task<RefreshResult> InRealTimeAsync(TimeSpan duration)
    {
        TokenStub tokens = new(lifetime: TimeSpan.FromSeconds(10)) { Delay = ct => Task.Delay(Slow, ct) };
        using App app = new(tokens);
        using HttpMessageInvoker chain = app.Over(new Wire());
        await app.Credentials.GetTokenAsync(App.Client);
        using HttpMessageInvoker bare = new(new Wire());
        (int calls, int waited, int slow, int slowWithout) = (0, 0, 0, 0);
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            HttpRequestMessage request = App.NewRequest();
            long started = Stopwatch.GetTimestamp();
            await bare.SendAsync(request, CancellationToken.None);
            long between = Stopwatch.GetTimestamp();
            Task sending = chain.SendAsync(request, CancellationToken.None);
            waited += sending.IsCompleted ? 0 : 1;
            await sending;
            slow += Stopwatch.GetElapsedTime(between) > Noticed ? 1 : 0;
            slowWithout += Stopwatch.GetElapsedTime(started, between) > Noticed ? 1 : 0;
            calls++;
        }

        return new RefreshResult(calls, waited, tokens.Requests - 1, slow, slowWithout);
    }
}
