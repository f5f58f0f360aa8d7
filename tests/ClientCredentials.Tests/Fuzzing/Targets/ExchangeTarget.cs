using System.Collections.Concurrent;
using ClientCredentials.Tests.Secrecy;
using ClientCredentials.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Fuzzing;

/// <summary>A whole fetch, retries included, from a server that answers anything: Retry-After, Date, lengths and bodies that do not end.</summary>
internal sealed class ExchangeTarget : Target
{
    private const int MostRetries = 2;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    // One more tells that it is too much.
    private const int MostBytes = TokenEndpoint.MaxBytes + 1;

    private readonly LeapClock _clock = new(MaxWait);
    private readonly Lines _log = new();
    private readonly HostileServer _server;
    private readonly ServiceProvider _app;
    private readonly IClientCredentials _credentials;

    public ExchangeTarget()
    {
        _server = new(_clock);
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddSingleton(new Jitter(() => 0.5));
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddFilter("System.Net.Http", LogLevel.None).AddProvider(_log));
        services.AddClientCredentials()
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => _server).SetHandlerLifetime(Timeout.InfiniteTimeSpan))
            .AddClient("billing", client =>
            {
                (client.TokenUrl, client.ClientId, client.ClientSecret) = (new Uri("https://login.example.com/token"), Canaries.ClientId, Canaries.Secret);
                (client.MaxWait, client.AttemptTimeout, client.MaxRetries) = (MaxWait, MaxWait, MostRetries);
            });
        _app = services.BuildServiceProvider();
        _credentials = _app.GetRequiredService<IClientCredentials>();
    }

    public override string Name => "exchange";

    public override int Everyday => 1500;

    public override async ValueTask<bool> TryAsync(Chance chance, List<string> shown)
    {
        (_server.Chance, _server.Shown, _server.Requests, _server.MostRead) = (chance, shown, 0, 0);
        _credentials.Forget("billing");
        long began = _clock.GetTimestamp();

        bool isToken = chance.OneIn(2) ? Judge(await _credentials.ConnectAsync("billing")) : await JudgeTokenAsync();

        TimeSpan took = _clock.GetElapsedTime(began);
        Claim(took <= MaxWait, $"It took {took}.");
        Claim(_server.Requests is > 0 and <= 1 + MostRetries, $"There were {_server.Requests} requests.");
        Claim(_server.MostRead <= MostBytes, $"{_server.MostRead} bytes were read.");
        while (_log.All.TryDequeue(out string? line))
        {
            ClaimNoSecret(line);
        }

        return isToken;
    }

    public override void Dispose()
    {
        base.Dispose();
        _app.Dispose();
        _server.Dispose();
        _log.Dispose();
    }

    private async Task<bool> JudgeTokenAsync()
    {
        try
        {
            AccessToken token = await _credentials.GetTokenAsync("billing");
            ClaimGood(token);
            Claim(token.ExpiresAt >= _clock.GetUtcNow() - MaxWait, $"It ended at {token.ExpiresAt}.");
            return true;
        }
        catch (ClientCredentialsException exception)
        {
            ClaimFit(exception);
            ClaimFit(_credentials.Statuses[0].Problem);
            return false;
        }
    }

    private static bool Judge(ConnectResult result)
    {
        Claim(result.IsOK == (result.Problem is null), "OK and a problem, or neither.");
        Claim(!result.IsOK || result.TokenLifetime >= TimeSpan.Zero, $"A life of {result.TokenLifetime}.");
        ClaimFit(result.Problem);
        ClaimFit(result.Error);
        ClaimNoSecret(result.ToString());
        return result.IsOK;
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
