using System.Collections.Concurrent;

namespace ClientCredentials.Tests.Tokens;

/// <summary>Collects exceptions of a flight's tasks that nobody looked at. What callers do with theirs is their own affair.</summary>
public sealed class Unobserved : IDisposable
{
    private static readonly string[] Places = ["ClientCredentials.Tokens.Flight.", "ClientCredentials.Tokens.Discovery.", "ClientCredentials.Tokens.Patience.", "ClientCredentials.Tokens.TokenEndpoint.", "ClientCredentials.Authentication.Credentials."];

    private readonly ConcurrentQueue<string> _seen = new();

    public Unobserved() => TaskScheduler.UnobservedTaskException += OnUnobserved;

    /// <summary>What was left unobserved so far.</summary>
    public IReadOnlyCollection<string> Collect()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return _seen;
    }

    public void Dispose() => TaskScheduler.UnobservedTaskException -= OnUnobserved;

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        if (e.Exception.InnerExceptions.Any(exception => Places.Any(place => exception.StackTrace?.Contains(place, StringComparison.Ordinal) == true)))
        {
            _seen.Enqueue(e.Exception.ToString());
        }
    }
}
