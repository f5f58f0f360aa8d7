using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Clients;

public class CredentialsStayInTheirProfile
{
    private static readonly TokenParameters Staging = new() { Profile = "Staging" };

    public static TheoryData<string, string, Action<ClientCredentialsBuilder>> OwnCredentials() => new()
    {
        { "the client's section", $"\"ClientSecret\": \"{SettingsApp.Canary}\"", _ => { } },
        { "a name in the client's section", "\"ClientSecretName\": \"billing-secret\"", _ => { } },
        { "AddClient", "", clients => clients.AddClient("billing", client => client.ClientSecret = SettingsApp.Canary) },
        { "AddClient with services", "", clients => clients.AddClient("billing", (_, client) => client.ClientSecretName = "billing-secret") },
        { "Configure", "", clients => clients.Services.Configure<ClientCredentialsOptions>("billing", client => client.ClientSecret = SettingsApp.Canary) },
        { "ConfigureAll", "", clients => clients.Services.ConfigureAll<ClientCredentialsOptions>(client => client.ClientSecret = SettingsApp.Canary) },
        { "PostConfigure", "", clients => clients.Services.PostConfigure<ClientCredentialsOptions>("billing", client => client.ClientSecret = SettingsApp.Canary) },
        { "UseSecret", "", clients => clients.UseSecret("billing", _ => new(SettingsApp.Canary)) },
        { "the active profile", "", clients => clients.AddProfile("billing", "Production", client => client.ClientSecret = SettingsApp.Canary) },
        { "UseSecret of the active profile", "", clients => clients.UseSecret("billing", "Production", _ => new(SettingsApp.Canary)) },
    };

