using System.Net;
using ClientCredentials.Testing;
using ClientCredentials.Tests.Clients;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RichardSzalay.MockHttp;

namespace ClientCredentials.Tests.FrontDoor;

public class Fakes
{
    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    [InlineData("instead")]
    public async Task Registered_before_after_or_instead_it_stands_in_for_all_clients(string when)
    {
        ServiceCollection services = new();
        FakeClientCredentials? fake = when == "before" ? services.AddFakeClientCredentials() : null;
        if (when != "instead")
        {
            services.AddClientCredentials().AddClient("billing", _ => { });
        }

        fake ??= services.AddFakeClientCredentials();
        await using ServiceProvider app = services.BuildServiceProvider();
        IClientCredentials credentials = app.GetRequiredService<IClientCredentials>();

        AccessToken token = await credentials.GetTokenAsync("billing");

        Assert.Same(fake, credentials);
        Assert.Equal("fake-token-for-billing", token.Reveal());
        Assert.Equal([new FakeCall("billing", null)], fake.Calls);
        Assert.True((await credentials.ConnectAsync("anything")).IsOK);
    }

    [Theory]
    [InlineData("billing", "billing")]
    [InlineData(null, "")]
    public async Task A_handler_sends_its_tokens_without_any_settings(string? client, string called)
    {
        using MockHttpMessageHandler api = new();
        api.Expect("https://api.example.com/invoices").WithHeaders("Authorization", $"Bearer fake-token-for-{called}").Respond(HttpStatusCode.OK);
        ServiceCollection services = new();
        services.AddHttpClient("invoices", http => http.BaseAddress = new Uri("https://api.example.com"))
            .AddClientCredentialsHandler(client)
            .ConfigurePrimaryHttpMessageHandler(() => api);
        FakeClientCredentials fake = services.AddFakeClientCredentials();
        await using ServiceProvider app = services.BuildServiceProvider();

        await app.GetRequiredService<IHttpClientFactory>().CreateClient("invoices").GetAsync("invoices");

        api.VerifyNoOutstandingExpectation();
        Assert.Equal([new FakeCall(called, null)], fake.Calls);
    }

    [Theory]
    [InlineData("https://api.example.com/v1", "https://api.example.com/v1/")]
    [InlineData("nonsense", null)]
    [InlineData(null, null)]
    public async Task The_address_of_the_API_is_there_though_nothing_else_is_set(string? apiUrl, string? address)
    {
        ServiceCollection services = new();
        services.AddClientCredentials().AddClient("billing", client => client.ApiUrl = apiUrl is null ? null : new Uri(apiUrl, UriKind.RelativeOrAbsolute));
        services.AddHttpClient("invoices").AddClientCredentialsHandler("billing");
        services.AddFakeClientCredentials();
        await using ServiceProvider app = services.BuildServiceProvider();

        HttpClient invoices = app.GetRequiredService<IHttpClientFactory>().CreateClient("invoices");

        Assert.Equal(address, invoices.BaseAddress?.AbsoluteUri);
    }

    [Fact]
    public async Task A_request_that_names_no_client_stays_with_its_handler_s()
    {
        TokenParameters parameters = new() { Scopes = ["a"] };
        ServiceCollection services = new();
        services.AddHttpClient("invoices").AddClientCredentialsHandler("billing").ConfigurePrimaryHttpMessageHandler(() => new MockHttpMessageHandler());
        FakeClientCredentials fake = services.AddFakeClientCredentials();
        await using ServiceProvider app = services.BuildServiceProvider();

        await app.GetRequiredService<IHttpClientFactory>().CreateClient("invoices")
            .SendAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/").UseClientCredentials(parameters));

        Assert.Equal([new FakeCall("billing", parameters)], fake.Calls);
    }

    [Fact]
    public async Task A_handler_without_a_name_means_the_only_client_here_too()
    {
        ServiceCollection services = new();
        services.AddClientCredentials().AddClient("billing", _ => { });
        services.AddHttpClient("invoices").AddClientCredentialsHandler().ConfigurePrimaryHttpMessageHandler(() => new MockHttpMessageHandler());
        FakeClientCredentials fake = services.AddFakeClientCredentials();
        await using ServiceProvider app = services.BuildServiceProvider();

        await app.GetRequiredService<IHttpClientFactory>().CreateClient("invoices").GetAsync("https://api.example.com/");

        Assert.Equal([new FakeCall("billing", null)], fake.Calls);
    }

