using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Protocol;

/// <summary>Keeps every log line of this package as text, whatever its level.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> All
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>The warnings, but for those about the odd characters of this folder's usual id and secret.</summary>
    public IEnumerable<string> Warnings => All.Where(line => line.StartsWith("Warning", StringComparison.Ordinal) && !line.Contains("Appendix A", StringComparison.Ordinal) && !line.Contains("white space", StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => new Writer(this);

    public void Dispose()
    {
    }

    private void Add(string line)
    {
        lock (_lines)
        {
            _lines.Add(line);
        }
    }

    private sealed class Writer(LogLines lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => lines.Add($"{logLevel} {formatter(state, exception)} {exception}");
    }
}