    [Theory]
    [MemberData(nameof(OwnCredentials))]
    [Trait("Scenario", "T99")]
    public async Task What_serves_the_active_profile_is_not_sent_to_another_one(string layer, string settings, Action<ClientCredentialsBuilder> code)
    {
        await using var production = await TestAuthorizationServer.StartInMemoryAsync(o => o.AddClient("billing-app", SettingsApp.Canary));
        await using var staging = await TestAuthorizationServer.StartInMemoryAsync(o => o.AddClient("billing-app", SettingsApp.Canary));
        await using SettingsApp app = new(Section(production, staging, settings), environment: "Production", code: clients =>
        {
            clients.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => new ByPort(production, staging)));
            clients.UseSecretStore((_, _, _, _) => new(SettingsApp.Canary));
            code(clients);
        });

        await app.TokenAsync();
        ClientCredentialsException failure = await app.FailureAsync(parameters: Staging);

        Assert.Equal((layer, FailureReason.NotConfigured), (layer, failure.Reason));
        Assert.Equal(
            "Client 'billing', profile 'Staging': there is no secret: what the client itself has serves its active profile only. Give this profile a ClientSecret or ClientSecretName of its own.",
            failure.Message);
        Assert.Equal((1, 0), (production.TokenEndpoint.Count, staging.TokenEndpoint.Count));
    }

    [Fact]
    [Trait("Scenario", "T99")]
    public async Task A_profile_that_is_not_active_needs_no_credential_to_start()
    {
        Assert.Empty(await Startup.ProblemsAsync(LiveJson.Billing("""{ "Profiles": { "Production": {}, "Staging": {} } }""")));
    }

    [Fact]
    public async Task Everything_else_of_the_client_serves_all_its_profiles()
    {
        await using SettingsApp app = new(
            LiveJson.Billing("""{ "Audience": "a", "Profiles": { "Production": {}, "Staging": {} } }"""),
            clients => clients.AddClient("billing", client => client.Category = "b"),
            "Production");

        ClientCredentialsOptions staging = app.Options(profile: "Staging");

        Assert.Equal(("a", "b", null), (staging.Audience, staging.Category, staging.ClientSecret));
    }

    [Theory]
    [InlineData("staging-secret", null)]
    [InlineData(null, "staging-secret")]
    public async Task A_profile_s_own_credential_is_used_whatever_the_client_has(string? secret, string? handedOut)
    {
        await using var staging = await TestAuthorizationServer.StartInMemoryAsync(o => o.AddClient("billing-app", "staging-secret"));
        await using SettingsApp app = new(Section(staging, staging, $"\"ClientSecret\": \"{SettingsApp.Canary}\""), environment: "Production", server: staging, code: clients =>
        {
            clients.AddClient("billing", client => client.ClientSecret = SettingsApp.Canary);
            clients.AddProfile("billing", "Staging", client => client.ClientSecret = secret);
            if (handedOut is not null)
            {
                clients.UseSecret("billing", "STAGING", _ => new(handedOut));
            }

            clients.AddClient("billing", client => client.ClientSecret = SettingsApp.Canary);
        });

        await app.TokenAsync(parameters: Staging);

        Assert.Equal(200, Assert.Single(staging.TokenEndpoint.Received).StatusCode);
    }

    [Fact]
    [Trait("Scenario", "T73")]
    public async Task Tokens_of_two_profiles_never_cross_though_all_else_is_the_same()
    {
        await using var server = await TestAuthorizationServer.StartInMemoryAsync(o =>
        {
            o.AddClient("staging-app", SettingsApp.Canary);
            o.AddClient("production-app", SettingsApp.Canary);
        });
        string Profile(string name) => $$"""{ "ClientId": "{{name}}-app", "ClientSecret": "{{SettingsApp.Canary}}", "TokenUrl": "{{server.TokenUrl}}", "ApiUrl": "{{server.ApiUrl}}" }""";
        await using SettingsApp app = new(
            $$"""{ "Profile": "production", "Clients": { "billing": { "Profiles": { "staging": {{Profile("staging")}}, "production": {{Profile("production")}} } } } }""",
            clients => clients.Services.AddHttpClient("invoices").AddClientCredentialsHandler("billing"),
            server: server);
        using HttpClient invoices = app.Http("invoices");

        await invoices.GetAsync("a");
        await invoices.SendAsync(new HttpRequestMessage(HttpMethod.Get, "b").UseClientCredentials(Staging));
        await invoices.GetAsync("c");
        await invoices.SendAsync(new HttpRequestMessage(HttpMethod.Get, "d").UseClientCredentials(Staging));

        Assert.Equal(
            ["/api/a production-app", "/api/b staging-app", "/api/c production-app", "/api/d staging-app"],
            server.Api.Received.Select(request => $"{request.Target} {request.ClientId}"));
        Assert.Equal(["production-app", "staging-app"], server.TokenEndpoint.Received.Select(request => request.ClientId));
        Assert.Equal(
            ["Client 'billing' (profile 'production')", "Client 'billing' (profile 'staging')"],
            app.Log.Of(LogLevel.Information).Where(line => line.Contains("got a token", StringComparison.Ordinal)).Select(line => line.Split(" got")[0]));
    }

    private static string Section(TestAuthorizationServer production, TestAuthorizationServer staging, string settings) =>
        $$"""
        { "Clients": { "billing": {
            "ClientId": "billing-app"{{(settings.Length == 0 ? "" : $", {settings}")}},
            "Profiles": { "Production": { "TokenUrl": "{{production.TokenUrl}}" }, "Staging": { "TokenUrl": "{{staging.TokenUrl}}" } } } } }
        """;

    /// <summary>Two servers in memory behind one handler.</summary>
    private sealed class ByPort(params TestAuthorizationServer[] servers) : HttpMessageHandler
    {
        private readonly Dictionary<int, HttpMessageInvoker> _servers = servers.ToDictionary(server => server.BaseUrl.Port, server => new HttpMessageInvoker(server.CreateHandler()));

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            _servers[request.RequestUri!.Port].SendAsync(request, cancellationToken);
    }
}
