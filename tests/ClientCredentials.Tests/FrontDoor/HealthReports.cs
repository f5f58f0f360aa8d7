using System.Net;
using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClientCredentials.Tests.FrontDoor;

public class HealthReports : OneServer
{
    [Fact]
    public async Task Clients_that_are_not_used_yet_and_those_switched_off_are_healthy_and_nothing_is_asked()
    {
        await using SettingsApp app = App(More("\"off\": { \"Enabled\": false }"));

        HealthReportEntry entry = await CheckAsync(app);

        Assert.Equal((HealthStatus.Healthy, null), (entry.Status, entry.Description));
        Assert.Equal(["billing/Live=NotYetUsed", "billing/Test=NotYetUsed", "off=Disabled"], Data(entry));
        Assert.Equal(0, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_client_with_a_token_is_healthy()
    {
        await using SettingsApp app = App();
        await app.TokenAsync();

        HealthReportEntry entry = await CheckAsync(app);

        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Equal(["billing/Live=OK", "billing/Test=NotYetUsed"], Data(entry));
        Assert.Equal(1, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_client_that_gets_no_token_is_unhealthy_and_no_secret_is_told()
    {
        Server["billing"].Secret = "another";
        await using SettingsApp app = App();
        string problem = (await app.FailureAsync()).Message;

        HealthReportEntry entry = await CheckAsync(app);

        Assert.Equal((HealthStatus.Unhealthy, problem), (entry.Status, entry.Description));
        Assert.Equal([$"billing/Live=Error: {problem}", "billing/Test=NotYetUsed"], Data(entry));
        Assert.DoesNotContain("s3cret", problem, StringComparison.Ordinal);
        Assert.Equal(1, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task An_app_chooses_what_that_is_called()
    {
        Server["billing"].Secret = "another";
        await using SettingsApp app = App(code: clients => clients.Services.AddHealthChecks().AddClientCredentials("mine", failureStatus: HealthStatus.Degraded, tags: ["ready"]));
        await app.FailureAsync();

        HealthReportEntry entry = await CheckAsync(app, "mine");

        Assert.Equal((HealthStatus.Degraded, "ready"), (entry.Status, Assert.Single(entry.Tags)));
    }

    [Fact]
    public async Task While_an_old_token_serves_it_is_degraded_and_then_unhealthy()
    {
        await using SettingsApp app = App();
        await app.TokenAsync();
        Server["billing"].Secret = "another";
        await app.Credentials.ConnectAsync("billing");

        HealthReportEntry serving = await CheckAsync(app);
        app.Clock.Advance(TimeSpan.FromHours(1));
        HealthReportEntry ended = await CheckAsync(app);

        Assert.Equal((HealthStatus.Degraded, HealthStatus.Unhealthy), (serving.Status, ended.Status));
        Assert.Contains("invalid_client", serving.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_is_not_the_active_one_takes_nothing_from_the_app()
    {
        await using SettingsApp app = App();
        await app.TokenAsync();
        Server.TokenEndpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");
        await app.Credentials.ConnectAsync("billing", "Test");

        HealthReportEntry entry = await CheckAsync(app);

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.StartsWith("Client 'billing', profile 'Test': ", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_clients_are_named_the_others_do_not_matter()
    {
        Server["billing"].Secret = "another";
        string reports = $$"""{ "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "another" }""";
        await using SettingsApp app = App(More($"\"reports\": {reports}"), clients => clients.Services.AddHealthChecks().AddClientCredentials("some", ["REPORTS"]));
        await app.FailureAsync();
        await app.TokenAsync("reports");

        HealthReportEntry some = await CheckAsync(app, "some");
        HealthReportEntry all = await CheckAsync(app);

        Assert.Equal((HealthStatus.Healthy, HealthStatus.Unhealthy), (some.Status, all.Status));
        Assert.Equal(["reports=OK"], Data(some));
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_unhealthy()
    {
        await using SettingsApp app = App(code: clients => clients.Services.AddHealthChecks().AddClientCredentials("some", ["biling"]));

        HealthReportEntry entry = await CheckAsync(app, "some");

        Assert.Equal((HealthStatus.Unhealthy, "Client 'biling' is not known."), (entry.Status, entry.Description));
        Assert.Equal(["biling=not known"], Data(entry));
    }

    [Fact]
    public async Task Names_that_look_alike_when_joined_are_no_error()
    {
        await using SettingsApp app = App(More($$""" "billing/Live": { "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "s3cret" } """));

        HealthReportEntry entry = await CheckAsync(app);

        Assert.Equal((HealthStatus.Healthy, null), (entry.Status, entry.Exception));
    }

    private static async Task<HealthReportEntry> CheckAsync(SettingsApp app, string name = "client_credentials") =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries[name];

    private static string[] Data(HealthReportEntry entry) => [.. entry.Data.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal)];

    private static string More(string clients) => $", {clients}";

    private SettingsApp App(string more = "", Action<ClientCredentialsBuilder>? code = null) => new(
        $$"""
        { "Clients": { "billing": { "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "s3cret", "Profile": "Live", "Profiles": { "Live": {}, "Test": { "ClientSecret": "s3cret" } } }{{more}} } }
        """,
        clients =>
        {
            clients.Services.AddHealthChecks().AddClientCredentials();
            code?.Invoke(clients);
        },
        server: Server);
}
