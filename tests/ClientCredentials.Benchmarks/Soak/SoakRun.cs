using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using ClientCredentials.Benchmarks.Crowds;
using ClientCredentials.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Benchmarks.Soak;

/// <summary>Full speed against a server where everything goes wrong now and then.</summary>
internal sealed class SoakRun(TimeSpan duration, int seed)
{
    private const int Callers = 4;

    // So often memory is looked at: what grows with the calls would grow from part to part.
    private const int Parts = 6;
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromSeconds(10);
    private static readonly string[] Clients = ["billing", "shipping"];

    private readonly ConcurrentDictionary<string, int> _unexpected = new(StringComparer.Ordinal);
    private long _calls;
    private long _succeeded;
    private long _refused;
    private long _apiFailures;
    private long _withoutToken;
    private string? _lastProblem;

    /// <returns>0 where no wrong and no expired token was sent and nothing unexpected was thrown, else 1.</returns>
    public async Task<int> RunAsync()
    {
        await using TestAuthorizationServer server = await TestAuthorizationServer.StartAsync(options =>
        {
            options.LogCapacity = 100;
            options.TokenLifetime = TokenLifetime;
            Array.ForEach(Clients, client => options.AddClient(client, "secret of round 0"));
        });
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings(server)).Build();
        Ledger ledger = new(TimeProvider.System);
        await using ServiceProvider app = App(configuration, ledger);
        Trouble trouble = new(server, configuration, ledger, seed);
        trouble.Begin();

        using CancellationTokenSource end = new();
        Task troubles = trouble.RunAsync(Clients, end.Token);
        Task[] callers = [.. Enumerable.Range(0, Callers).Select(number => Task.Run(() => CallAsync(app, Clients[number % Clients.Length], end.Token)))];
        // What is made once is made by then.
        await Task.Delay(TimeSpan.FromSeconds(3));
        List<long> memory = [await IdleMemory.SettledAsync()];
        long started = Stopwatch.GetTimestamp();
        for (int part = 0; part < Parts; part++)
        {
            await Task.Delay(duration / Parts);
            memory.Add(await IdleMemory.SettledAsync());
        }

        await end.CancelAsync();
        await Task.WhenAll([.. callers, troubles]);

        TimeSpan took = Stopwatch.GetElapsedTime(started) + TimeSpan.FromSeconds(3);
        int ideal = Clients.Length * (1 + (int)(took / (TokenLifetime * 0.8)) + trouble.Revocations);
        Say($"soak of {duration.TotalSeconds:0} s, seed {seed}: {trouble.Failures} failures and resets, {trouble.Revocations} revocations, {trouble.Rotations} secrets rotated");
        Say($"calls: {_calls:N0}, of them answered 200: {_succeeded:N0}, refused with 401: {_refused:N0}, failed at the API: {_apiFailures:N0}, without a token: {_withoutToken:N0}");
        Say($"wrong tokens sent: {ledger.Wrong}");
        Say($"expired tokens sent: {ledger.Expired}");
        Say($"unexpected exceptions: {_unexpected.Values.Sum()}");
        Say($"token requests: {server.TokenEndpoint.Count}, answered with a token: {ledger.Issued}, ideal: {ideal}");
        Say($"memory of app and server: {memory[0] / 1024:N0} KB at the start, {memory[^1] / 1024:N0} KB at the end; after each sixth: {string.Join(", ", memory.Skip(1).Select(bytes => (bytes / 1024).ToString("N0", CultureInfo.InvariantCulture)))} KB");
        if (_lastProblem is { } problem)
        {
            Say($"the last reason why there was no token: {problem}");
        }

        foreach ((string exception, int count) in _unexpected)
        {
            Say($"unexpected, {count} times: {exception}");
        }

        return ledger.Wrong + ledger.Expired + _unexpected.Count == 0 ? 0 : 1;
    }

    private static Dictionary<string, string?> Settings(TestAuthorizationServer server)
    {
        Dictionary<string, string?> settings = [];
        foreach (string client in Clients)
        {
            string path = $"ClientCredentials:Clients:{client}";
            settings[$"{path}:TokenUrl"] = server.TokenUrl.AbsoluteUri;
            settings[$"{path}:ApiUrl"] = new Uri(server.ApiUrl, $"{client}/").AbsoluteUri;
            settings[$"{path}:ClientId"] = client;
            settings[$"{path}:ClientSecret"] = "secret of round 0";
            settings[$"{path}:RetryDelay"] = "00:00:00.05";
            settings[$"{path}:AttemptTimeout"] = "00:00:02";
            settings[$"{path}:MaxWait"] = "00:00:05";
        }

        return settings;
    }

    private static ServiceProvider App(IConfigurationRoot configuration, Ledger ledger)
    {
        ServiceCollection services = new();
        ClientCredentialsBuilder builder = services.AddClientCredentials(configuration);
        foreach (string client in Clients)
        {
            builder.ConfigureTokenClient(client, http => http.AddHttpMessageHandler(() => ledger.Writer(client)));
            services.AddHttpClient(client).AddClientCredentialsHandler(client);
        }

        return services.BuildServiceProvider();
    }

    private async Task CallAsync(ServiceProvider app, string client, CancellationToken end)
    {
        IHttpClientFactory factory = app.GetRequiredService<IHttpClientFactory>();
        while (!end.IsCancellationRequested)
        {
            Interlocked.Increment(ref _calls);
            try
            {
                using HttpClient http = factory.CreateClient(client);
                using HttpResponseMessage response = await http.GetAsync(new Uri("items", UriKind.Relative), CancellationToken.None);
                Interlocked.Increment(ref response.IsSuccessStatusCode ? ref _succeeded : ref response.StatusCode == HttpStatusCode.Unauthorized ? ref _refused : ref _apiFailures);
            }
            catch (ClientCredentialsException exception) when (exception.Reason is FailureReason.Refused or FailureReason.Unreachable or FailureReason.TimedOut)
            {
                // The server refused or was away for longer than an app should wait; the next call is not due at once.
                Interlocked.Increment(ref _withoutToken);
                _lastProblem = exception.Message;
                await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
            }
            catch (HttpRequestException exception) when (exception is not ClientCredentialsException)
            {
                Interlocked.Increment(ref _apiFailures);
            }
            catch (Exception exception)
            {
                _unexpected.AddOrUpdate($"{exception.GetType().Name}: {exception.Message}", 1, static (_, count) => count + 1);
            }
        }
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
