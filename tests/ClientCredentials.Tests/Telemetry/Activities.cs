using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using ClientCredentials.Testing;
using ClientCredentials.Tests.Clients;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Telemetry;

public sealed class Activities : IAsyncLifetime, IDisposable
{
    private const string Fetch = "client_credentials.fetch";

    // Every test has a client of its own name: activities of others that run beside it are heard too.
    private readonly string _client = $"c{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;
    private TestAuthorizationServer _server = null!;

    public Activities() => _listener = new ActivityListener
    {
        ShouldListenTo = source => source.Name is ClientCredentialsTelemetry.ActivitySourceName or "System.Net.Http" or "App",
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        ActivityStopped = _ended.Enqueue,
    };

    public async Task InitializeAsync()
    {
        _server = await TestAuthorizationServer.StartAsync(options => options.AddClient("billing", "s3cret"));
        ActivitySource.AddActivityListener(_listener);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _listener.Dispose();

    [Fact]
    [Trait("Scenario", "T107")]
    public async Task A_fetch_is_a_root_linked_to_the_request_that_started_it()
    {
        await using SettingsApp app = App();
        using ActivitySource source = new("App");
        using Activity caller = source.StartActivity("import")!;

        await app.Http("api").GetAsync("a");

        Activity fetch = Assert.Single(Fetches);
        ActivityContext link = Assert.Single(fetch.Links).Context;
        Assert.Null(fetch.Parent);
        Assert.Equal(default, fetch.ParentSpanId);
        Assert.NotEqual(caller.TraceId, fetch.TraceId);
        Assert.Equal((caller.TraceId, caller.SpanId), (link.TraceId, link.SpanId));
        Assert.Same(caller, Activity.Current);
    }

    [Fact]
    public async Task It_tells_what_was_fetched_and_how_often_was_asked()
    {
        await using SettingsApp app = App();

        await app.TokenAsync(_client);

        Activity fetch = Assert.Single(Fetches);
        Assert.Equal((Fetch, ActivityKind.Internal, ActivityStatusCode.Unset), (fetch.OperationName, fetch.Kind, fetch.Status));
        Assert.Equal(
            [$"client_credentials.client={_client}", "client_credentials.flight=first", "client_credentials.profile=Live", "client_credentials.requests=1"],
            Tags(fetch));
        Assert.Empty(fetch.Links);
    }

    [Fact]
    public async Task A_failure_is_an_error_of_few_words()
    {
        await using SettingsApp app = App();
        _server.TokenEndpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client", description: "s3cret is wrong");

        await app.Credentials.ConnectAsync(_client);

        Activity fetch = Assert.Single(Fetches);
        Assert.Equal((ActivityStatusCode.Error, null), (fetch.Status, fetch.StatusDescription));
        Assert.Equal(
            [$"client_credentials.client={_client}", "client_credentials.flight=connect", "client_credentials.profile=Live", "client_credentials.requests=1", "error.type=invalid_client"],
            Tags(fetch));
    }

    [Fact]
    public async Task A_request_from_memory_has_none()
    {
        await using SettingsApp app = App();
        await app.Http("api").GetAsync("a");

        await app.Http("api").GetAsync("b");
        await app.TokenAsync(_client);

        Assert.Single(Fetches);
    }

    [Fact]
    public async Task All_who_wait_share_one()
    {
        await using SettingsApp app = App();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.TokenAsync(_client)));

        Assert.Single(Fetches);
    }

    [Fact]
    public async Task The_call_of_the_token_endpoint_is_below_it()
    {
        await using SettingsApp app = App();
        using ActivitySource source = new("App");
        using Activity caller = source.StartActivity("import")!;

        await app.Http("api").GetAsync("a");

        Activity fetch = Assert.Single(Fetches);
        Activity call = Assert.Single(_ended, activity => activity.Source.Name == "System.Net.Http" && $"{activity.GetTagItem("server.port")}" == $"{_server.BaseUrl.Port}" && activity.TraceId != caller.TraceId);
        Assert.Equal((fetch.TraceId, fetch.SpanId), (call.TraceId, call.ParentSpanId));
    }

    [Fact]
    public async Task A_client_without_profiles_has_no_tag_for_one()
    {
        await using SettingsApp app = App(hasProfile: false);

        await app.TokenAsync(_client);

        Assert.DoesNotContain(Tags(Assert.Single(Fetches)), tag => tag.StartsWith("client_credentials.profile", StringComparison.Ordinal));
    }

    private IEnumerable<Activity> Fetches => _ended.Where(activity => activity.OperationName == Fetch && _client.Equals(activity.GetTagItem("client_credentials.client")));

    private static string[] Tags(Activity activity) => [.. activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal)];

    private SettingsApp App(bool hasProfile = true) => new(
        $$"""
        { "Clients": { "{{_client}}": { "TokenUrl": "{{_server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "s3cret", "ApiUrl": "{{_server.ApiUrl}}"{{(hasProfile ? ", \"Profile\": \"Live\", \"Profiles\": { \"Live\": {} }" : "")}} } } }
        """,
        clients => clients.Services.AddHttpClient("api").AddClientCredentialsHandler(),
        server: _server);
}