    [Fact]
    public async Task A_request_that_names_a_client_gets_that_client_s_token()
    {
        using MockHttpMessageHandler api = new();
        api.Expect("https://api.example.com/").WithHeaders("Authorization", "Bearer fake-token-for-orders").Respond(HttpStatusCode.OK);
        ServiceCollection services = new();
        services.AddHttpClient("invoices").AddClientCredentialsHandler("billing").ConfigurePrimaryHttpMessageHandler(() => api);
        services.AddFakeClientCredentials();
        await using ServiceProvider app = services.BuildServiceProvider();

        await app.GetRequiredService<IHttpClientFactory>().CreateClient("invoices")
            .SendAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/").UseClientCredentials("orders"));

        api.VerifyNoOutstandingExpectation();
    }

    [Fact]
    public async Task A_401_of_the_API_rejects_its_token_and_the_next_is_another()
    {
        using MockHttpMessageHandler api = new();
        api.Expect("*").WithHeaders("Authorization", "Bearer fake-token-for-billing").Respond(HttpStatusCode.Unauthorized);
        api.Expect("*").WithHeaders("Authorization", "Bearer fake-token-for-billing-1").Respond(HttpStatusCode.OK);
        ServiceCollection services = new();
        services.AddHttpClient("invoices").AddClientCredentialsHandler("billing").ConfigurePrimaryHttpMessageHandler(() => api);
        FakeClientCredentials fake = services.AddFakeClientCredentials();
        await using ServiceProvider app = services.BuildServiceProvider();

        using HttpResponseMessage answer = await app.GetRequiredService<IHttpClientFactory>().CreateClient("invoices").GetAsync("https://api.example.com/");

        Assert.Equal((HttpStatusCode.OK, 1), (answer.StatusCode, fake.Rejections));
        api.VerifyNoOutstandingExpectation();
    }

    [Fact]
    public async Task A_host_starts_without_any_settings_and_with_wrong_ones()
    {
        using IHost host = Startup.Host("""{ "Clients": { "billing": { "MaxWait": 60, "Nonsense": 1 } } }""", clients =>
        {
            clients.Services.AddHttpClient("a").AddClientCredentialsHandler("unknown");
            clients.Services.AddHttpClient("b").AddClientCredentialsHandler();
            clients.Services.AddFakeClientCredentials();
        });

        await host.StartAsync();

        Assert.Equal("fake-token-for-billing", (await host.Services.GetRequiredService<IClientCredentials>().GetTokenAsync("billing")).Reveal());
    }

    [Fact]
    public async Task What_its_function_throws_reaches_the_caller_and_no_request_is_sent()
    {
        using MockHttpMessageHandler api = new();
        MockedRequest all = api.When("*").Respond(HttpStatusCode.OK);
        ClientCredentialsException thrown = new("billing", FailureReason.Refused, "Client 'billing': no.");
        ServiceCollection services = new();
        services.AddHttpClient("invoices").AddClientCredentialsHandler("billing").ConfigurePrimaryHttpMessageHandler(() => api);
        services.AddFakeClientCredentials(fake => fake.Token = (_, _) => throw thrown);
        await using ServiceProvider app = services.BuildServiceProvider();

        var caught = await Assert.ThrowsAsync<ClientCredentialsException>(
            () => app.GetRequiredService<IHttpClientFactory>().CreateClient("invoices").GetAsync("https://api.example.com/"));

        Assert.Same(thrown, caught);
        Assert.Equal(0, api.GetMatchCount(all));
    }

    [Fact]
    public async Task It_is_told_what_was_asked_for()
    {
        TokenParameters parameters = new() { Scopes = ["a"] };
        ServiceCollection services = new();
        FakeClientCredentials fake = services.AddFakeClientCredentials(fake => fake.Token = (client, asked) => new AccessToken($"{client}-{asked!.Scopes![0]}", DateTimeOffset.MaxValue));
        await using ServiceProvider app = services.BuildServiceProvider();

        AccessToken token = await app.GetRequiredService<IClientCredentials>().GetTokenAsync("billing", parameters);

        Assert.Equal("billing-a", token.Reveal());
        Assert.Equal([new FakeCall("billing", parameters)], fake.Calls);
    }

    [Fact]
    public async Task Its_statuses_and_their_changes_are_the_test_s_to_tell()
    {
        ClientStatus status = new() { Client = "billing", DisplayName = "Bills", State = ClientState.Error };
        List<ClientStatus> told = [];
        ServiceCollection services = new();
        FakeClientCredentials fake = services.AddFakeClientCredentials(fake => fake.Statuses = [status]);
        await using ServiceProvider app = services.BuildServiceProvider();
        app.GetRequiredService<IClientCredentials>().StatusChanged += (_, changed) => told.Add(changed);

        fake.ChangeStatus(status);

        Assert.Equal([status], app.GetRequiredService<IClientCredentials>().Statuses);
        Assert.Equal([status], told);
    }
}
