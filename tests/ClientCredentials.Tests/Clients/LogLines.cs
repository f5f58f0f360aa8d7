using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Clients;

/// <summary>What the package logged, in order.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = new();

    public IReadOnlyList<LogLine> All => [.. _lines];

    public IEnumerable<string> Of(LogLevel level) => _lines.Where(line => line.Level == level).Select(line => line.Text);

    public void Clear() => _lines.Clear();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName.StartsWith("ClientCredentials.", StringComparison.Ordinal));

    public void Dispose()
    {
        // There is nothing to let go of.
    }

    private sealed class Logger(LogLines lines, bool isOurs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => isOurs;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (isOurs)
            {
                lines._lines.Enqueue(new LogLine(logLevel, eventId.Id, formatter(state, exception), exception));
            }
        }
    }
}

internal sealed record LogLine(LogLevel Level, int Id, string Text, Exception? Exception);
