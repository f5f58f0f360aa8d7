using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.FrontDoor;

public class HttpClients : OneServer
{
    [Fact]
    public async Task A_named_a_typed_and_a_keyed_HttpClient_get_their_token_and_their_address()
    {
        await using SettingsApp app = App(clients =>
        {
            clients.Services.AddHttpClient("named").AddClientCredentialsHandler("billing");
            clients.Services.AddHttpClient<Invoices>().AddClientCredentialsHandler("billing");
            clients.Services.AddHttpClient("keyed").AddClientCredentialsHandler("billing").AddAsKeyed();
        });
        await using AsyncServiceScope scope = app.Services.CreateAsyncScope();

        await app.Http("named").GetAsync("a");
        await scope.ServiceProvider.GetRequiredService<Invoices>().Http.GetAsync("b");
        await scope.ServiceProvider.GetRequiredKeyedService<HttpClient>("keyed").GetAsync("c");

        Assert.Equal(["/api/a 200", "/api/b 200", "/api/c 200"], Server.Api.Received.Select(request => $"{request.Target} {request.StatusCode}"));
        Assert.Equal(1, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task Without_a_name_the_handler_means_the_only_client()
    {
        await using SettingsApp app = App(clients => clients.Services.AddHttpClient("invoices").AddClientCredentialsHandler());

        await app.Http("invoices").GetAsync("a");

        Assert.Equal("billing", Assert.Single(Server.Api.Received).ClientId);
    }

    [Fact]
    public async Task Without_a_name_and_without_a_client_it_says_what_to_add()
    {
        await using SettingsApp app = new("{}", clients => clients.Services.AddHttpClient("invoices").AddClientCredentialsHandler(), server: Server);

        ClientCredentialsException failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Http("invoices").GetAsync(Server.ApiUrl));

        Assert.Equal((FailureReason.NotConfigured, "No client is configured; add one below ClientCredentials:Clients, or call AddClient."), (failure.Reason, failure.Message));
        Assert.Equal(0, Server.Api.Count);
    }

    [Fact]
    public async Task Without_a_name_and_with_several_clients_it_asks_for_one()
    {
        await using SettingsApp app = App(clients =>
        {
            clients.AddClient("reports", _ => { });
            clients.Services.AddHttpClient("invoices").AddClientCredentialsHandler();
        });

        ClientCredentialsException failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Http("invoices").GetAsync(Server.ApiUrl));

        Assert.Equal((FailureReason.NotConfigured, "No client was named, and there are several: 'billing', 'reports'. Name the one to use."), (failure.Reason, failure.Message));
        Assert.Equal(0, Server.Api.Count);
    }

    [Fact]
    [Trait("Scenario", "T84")]
    public async Task A_typo_in_the_name_fails_the_first_use_and_names_the_clients()
    {
        await using SettingsApp app = App(clients =>
        {
            clients.AddClient("reports", _ => { });
            clients.Services.AddHttpClient("invoices").AddClientCredentialsHandler("biling");
        });

        ClientCredentialsException failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Http("invoices").GetAsync(Server.ApiUrl));

        Assert.Equal(FailureReason.NotConfigured, failure.Reason);
        Assert.Equal("Client 'biling' is not known; the clients are 'billing', 'reports'. Perhaps 'billing' is meant.", failure.Message);
        Assert.Equal((0, 0), (Server.Api.Count, Server.TokenEndpoint.Count));
    }

    [Fact]
    [Trait("Scenario", "T84")]
    public async Task A_typo_in_the_name_stops_the_start_and_names_the_clients()
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(LiveJson.Billing(), clients =>
        {
            clients.Services.AddHttpClient("invoices").AddClientCredentialsHandler("biling");
            clients.Services.AddHttpClient("orders").AddClientCredentialsHandler("biling");
        });

        Assert.Equal(["AddClientCredentialsHandler: Client 'biling' is not known; the clients are 'billing'. Perhaps 'billing' is meant."], problems);
    }

    [Fact]
    public async Task A_client_that_was_missing_at_the_first_use_is_found_once_it_is_there()
    {
        await using SettingsApp app = new("{}", clients => clients.Services.AddHttpClient("invoices").AddClientCredentialsHandler("billing"), server: Server);
        using HttpClient invoices = app.Http("invoices");
        await Assert.ThrowsAsync<ClientCredentialsException>(() => invoices.GetAsync(Server.ApiUrl));

        app.Rewrite(Section());
        using HttpResponseMessage answer = await invoices.GetAsync(Server.ApiUrl);

        Assert.True(answer.IsSuccessStatusCode);
    }

    [Fact]
    public void A_token_client_does_not_take_the_handler()
    {
        ClientCredentialsBuilder clients = new ServiceCollection().AddClientCredentials();

        InvalidOperationException ofAll = Assert.Throws<InvalidOperationException>(() => clients.ConfigureTokenClient(http => http.AddClientCredentialsHandler("billing")));
        InvalidOperationException ofOne = Assert.Throws<InvalidOperationException>(() => clients.ConfigureTokenClient("billing", http => http.AddClientCredentialsHandler("billing")));

        Assert.Equal(
            "The HttpClient 'ClientCredentials' talks to token endpoints: to need a token for it would never end. Put the handler on the HttpClient that calls the API.",
            ofAll.Message);
        Assert.Equal(
            "The HttpClient 'ClientCredentials:billing' talks to token endpoints: to need a token for it would never end. Put the handler on the HttpClient that calls the API.",
            ofOne.Message);
    }

    private string Section() => LiveJson.Billing($$"""{ "TokenUrl": "{{Server.TokenUrl}}", "ApiUrl": "{{Server.ApiUrl}}", "ClientId": "billing", "ClientSecret": "s3cret" }""");

    private SettingsApp App(Action<ClientCredentialsBuilder> code) => new(Section(), code, server: Server);

    private sealed class Invoices(HttpClient http)
    {
        public HttpClient Http => http;
    }
}
