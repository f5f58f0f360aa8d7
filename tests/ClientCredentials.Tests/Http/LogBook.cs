using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Http;

/// <summary>Keeps everything that is logged, from Trace on, with what a structured log would store of it.</summary>
internal sealed class LogBook : ILoggerProvider
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();

    public IReadOnlyList<LogEntry> Entries => [.. _entries];

    public IReadOnlyList<LogEntry> Of(int eventId) => [.. _entries.Where(entry => entry.Id == eventId && entry.Category.StartsWith("ClientCredentials.", StringComparison.Ordinal))];

    public ILogger CreateLogger(string categoryName) => new Writer(categoryName, _entries);

    public void Dispose()
    {
    }

    private sealed class Writer(string category, ConcurrentQueue<LogEntry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            entries.Enqueue(new(category, LogLevel.None, 0, "", Whole(state, null, "")));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string message = formatter(state, exception);
            entries.Enqueue(new(category, logLevel, eventId.Id, message, Whole(state, exception, message)));
        }

        private static string Whole(object? state, Exception? exception, string message)
        {
            StringBuilder whole = new(message);
            whole.AppendLine().Append(state).AppendLine().Append(exception);
            foreach ((string key, object? value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
            {
                whole.AppendLine().Append(key).Append('=').Append(value is IEnumerable<string> several ? string.Join("|", several) : value);
            }

            return whole.ToString();
        }
    }
}

/// <param name="Category">Who wrote it.</param>
/// <param name="Level">Its level; None for a scope.</param>
/// <param name="Id">The number of its event.</param>
/// <param name="Message">Its text.</param>
/// <param name="Whole">Text, state and exception.</param>
internal sealed record LogEntry(string Category, LogLevel Level, int Id, string Message, string Whole);
