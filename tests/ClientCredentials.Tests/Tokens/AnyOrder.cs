using System.Net;
using ClientCredentials.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Tokens;

/// <summary>Whatever happens in whatever order, what a source promises holds. Each seed is one order of events, the same in every run.</summary>
public sealed class AnyOrder
{
    private const int Schedules = 500;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_source_keeps_its_promises_in_any_order_of_events(int part)
    {
        using var unobserved = new Unobserved();

        for (var seed = (part * Schedules) + 1; seed <= (part + 1) * Schedules; seed++)
        {
            await PlayAsync(seed);
        }

        Assert.Empty(unobserved.Collect());
    }

    private static async Task PlayAsync(int seed)
    {
        List<string> events = [];
        try
        {
            using var play = new Play(seed, events);
            await play.RunAsync();
        }
        catch (Exception exception)
        {
            Assert.Fail($"Seed {seed}: {string.Join(", ", events)}{Environment.NewLine}{exception}");
        }
    }

    private sealed class Play : IDisposable
    {
        private const string Client = "ClientCredentials:Clients:billing:";

        private readonly Random _chance;
        private readonly List<string> _events;
        private readonly ManualClock _clock = new();
        private readonly OneByOne _server;
        private readonly IConfigurationRoot _configuration;
        private readonly ServiceProvider _app;
        private readonly TokenSource _source;
        private readonly HashSet<Flight> _flights = [];
        private readonly List<Call> _calls = [];
        private readonly HashSet<string> _rejected = [];
        private readonly List<AccessToken> _tokens = [];
        private int _identity;
        private bool _isDisposed;

