using System.Net;
using ClientCredentials.Tests.Authentication;
using ClientCredentials.Tests.Http;
using ClientCredentials.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.FrontDoor;

/// <summary>An app may put an implementation of its own around the package's: what it hands out are real tokens.</summary>
public class Decorators : OneServer
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_tokens_go_only_where_the_client_s_settings_say(bool isChosen)
    {
        await using App app = new();
        Decorate(app.Services);
        HttpRequestMessage request = new(HttpMethod.Get, "https://elsewhere.example.com/");
        if (isChosen)
        {
            request.UseClientCredentials(new TokenParameters { Scopes = ["x"] });
        }

        var failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.SendAsync(request));

        Assert.Equal(FailureReason.OriginNotAllowed, failure.Reason);
        Assert.Equal((0, 0), (app.Tokens.Count, app.Api.Count));
    }

    [Fact]
    public async Task The_client_s_headers_and_statuses_that_renew_go_for_them_too()
    {
        await using App app = new(client =>
        {
            client.ApiHeaders["X-Key"] = "k3y";
            client.RenewOn.Clear();
            client.RenewOn.Add(HttpStatusCode.Forbidden);
        });
        Decorate(app.Services);
        app.Api.Answer(HttpStatusCode.Forbidden);

        using HttpResponseMessage answer = await app.Caller.GetAsync("a");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], app.Api.Tokens);
        Assert.Equal(["k3y", "k3y"], app.Api.Arrivals.Select(arrival => arrival.Header("X-Key")));
    }

    [Fact]
    public async Task A_request_that_names_no_profile_stays_with_its_handler_s()
    {
        await using App app = new(parameters: new TokenParameters { Profile = "Staging" });
        AddProfiles(app);
        Decorate(app.Services);

        using HttpResponseMessage answer = await app.Caller.SendAsync(new HttpRequestMessage(HttpMethod.Get, "a").UseClientCredentials(new TokenParameters { Scopes = ["x"] }));

        Assert.Equal(["https://login.staging.example.com/token"], app.Tokens.Arrivals.Select(arrival => arrival.Url));
        Assert.Equal(["https://api.staging.example.com/a"], app.Api.Arrivals.Select(arrival => arrival.Url));
    }

    [Fact]
    public async Task A_request_that_names_one_gets_that()
    {
        await using App app = new(parameters: new TokenParameters { Profile = "Staging" });
        AddProfiles(app);
        Decorate(app.Services);

        using HttpResponseMessage answer = await app.Caller.SendAsync(new HttpRequestMessage(HttpMethod.Get, "a").UseClientCredentials(new TokenParameters { Profile = "Production" }));

        Assert.Equal(["https://login.example.com/token"], app.Tokens.Arrivals.Select(arrival => arrival.Url));
        Assert.Equal(["https://api.example.com/a"], app.Api.Arrivals.Select(arrival => arrival.Url));
    }

    [Fact]
    public async Task A_client_found_by_code_has_its_settings_too()
    {
        await using TenantsApp app = new(Server, code: clients =>
        {
            clients.Services.AddHttpClient("api").AddClientCredentialsHandler();
            Decorate(clients.Services);
        });
        HttpRequestMessage request = new HttpRequestMessage(HttpMethod.Get, "https://elsewhere.example.com/").UseClientCredentials("tenant-1");

        var failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Http("api").SendAsync(request));

        Assert.Equal(FailureReason.OriginNotAllowed, failure.Reason);
        Assert.Equal(0, Server.Api.Count);
    }

    [Fact]
    public async Task A_token_that_is_bound_to_a_certificate_goes_with_it()
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        string pem = CertificateApp.Pem(app.Issue());
        app.Configure(client => client.Certificate.Pem = pem, clients => Decorate(clients.Services));

        HttpStatusCode answer = await app.CallAsync();

        Assert.Equal(HttpStatusCode.OK, answer);
    }

    [Fact]
    public async Task One_that_is_handed_out_under_a_name_without_settings_does_so_too()
    {
        await using CertificateApp app = await CertificateApp.StartAsync();
        string pem = CertificateApp.Pem(app.Issue());
        app.Configure(client => client.Certificate.Pem = pem, clients =>
        {
            clients.Services.AddHttpClient("others", http => http.BaseAddress = app.Server.ApiUrl).ConfigurePrimaryHttpMessageHandler(app.Server.CreateHandler).AddClientCredentialsHandler("unknown");
            Decorate(clients.Services, _ => "billing");
        });

        using HttpResponseMessage answer = await app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("others").GetAsync("x");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotNull(app.Server.Api.Received[0].CertificateThumbprint);
    }

    private static void AddProfiles(App app)
    {
        app.Client.AddProfile("billing", "Production", _ => { });
        app.Client.AddProfile("billing", "Staging", client =>
        {
            (client.TokenUrl, client.ApiUrl) = (new Uri("https://login.staging.example.com/token"), new Uri("https://api.staging.example.com/"));
            (client.ClientId, client.ClientSecret) = ("billing-test", "t3st");
        });
        app.Client.AddClient("billing", client => client.Profile = "Production");
    }

    private static void Decorate(IServiceCollection services, Func<string, string>? rename = null)
    {
        ServiceDescriptor own = services.Single(service => service.ServiceType == typeof(IClientCredentials));
        services.Remove(own);
        services.AddSingleton<IClientCredentials>(app => new Decorator((IClientCredentials)ActivatorUtilities.CreateInstance(app, own.ImplementationType!), rename ?? (name => name)));
    }

    private sealed class Decorator(IClientCredentials inner, Func<string, string> rename) : IClientCredentials
    {
        public event EventHandler<ClientStatus>? StatusChanged
        {
            add => inner.StatusChanged += value;
            remove => inner.StatusChanged -= value;
        }

        public IReadOnlyList<ClientStatus> Statuses => inner.Statuses;

        public ValueTask<AccessToken> GetTokenAsync(string client, TokenParameters? parameters = null, CancellationToken cancellationToken = default) =>
            inner.GetTokenAsync(rename(client), parameters, cancellationToken);

        public void Reject(string client, AccessToken token, TokenParameters? parameters = null) => inner.Reject(rename(client), token, parameters);

        public void Forget(string client) => inner.Forget(rename(client));

        public Task<ConnectResult> ConnectAsync(string client, string? profile = null, CancellationToken cancellationToken = default) =>
            inner.ConnectAsync(rename(client), profile, cancellationToken);
    }
}
