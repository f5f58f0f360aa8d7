using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Http;

public class BaseAddresses
{
    [Theory]
    [Trait("Scenario", "T108")]
    [InlineData("https://h.example.com/v1", "https://h.example.com/v1/invoices")]
    [InlineData("https://h.example.com/v1/", "https://h.example.com/v1/invoices")]
    [InlineData("https://h.example.com", "https://h.example.com/invoices")]
    [InlineData("https://h.example.com:8443/a%2Fb", "https://h.example.com:8443/a%2Fb/invoices")]
    public async Task A_relative_path_goes_below_ApiUrl(string apiUrl, string url)
    {
        await using App app = new(client => client.ApiUrl = new Uri(apiUrl));

        await app.Caller.GetAsync("invoices");

        Assert.Equal(url, Assert.Single(app.Api.Arrivals).Url);
    }

    [Fact]
    public async Task A_base_address_that_the_app_sets_before_the_handler_is_kept_and_allowed()
    {
        await using App app = new(before: http => http.ConfigureHttpClient(client => client.BaseAddress = new Uri("https://own.example.com/")));

        await app.Caller.GetAsync("x");

        Assert.Equal("https://own.example.com/x", Assert.Single(app.Api.Arrivals).Url);
    }

    [Fact]
    public async Task A_base_address_that_the_app_sets_after_the_handler_is_kept_and_allowed()
    {
        await using App app = new();
        app.Http.ConfigureHttpClient(client => client.BaseAddress = new Uri("https://own.example.com/"));

        await app.Caller.GetAsync("x");

        Assert.Equal("https://own.example.com/x", Assert.Single(app.Api.Arrivals).Url);
    }

    [Fact]
    public async Task A_base_address_set_in_the_delegate_of_AddHttpClient_is_kept_and_allowed()
    {
        await using App app = new(client => client.ApiUrl = null);
        app.Services.AddHttpClient("mine", http => http.BaseAddress = new Uri("https://own.example.com/")).AddClientCredentialsHandler().ConfigurePrimaryHttpMessageHandler(() => app.Api);

        await app.CreateClient("mine").GetAsync("x");

        Assert.Equal("https://own.example.com/x", Assert.Single(app.Api.Arrivals).Url);
    }

    [Fact]
    public async Task The_base_address_of_one_HttpClient_opens_nothing_to_another()
    {
        await using App app = new();
        app.Services.AddHttpClient("mine", http => http.BaseAddress = new Uri("https://own.example.com/")).AddClientCredentialsHandler().ConfigurePrimaryHttpMessageHandler(() => app.Api);
        await app.CreateClient("mine").GetAsync("x");

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("https://own.example.com/x"));

        Assert.Equal(FailureReason.OriginNotAllowed, exception.Reason);
    }

    [Fact]
    public async Task A_base_address_that_code_sets_on_the_finished_HttpClient_is_not_configured()
    {
        await using App app = new(client => client.ApiUrl = null);
        app.Caller.BaseAddress = new Uri("https://own.example.com/");

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("x"));

        Assert.Equal(FailureReason.OriginNotAllowed, exception.Reason);
    }

    [Fact]
    public async Task A_base_address_with_http_beyond_loopback_needs_AllowInsecureHttp()
    {
        await using App app = new(before: http => http.ConfigureHttpClient(client => client.BaseAddress = new Uri("http://own.example.com/")));

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("x"));

        Assert.Equal(
            "Client 'billing': the request to http://own.example.com was not sent: it is http, and the token could be read on the way. Use https, or set AllowInsecureHttp for a network you trust.",
            exception.Message);
        Assert.Equal((0, 0), (app.Api.Count, app.Tokens.Count));
    }

    [Fact]
    public async Task Settings_that_are_wrong_are_said_at_the_first_request_and_not_when_the_HttpClient_is_made()
    {
        await using App app = new(client =>
        {
            client.TokenUrl = null;
            client.ApiUrl = new Uri("relative", UriKind.Relative);
        });

        HttpClient http = app.CreateClient(App.Name);
        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => http.GetAsync("https://api.example.com/x"));

        Assert.Equal("https://not-configured.invalid/", http.BaseAddress?.AbsoluteUri);
        Assert.Equal(FailureReason.NotConfigured, exception.Reason);
        Assert.Equal("Client 'billing': TokenUrl is missing; it is the https URL of the server's token endpoint. With an Issuer it is found by itself. ApiUrl is not an absolute https URL.", exception.Message);
        Assert.Equal(0, app.Api.Count);
    }

    [Fact]
    public async Task A_client_that_does_not_exist_is_said_at_the_first_request()
    {
        await using App app = new();
        app.Services.AddHttpClient("typo").AddClientCredentialsHandler("biling").ConfigurePrimaryHttpMessageHandler(() => app.Api);

        HttpClient http = app.CreateClient("typo");
        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => http.GetAsync("https://api.example.com/x"));

        Assert.Equal("Client 'biling' is not known; the clients are 'billing'. Perhaps 'billing' is meant.", exception.Message);
        Assert.Equal(0, app.Api.Count);
    }
}