        public Play(int seed, List<string> events)
        {
            (_chance, _events, _server) = (new Random(seed), events, new OneByOne(_clock));
            _configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                [Client + "TokenUrl"] = "https://login.example.com/token",
                [Client + "ClientId"] = "id-0",
                [Client + "ClientSecret"] = "secret",
                [Client + "MaxRetries"] = seed % 2 == 0 ? "0" : "2",
                [Client + "RetryDelay"] = "00:00:00",
            }).Build();
            var services = new ServiceCollection();
            services.AddSingleton<TimeProvider>(_clock);
            services.AddSingleton(new Jitter(() => 0.5));
            services.AddClientCredentials(_configuration)
                .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => _server).SetHandlerLifetime(Timeout.InfiniteTimeSpan));
            _app = services.BuildServiceProvider();
            _source = _app.GetRequiredService<TokenSources>().Source("billing", null);
        }

        public async Task RunAsync()
        {
            for (var step = 0; step < 40; step++)
            {
                await ActAsync(_chance.Next(100));
                await SettleAsync();
                Assert.True(_server.MostAtOnce() <= 1, "Two flights are in the air with the same settings.");
            }

            // In the end everybody is answered, whether the app goes on or not.
            if (!_isDisposed && _chance.Next(2) == 0)
            {
                End();
            }

            while (_server.HasPending)
            {
                _server.Succeed(60);
                await SettleAsync();
            }

            await Task.WhenAll(_calls.Select(call => call.EndAsync())).WaitAsync(TimeSpan.FromSeconds(30));
            foreach (var call in _calls)
            {
                Judge(call, await call.EndAsync());
            }
        }

        public void Dispose()
        {
            End();
            _calls.ForEach(call => call.Dispose());
            _server.Dispose();
        }

        private void End()
        {
            _isDisposed = true;
            _app.Dispose();
        }

        private Task ActAsync(int chance) => chance switch
        {
            < 35 => Note("get", Get),
            < 45 => Note("succeed", () => _server.Succeed(_chance.Next(4) == 0 ? 0 : _chance.Next(1, 100))),
            < 52 => Note("fail", () => _server.Fail(HttpStatusCode.ServiceUnavailable, null)),
            < 56 => Note("refuse", () => _server.Fail(HttpStatusCode.Unauthorized, "invalid_client")),
            < 76 => Note("advance", () => _clock.Advance(TimeSpan.FromSeconds(_chance.NextDouble() * (_chance.Next(3) == 0 ? 40 : 4)))),
            < 84 => Note("reject", Reject),
            < 88 => Note("cancel", () => _calls.LastOrDefault(call => !call.Task.IsCompleted)?.Leave()),
            < 92 when !_isDisposed => Note("other client", () => Reload("ClientId", $"id-{++_identity}")),
            < 95 => Note("other secret", () => Reload("ClientSecret", $"secret-{_chance.Next()}")),
            < 97 => Note("connect", Connect),
            < 99 => Note("jump", () => _clock.JumpWallClock(TimeSpan.FromSeconds(_chance.Next(-3600, 3600)))),
            _ => Note("dispose", End),
        };

        private Task Note(string what, Action act)
        {
            _events.Add(what);
            act();
            return Task.CompletedTask;
        }

        private void Get()
        {
            Call call = new(_identity, [.. _rejected], source: _source);
            _calls.Add(call);
            if (call.Task.IsCompletedSuccessfully)
            {
                var token = call.Task.Result;
                Assert.True(_clock.GetTimestamp() < _server.EndOf(token), "A token was handed out that had ended.");
            }
        }

        private void Reject()
        {
            if (_tokens.Count > 0 && _tokens[^_chance.Next(1, Math.Min(3, _tokens.Count + 1))] is { } token && _source.Reject(token))
            {
                _rejected.Add(token.Reveal());
            }
        }

        private void Connect()
        {
            if (_source.Live.Current is { } settings)
            {
                _calls.Add(new Call(_identity, [], _source.ConnectAsync(settings, CancellationToken.None)));
            }
        }

        private void Reload(string setting, string value)
        {
            _configuration[Client + setting] = value;
            _configuration.Reload();
        }

        // Until every flight in the air has come to the server, and everybody whose flight has landed has got off.
        private async Task SettleAsync()
        {
            while (true)
            {
                var current = OneClient.FlightOf(_source);
                if (current is not null)
                {
                    _flights.Add(current);
                }

                _flights.RemoveWhere(flight => flight.Landed.IsCompleted);
                foreach (var flight in _flights)
                {
                    await Task.WhenAny(flight.Landed, _server.PendingAsync(flight.Settings.Options.ClientId!)).WaitAsync(TimeSpan.FromSeconds(30));
                }

                if (_flights.Any(flight => flight.Landed.IsCompleted))
                {
                    continue;
                }

                var waiting = _calls.Where(call => !call.Task.IsCompleted).ToArray();
                if (_flights.Count > 0 || waiting.Length == 0)
                {
                    break;
                }

                // Who rode on a flight that failed may start another.
                await Task.WhenAny([_server.PendingAsync(null), .. waiting.Select(call => call.EndAsync())]).WaitAsync(TimeSpan.FromSeconds(30));
            }

            foreach (var call in _calls.Where(call => call.Task.IsCompletedSuccessfully && !call.IsConnecting))
            {
                if (!_tokens.Contains(await call.Task))
                {
                    _tokens.Add(await call.Task);
                }
            }
        }

        private void Judge(Call call, Exception? end)
        {
            switch (end)
            {
                case null when !call.IsConnecting:
                    var token = call.Task.Result.Reveal();
                    Assert.DoesNotContain(token, call.RejectedBefore);
                    Assert.True(OneByOne.IdentityOf(token) >= call.Identity, "A token of other settings was handed out after they had changed.");
                    break;
                case OperationCanceledException:
                    Assert.True(call.HasLeft, "Somebody was cancelled who had not left.");
                    break;
                case ObjectDisposedException:
                    Assert.True(_isDisposed, "It said that the app is disposed, and it was not.");
                    break;
                default:
                    Assert.True(end is null or ClientCredentialsException, $"Nobody expects {end}.");
                    break;
            }
        }
    }

    private sealed class Call : IDisposable
    {
        private readonly CancellationTokenSource _leaving = new();

        public Call(int identity, string[] rejectedBefore, TokenSource source)
        {
            (Identity, RejectedBefore) = (identity, rejectedBefore);
            Task = source.GetTokenAsync(_leaving.Token).AsTask();
        }

        public Call(int identity, string[] rejectedBefore, Task<ClientCredentials.Protocol.TokenReply> connecting)
        {
            (Identity, RejectedBefore, IsConnecting) = (identity, rejectedBefore, true);
            Task = TokenAsync();

            async Task<AccessToken> TokenAsync() => (await connecting).Token!;
        }

        public Task<AccessToken> Task { get; }

        public int Identity { get; }

        public string[] RejectedBefore { get; }

        public bool IsConnecting { get; }

        public bool HasLeft { get; private set; }

        public void Leave()
        {
            if (!IsConnecting)
            {
                HasLeft = true;
                _leaving.Cancel();
            }
        }

        public void Dispose() => _leaving.Dispose();

        public async Task<Exception?> EndAsync()
        {
            await Task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return Task.IsCanceled ? new OperationCanceledException() : Task.Exception?.InnerException;
        }
    }
}
