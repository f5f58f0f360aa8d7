using System.Net;

namespace Worker;

/// <summary>Makes the app run alone: servers on loopback, and settings that point to them, by the keys that environment variables have. An app of yours has nothing of this.</summary>
internal sealed class Demo : IAsyncDisposable
{
    private const int DefaultSeconds = 12;

    private readonly DemoServers _servers;
    private readonly ConsoleTelemetry _telemetry;
    private readonly List<string> _deviations = [];

    private Demo(DemoServers servers, ConsoleTelemetry telemetry) => (_servers, _telemetry) = (servers, telemetry);

    /// <summary>Whether all that is shown has been shown.</summary>
    public bool IsOver { get; set; }

    // Both count on, until the last request that was sent has its answer.
    public bool IsCounted =>
        _telemetry.Total("client_credentials.token_requests") == _servers.All.Sum(server => server.TokenEndpoint.Count)
        && Answered == _servers.All.Sum(server => server.Api.Succeeded);

    private long Answered => Calls(WorkerMeter.Answered);

    /// <summary>Starts the demo, unless the configuration has a secret: then it has all the rest too, and there is an authorization server to work with.</summary>
    public static async Task<Demo?> StartUnlessThereAreSecretsAsync(WebApplicationBuilder builder, ConsoleTelemetry telemetry)
    {
        IConfigurationSection clients = builder.Configuration.GetSection("ClientCredentials:Clients");
        bool hasSecret = clients.AsEnumerable().Any(setting => setting.Value is { Length: > 0 }
            && (setting.Key.EndsWith(":ClientSecret", StringComparison.OrdinalIgnoreCase) || setting.Key.EndsWith(":ClientSecretName", StringComparison.OrdinalIgnoreCase)));
        if (hasSecret)
        {
            return null;
        }

        DemoServers servers = await DemoServers.StartAsync(clients);
        Dictionary<string, string> variables = servers.Variables();
        // Four rounds a second: more to see in a short time.
        variables.Add("Worker__Every", "00:00:00.25");
        variables.Add("Worker__Rehearses", "true");
        Tell(variables);

        builder.Configuration.AddInMemoryCollection(variables.Select(variable => KeyValuePair.Create(variable.Key.Replace("__", ":", StringComparison.Ordinal), (string?)variable.Value)));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        HttpClient.DefaultProxy = new WebProxy();

        Demo demo = new(servers, telemetry);
        TimeSpan length = TimeSpan.FromSeconds(builder.Configuration.GetValue("seconds", DefaultSeconds));
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<DemoStory>(services, demo, servers, length));
        return demo;
    }

    public void Deviated(string deviation) => _deviations.Add(deviation);

    public void Expect(string what, long actual, long expected)
    {
        if (actual != expected)
        {
            Deviated($"{what}: {actual} instead of {expected}");
        }
    }

    /// <summary>Compares what the app measured with what the servers counted, and says whether all was as it should be.</summary>
    /// <returns>The exit code.</returns>
    public int Judge()
    {
        long tokenRequests = _servers.All.Sum(server => server.TokenEndpoint.Count);
        long refused = _servers.All.Sum(server => server.Api.Refused);
        if (IsOver)
        {
            long failed = _telemetry.Total(WorkerMeter.Calls) - Answered - Calls("Refused");
            Expect("calls that the APIs say they answered", _servers.All.Sum(server => server.Api.Succeeded), Answered);
            Expect("calls that failed for another reason than a refused client", failed, 0);
            Expect("token requests, as measured", _telemetry.Total("client_credentials.token_requests"), tokenRequests);
            Expect("times that a client was refused or well again, as measured", _telemetry.Total("client_credentials.standing.changes"), 2);
            Expect("tokens rejected, as measured", _telemetry.Total("client_credentials.rejections"), refused);
        }
        else
        {
            Deviated("the demo did not come to its end");
        }

        _deviations.ForEach(deviation => Console.WriteLine($"NOT OK: {deviation}."));
        if (_deviations.Count > 0)
        {
            return 1;
        }

        Console.WriteLine($"OK: {Answered} calls answered, {tokenRequests} token requests, {refused} recovered 401s");
        return 0;
    }

    public ValueTask DisposeAsync() => _servers.DisposeAsync();

    private long Calls(string result) => _telemetry.Total(WorkerMeter.Calls, $"{WorkerMeter.Result}={result}");

    private static void Tell(Dictionary<string, string> variables)
    {
        Console.WriteLine("No client secret is configured, so this is a demo: authorization servers and APIs on loopback.");
        Console.WriteLine("Laid over appsettings.json, by the keys that environment variables would have:");
        foreach ((string key, string value) in variables)
        {
            Console.WriteLine($"  {key}={(key.EndsWith("Secret", StringComparison.Ordinal) ? "(made up for this run)" : value)}");
        }

        Console.WriteLine();
    }
}
