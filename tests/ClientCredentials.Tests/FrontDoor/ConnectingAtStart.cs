using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.FrontDoor;

public class ConnectingAtStart : OneServer
{
    // What never comes must fail a test, not hang it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("false")]
    [InlineData(null)]
    public async Task Without_it_nothing_is_asked(string? mode)
    {
        using IHost host = Host(mode);

        await host.StartAsync().WaitAsync(Patience);
        await host.StopAsync().WaitAsync(Patience);

        Assert.Equal(0, Server.TokenEndpoint.Count);
    }

    [Theory]
    [InlineData("true", false)]
    [InlineData("True", false)]
    [InlineData(null, true)]
    public async Task In_the_background_a_server_that_hangs_does_not_keep_the_host_from_starting(string? mode, bool byCode)
    {
        using IDisposable hold = Server.TokenEndpoint.Hold();
        using IHost host = Host(mode, clients => _ = byCode ? clients.ConnectOnStart() : clients);

        await host.StartAsync().WaitAsync(Patience);
        await Server.TokenEndpoint.WaitForAsync(1).WaitAsync(Patience);
        await host.StopAsync().WaitAsync(Patience);

        Assert.Equal(0, Server.TokenEndpoint.Succeeded);
    }

    [Theory]
    [InlineData("wait", false)]
    [InlineData(null, true)]
    public async Task Asked_to_wait_the_host_has_started_when_all_have_answered(string? mode, bool byCode)
    {
        IDisposable hold = Server.TokenEndpoint.Hold();
        using IHost host = Host(mode, clients => _ = byCode ? clients.ConnectOnStart(wait: true) : clients, Clients("a", "b"));

        Task starting = host.StartAsync();
        await Server.TokenEndpoint.WaitForAsync(2).WaitAsync(Patience);
        bool early = starting.IsCompleted;
        hold.Dispose();
        await starting.WaitAsync(Patience);

        Assert.False(early);
        Assert.Equal(2, Server.TokenEndpoint.Succeeded);
        Assert.All(host.Services.GetRequiredService<IClientCredentials>().Statuses, status => Assert.Equal(ClientState.OK, status.State));
        await host.StopAsync().WaitAsync(Patience);
    }

    [Theory]
    [InlineData("false", 0)]
    [InlineData("", 1)]
    public async Task Configuration_goes_before_code_where_it_says_something(string mode, int requests)
    {
        using IHost host = Host(mode, clients => clients.ConnectOnStart(wait: true));

        await host.StartAsync().WaitAsync(Patience);
        await host.StopAsync().WaitAsync(Patience);

        Assert.Equal(requests, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task The_first_request_finds_its_token()
    {
        using IHost host = Host("wait");
        await host.StartAsync().WaitAsync(Patience);

        await host.Services.GetRequiredService<IClientCredentials>().GetTokenAsync("a");

        Assert.Equal(1, Server.TokenEndpoint.Count);
        await host.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task Four_are_asked_at_a_time()
    {
        IDisposable hold = Server.TokenEndpoint.Hold();
        using IHost host = Host("wait", clients: Clients([.. Enumerable.Range(0, 12).Select(number => $"c{number}")]));

        Task starting = host.StartAsync();
        await Server.TokenEndpoint.WaitForAsync(4).WaitAsync(Patience);
        hold.Dispose();
        await starting.WaitAsync(Patience);

        Assert.Equal((12, 4), (Server.TokenEndpoint.Succeeded, Server.TokenEndpoint.MaxConcurrent));
        await host.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_refusal_stops_neither_the_host_nor_the_others()
    {
        LogLines log = new();
        string broken = $$""" "broken": { "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "wr0ng" }, "off": { "Enabled": false }, """;
        using IHost host = Host("wait", clients: broken + Clients("a"), log: log);

        await host.StartAsync().WaitAsync(Patience);

        Dictionary<string, ClientState> states = host.Services.GetRequiredService<IClientCredentials>().Statuses.ToDictionary(status => status.Client, status => status.State);
        Assert.Equal((ClientState.OK, ClientState.Error, ClientState.Disabled), (states["a"], states["broken"], states["off"]));
        Assert.StartsWith("Client 'broken' (profile 'none') gets no new token, and is tried again in ", Assert.Single(log.Of(LogLevel.Error)), StringComparison.Ordinal);
        await host.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task What_could_not_be_asked_is_in_the_log()
    {
        LogLines log = new();
        string section = $$"""{ "ValidateOnStart": false, "ConnectOnStart": "wait", "Clients": { "broken": { "MaxRetries": 11, "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "a", "ClientSecret": "b" }, "off": { "Enabled": false } } }""";
        using IHost host = Startup.Host(section, log: log);

        await host.StartAsync().WaitAsync(Patience);

        Assert.Equal(["A client could not be connected at start. Client 'broken': MaxRetries is 11; it must be 0 to 10."], log.Of(LogLevel.Error));
        await host.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_host_that_stops_waits_for_no_answer()
    {
        LogLines log = new();
        using IDisposable hold = Server.TokenEndpoint.Hold();
        using IHost host = Host("true", clients: Clients("a", "b", "c", "d", "e", "f"), log: log);
        await host.StartAsync().WaitAsync(Patience);
        await Server.TokenEndpoint.WaitForAsync(4).WaitAsync(Patience);

        await host.StopAsync().WaitAsync(Patience);

        Assert.Equal(4, Server.TokenEndpoint.Count);
        Assert.DoesNotContain(log.All, line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task A_start_that_is_cancelled_is_over()
    {
        using IDisposable hold = Server.TokenEndpoint.Hold();
        using IHost host = Host("wait");
        using CancellationTokenSource enough = new();
        Task starting = host.StartAsync(enough.Token);
        await Server.TokenEndpoint.WaitForAsync(1).WaitAsync(Patience);

        await enough.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_word_that_means_nothing_is_a_problem_at_start()
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync("""{ "ConnectOnStart": "later" }""");

        Assert.Equal(["ClientCredentials: ConnectOnStart is none of 'false', 'true' (in the background) and 'wait' (the host starts when all are asked)."], problems);
    }

    private string Clients(params string[] names) =>
        string.Join(", ", names.Select(name => $$""" "{{name}}": { "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "s3cret" } """));

    private IHost Host(string? mode, Action<ClientCredentialsBuilder>? code = null, string? clients = null, LogLines? log = null) => Startup.Host(
        $$"""{ {{(mode is null ? "" : $"\"ConnectOnStart\": \"{mode}\", ")}} "Clients": { {{clients ?? Clients("a")}} } }""",
        builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(Clock);
            builder.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(Server.CreateHandler));
            code?.Invoke(builder);
        },
        log: log);
}
