using System.Collections.Concurrent;
using System.Diagnostics;
using ClientCredentials.Testing;
using ClientCredentials.Tests.Conventions;
using ClientCredentials.Tests.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Secrecy;

/// <summary>Where a secret or a token can be read in spite of everything, because others show it. What is not on this list is proven by the tests beside.</summary>
public sealed class OutOfReach
{
    /// <summary>The list as the README has it: one point a line.</summary>
    private static readonly string[] Places =
    [
        ".NET's private HTTP event sources and diagnostic listeners, which can show headers to whoever listens in the process;",
        "the structured state behind the HttpClient's own log of headers, at `Trace`: its text is redacted, but a logger that stores the state's values gets them as they are;",
        "`IConfigurationRoot.GetDebugView()`, which shows every value of the configuration, secrets included;",
        "memory dumps, and anything else that reads the process's memory;",
        "what your code does with `Reveal()`, and what your own handlers, secret stores and authentications write of what passes through them.",
    ];

    [Fact]
    public void Is_what_the_README_says_it_is()
    {
        string passage = Readme.Text[Readme.Text.IndexOf("Out of reach, so mind them yourself:", StringComparison.Ordinal)..Readme.Text.IndexOf("Not there:", StringComparison.Ordinal)];

        Assert.Equal(Places, passage.Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal)).Select(line => line[2..]));
    }

    [Fact]
    public void A_debug_view_of_the_configuration_shows_the_secret()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["ClientCredentials:Clients:billing:ClientSecret"] = Canaries.Secret }).Build();

        string view = configuration.GetDebugView();

        Assert.Contains(Canaries.Secret, view, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_state_behind_the_log_of_headers_shows_the_token_that_its_text_does_not()
    {
        await using App app = new();
        await app.Caller.GetAsync("x");

        LogEntry[] entries = [.. app.Log.Entries.Where(entry => entry.Level == LogLevel.Trace && entry.Whole.Contains("token-1", StringComparison.Ordinal))];

        Assert.NotEmpty(entries);
        Assert.All(entries, entry => Assert.StartsWith("System.Net.Http.HttpClient.", entry.Category, StringComparison.Ordinal));
        Assert.All(entries, entry => Assert.DoesNotContain("token-1", entry.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_diagnostic_listener_is_handed_the_request_with_its_token()
    {
        // A listener hears every HttpClient of the process, those of tests that run beside this one too.
        ConcurrentQueue<string> seen = [];
        using IDisposable subscription = DiagnosticListener.AllListeners.Subscribe(new Listeners(seen));
        await using TestAuthorizationServer server = await TestAuthorizationServer.StartAsync(options => options.AddClient("billing", "s3cret"));
        ServiceCollection services = new();
        services.AddClientCredentials().AddClient("billing", client => (client.TokenUrl, client.ApiUrl, client.ClientId, client.ClientSecret) = (server.TokenUrl, server.ApiUrl, "billing", "s3cret"));
        services.AddHttpClient("api").AddClientCredentialsHandler("billing");
        await using ServiceProvider provider = services.BuildServiceProvider();
        string token = (await provider.GetRequiredService<IClientCredentials>().GetTokenAsync("billing")).Reveal();

        await provider.GetRequiredService<IHttpClientFactory>().CreateClient("api").GetAsync("x");

        Assert.Contains(seen, text => text.Contains(token, StringComparison.Ordinal));
    }

    private sealed class Listeners(ConcurrentQueue<string> seen) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "HttpHandlerDiagnosticListener")
            {
                value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value) => seen.Enqueue($"{value.Value}");

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
