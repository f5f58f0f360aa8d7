using System.Net;
using System.Net.Http.Headers;
using ClientCredentials.Tests.Tokens;
using ClientCredentials.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Http;

/// <summary>Calls of an API in any order with renewals, refusals, handlers that are recycled and services that are disposed under way. Each seed is one order, the same in every run.</summary>
public sealed class CallsInAnyOrder
{
    private const int Schedules = 250;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Every_call_ends_as_it_should(int part)
    {
        using Unobserved unobserved = new();

        for (int seed = part * Schedules; seed < (part + 1) * Schedules; seed++)
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
            using Play play = new(seed, events);
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
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        private readonly Random _chance;
        private readonly List<string> _events;
        private readonly ManualClock _clock = new();
        private readonly OneByOne _server;
        private readonly IConfigurationRoot _configuration;
        private readonly ServiceProvider _app;
        private readonly IHttpClientFactory _factory;
        private readonly Rotation _rotation;
        private readonly TokenSource _source;
        private readonly List<Call> _calls = [];
        private readonly HashSet<string> _revoked = [];
        private int _newestSeen;
        private bool _isDisposed;

        public Play(int seed, List<string> events)
        {
            (_chance, _events, _server) = (new Random(seed), events, new OneByOne(_clock));
            _configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                [Client + "TokenUrl"] = "https://login.example.com/token",
                [Client + "ApiUrl"] = "https://api.example.com/",
                [Client + "ClientId"] = "id-0",
                [Client + "ClientSecret"] = "secret",
                [Client + "MaxRetries"] = "1",
                [Client + "RetryDelay"] = "00:00:00",
            }).Build();
            ServiceCollection services = new();
            services.AddSingleton<TimeProvider>(_clock);
            services.AddSingleton(new Jitter(() => 0.5));
            // A handler is disposed with its chain; the server is not.
            services.AddClientCredentials(_configuration).ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => new Way(_server)));
            services.AddHttpClient("api").AddClientCredentialsHandler("billing").ConfigurePrimaryHttpMessageHandler(() => new Api(_calls));
            _app = services.BuildServiceProvider();
            (_factory, _rotation) = (_app.GetRequiredService<IHttpClientFactory>(), new Rotation(_app));
            _source = _app.GetRequiredService<TokenSources>().Source("billing", null);
        }

        public async Task RunAsync()
        {
            for (int step = 0; step < 40; step++)
            {
                Act(_chance.Next(100));
                await SettleAsync();
                Assert.True(_server.MostAtOnce() <= 1, "Two token requests at once.");
            }

            while (_server.HasPending || _calls.Any(call => call.AtApi is not null))
            {
                _server.Succeed(60);
                AnswerAll();
                await SettleAsync();
            }

            foreach (Call call in _calls)
            {
                Judge(call, await call.EndAsync().WaitAsync(Patience));
            }
        }

        public void Dispose()
        {
            _app.Dispose();
            _calls.ForEach(call => call.Dispose());
            _server.Dispose();
        }

        private void Act(int chance)
        {
            (string What, Action Act) turn = chance switch
            {
                < 35 => ("send", Send),
                < 50 => ("answer", () => Answer(_calls.Find(call => call.AtApi is not null))),
                < 60 => ("token", () => _server.Succeed(_chance.Next(1, 100))),
                < 64 => ("fail", () => _server.Fail(HttpStatusCode.ServiceUnavailable, null)),
                < 66 => ("refuse", () => _server.Fail(HttpStatusCode.Unauthorized, "invalid_client")),
                < 78 => ("advance", () => _clock.Advance(TimeSpan.FromSeconds(_chance.NextDouble() * (_chance.Next(3) == 0 ? 40 : 4)))),
                < 84 => ("revoke", Revoke),
                < 88 => ("leave", () => _calls.FindLast(call => !call.Task.IsCompleted)?.Leave()),
                < 91 => ("other secret", () => Reload("ClientSecret", $"secret-{_chance.Next()}")),
                < 97 when !_isDisposed => ("recycle", Recycle),
                < 99 => ("answer all", AnswerAll),
                _ => ("dispose", End),
            };
            _events.Add(turn.What);
            turn.Act();
        }

        private void Send()
        {
            Call call = new(_calls.Count, _server.Issued, _newestSeen);
            _calls.Add(call);
            if (_isDisposed)
            {
                call.Fail(Record.Exception(() => _factory.CreateClient("api"))!);
                return;
            }

            // Before it is sent: it may be at the API at once.
            call.Start(_factory.CreateClient("api"));
            call.Riding = OneClient.FlightOf(_source);
        }

        private void Recycle()
        {
            // The factory looks after what it expired, and only then.
            if (_rotation.Expire() > 0 && _chance.Next(2) == 0)
            {
                _rotation.CleanUp();
            }
        }

        private void Revoke()
        {
            if (_newestSeen > 0)
            {
                _revoked.Add($"id-0.{_newestSeen}");
            }
        }

        private void AnswerAll() => _calls.Where(call => call.AtApi is not null).ToList().ForEach(Answer);

        private void Answer(Call? call)
        {
            if (call?.AtApi is not { } arrival)
            {
                return;
            }

            HttpResponseMessage response = new(_revoked.Contains(arrival.Token) ? HttpStatusCode.Unauthorized : HttpStatusCode.OK) { RequestMessage = arrival.Request };
            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                response.Headers.WwwAuthenticate.Add(new AuthenticationHeaderValue("Bearer", "error=\"invalid_token\""));
            }

            call.GoOn(response);
        }

        private void Reload(string setting, string value)
        {
            _configuration[Client + setting] = value;
            _configuration.Reload();
        }

        private void End()
        {
            _isDisposed = true;
            _app.Dispose();
        }

        // Until every call is at the API, or waits for a flight that has come to the server, or is over.
        private async Task SettleAsync()
        {
            while (true)
            {
                // Asked for before anything is looked at: what comes in between is no news later.
                Task arrival = _server.ArrivalAsync();
                Flight? current = OneClient.FlightOf(_source);
                if (current is not null)
                {
                    await Task.WhenAny(current.Landed, _server.PendingAsync(null)).WaitAsync(Patience);
                    if (current.Landed.IsCompleted)
                    {
                        continue;
                    }
                }

                Call[] underWay = [.. _calls.Where(call => call.IsUnderWay(current))];
                if (underWay.Length == 0)
                {
                    break;
                }

                await Task.WhenAny([.. underWay.Select(call => call.Moved), arrival]).WaitAsync(Patience);
            }

            foreach (Call call in _calls)
            {
                if (call.Task.IsCompleted || call.AtApi is not null)
                {
                    call.Riding = null;
                }

                if (call.News() is { } arrival)
                {
                    Judge(call, arrival);
                }
            }
        }

        private void Judge(Call call, Arrived arrival)
        {
            int number = OneByOne.NumberOf(arrival.Token);
            _newestSeen = Math.Max(_newestSeen, number);
            Assert.True(call.Tokens.Count <= 2, "A call was sent more than twice.");
            Assert.True(call.Tokens.Distinct().Count() == call.Tokens.Count, "A call was sent twice with the same token.");
            // One who waited for a token gets it, however long it was on its way.
            if (call.Tokens.Count == 1 && number <= call.IssuedBefore)
            {
                Assert.True(_clock.GetTimestamp() < _server.EndOf(arrival.Token), "A token was sent that had ended.");
                Assert.True(number >= call.SeenBefore, "An older token came back.");
            }
        }

        private void Judge(Call call, Exception? end)
        {
            switch (end)
            {
                case null:
                    Assert.Contains(call.Task.Result.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Unauthorized });
                    break;
                case ObjectDisposedException:
                    Assert.True(_isDisposed, "It said that the app is disposed, and it was not.");
                    break;
                case OperationCanceledException:
                    Assert.True(call.HasLeft, "Somebody was cancelled who had not left.");
                    break;
                default:
                    Assert.IsType<ClientCredentialsException>(end);
                    break;
            }
        }
    }

    private sealed class Call(int number, int issuedBefore, int seenBefore) : IDisposable
    {
        private readonly CancellationTokenSource _leaving = new();
        private readonly TaskCompletionSource<HttpResponseMessage> _failed = new();
        private readonly Lock _gate = new();
        private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Arrived? _news;

        public int IssuedBefore => issuedBefore;

        public int SeenBefore => seenBefore;

        public Task<HttpResponseMessage> Task { get; private set; } = System.Threading.Tasks.Task.FromResult(new HttpResponseMessage());

        public List<string> Tokens { get; } = [];

        public Arrived? AtApi { get; private set; }

        /// <summary>The flight it waits for, as far as is known.</summary>
        public Flight? Riding { get; set; }

        public bool HasLeft { get; private set; }

        public Task Moved
        {
            get
            {
                lock (_gate)
                {
                    return System.Threading.Tasks.Task.WhenAny(_moved.Task, Task);
                }
            }
        }

        public void Start(HttpClient http)
        {
            HttpRequestMessage request = new(HttpMethod.Get, "x");
            request.Options.Set(Api.Key, number);
            Task = http.SendAsync(request, _leaving.Token);
        }

        public void Fail(Exception exception)
        {
            _failed.SetException(exception);
            Task = _failed.Task;
        }

        public void Leave()
        {
            HasLeft = true;
            _leaving.Cancel();
        }

        public Task<HttpResponseMessage> Arrive(Arrived arrival, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                Tokens.Add(arrival.Token);
                (AtApi, _news) = (arrival, arrival);
                _moved.TrySetResult();
            }

            return arrival.Answered.Task.WaitAsync(cancellationToken);
        }

        public void GoOn(HttpResponseMessage response)
        {
            Arrived arrival = AtApi!;
            lock (_gate)
            {
                AtApi = null;
                _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            arrival.Answered.TrySetResult(response);
        }

        /// <summary>Its arrival at the API, where that is new.</summary>
        public Arrived? News()
        {
            lock (_gate)
            {
                Arrived? news = _news;
                _news = null;
                return news;
            }
        }

        /// <summary>Whether it is about to come to the API or to its end, rather than waiting for a flight.</summary>
        public bool IsUnderWay(Flight? current)
        {
            if (Task.IsCompleted)
            {
                AtApi = null;
                return false;
            }

            return AtApi is null && !HasLeft && (current is null || Riding is { Landed.IsCompleted: true, Kind: not FlightKind.Ahead });
        }

        public async Task<Exception?> EndAsync()
        {
            await Task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return Task.IsCanceled ? new OperationCanceledException() : Task.Exception?.InnerException;
        }

        public void Dispose() => _leaving.Dispose();
    }

    private sealed record Arrived(string Token, HttpRequestMessage Request)
    {
        public TaskCompletionSource<HttpResponseMessage> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>An API that answers when it is told to.</summary>
    private sealed class Api(List<Call> calls) : HttpMessageHandler
    {
        public static readonly HttpRequestOptionsKey<int> Key = new("call");

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.True(request.Options.TryGetValue(Key, out int number));
            string token = request.Headers.Authorization!.Parameter!;
            Call call;
            lock (calls)
            {
                call = calls[number];
            }

            return call.Arrive(new Arrived(token, request), cancellationToken);
        }
    }

    /// <summary>The way to a server that outlives the handlers.</summary>
    private sealed class Way(HttpMessageHandler server) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _server = new(server, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _server.SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            _server.Dispose();
            base.Dispose(disposing);
        }
    }
}
