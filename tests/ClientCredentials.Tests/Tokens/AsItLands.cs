using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Tokens;

public sealed class AsItLands : OneClient
{
    private readonly ConcurrentQueue<Task<AccessToken>> _calls = [];
    private volatile bool _isCalling;
    private volatile bool _isLogFull;

    protected override TimeProvider Time => new TellingClock(Clock, () =>
    {
        if (_isCalling)
        {
            _calls.Enqueue(AskAsync());
        }
    });

    protected override void Register(IServiceCollection services, ClientCredentialsBuilder builder)
        => services.AddLogging(logging => logging.AddProvider(new BadLog(() => _isLogFull)));

    [Fact]
    public async Task A_caller_that_comes_while_a_refusal_lands_does_not_ask_once_more()
    {
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");
        var hold = Endpoint.Hold();
        var first = AskAsync();
        await ArriveAsync(1);

        // The flight asks for the time as it lands: whoever comes at that very moment finds the flight or its refusal.
        _isCalling = true;
        hold.Dispose();
        await Assert.ThrowsAsync<ClientCredentialsException>(() => first);
        _isCalling = false;

        Assert.NotEmpty(_calls);
        await Assert.ThrowsAsync<ClientCredentialsException>(() => Task.WhenAll(_calls));
        Assert.Equal(1, Endpoint.Count);
    }

    [Fact]
    public async Task A_log_that_throws_keeps_no_caller_from_its_token_and_the_status_from_no_subscriber()
    {
        using var unobserved = new Unobserved();
        List<ClientState> told = [];
        Credentials.StatusChanged += (_, status) => told.Add(status.State);
        _isLogFull = true;

        await GetAsync();
        await ToldAsync();
        var seen = unobserved.Collect();

        Assert.Equal([ClientState.OK], told);
        Assert.Empty(seen);

        async Task GetAsync() => await AskAsync();
    }

    [Fact]
    public async Task A_log_that_throws_does_not_hide_a_refusal()
    {
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client", times: int.MaxValue);
        _isLogFull = true;

        var first = await FailAsync();
        var second = await FailAsync();

        Assert.Equal(("invalid_client", "invalid_client"), (first.Error, second.Error));
        Assert.Equal(1, Endpoint.Count);
    }

    private sealed class TellingClock(ManualClock clock, Action tell) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override DateTimeOffset GetUtcNow()
        {
            tell();
            return clock.GetUtcNow();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
    }

    private sealed class BadLog(Func<bool> isFull) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (isFull() && eventId.Id is 10 or 11)
            {
                throw new InvalidOperationException("The disk is full.");
            }
        }

        public void Dispose()
        {
        }
    }
}
