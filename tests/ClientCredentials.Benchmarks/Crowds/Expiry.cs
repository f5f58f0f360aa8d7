using ClientCredentials.Benchmarks.Scene;
using ClientCredentials.Tests;

namespace ClientCredentials.Benchmarks.Crowds;

/// <summary>Many callers at the moment at which the token has ended, after a pause in which nobody asked.</summary>
internal sealed class Expiry : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly TokenStub _tokens = new();
    private readonly App _app;
    private readonly Task[] _calls;

    public Expiry(int callers)
    {
        _app = new App(_tokens, _clock);
        _calls = new Task[callers];
    }

    public int TokenRequests => _tokens.Requests;

    public async Task RunAsync()
    {
        _clock.Advance(TimeSpan.FromHours(2));
        for (int i = 0; i < _calls.Length; i++)
        {
            _calls[i] = _app.Credentials.GetTokenAsync(App.Client).AsTask();
        }

        foreach (Task call in _calls)
        {
            await call;
        }
    }

    public void Dispose() => _app.Dispose();
}
