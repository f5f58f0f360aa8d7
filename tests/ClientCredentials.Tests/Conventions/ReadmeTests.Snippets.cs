using System.Net;
using System.Security.Cryptography;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Polly;

namespace ClientCredentials.Tests.Conventions;

/// <summary>The C# of the README, word for word, so that it compiles. What is a test in the README is a test here.</summary>
public class ReadmeTestsSnippets
{
    [Fact]
    public async Task The_app_gets_its_invoice_though_the_token_was_revoked()
    {
        await using TestAuthorizationServer server = await TestAuthorizationServer.StartAsync(options => options.AddClient("billing-app", "s3cret"));
        ServiceCollection services = new();
        services.AddClientCredentials().AddClient("billing", client =>
        {
            client.TokenUrl = server.TokenUrl;
            client.ApiUrl = server.ApiUrl;
            client.ClientId = "billing-app";
            client.ClientSecret = "s3cret";
        });
        services.AddHttpClient<InvoiceClient>().AddClientCredentialsHandler("billing");
        await using ServiceProvider app = services.BuildServiceProvider();
        InvoiceClient invoices = app.GetRequiredService<InvoiceClient>();

        await invoices.GetAsync(17);
        server.RevokeAllTokens();
        string answer = await invoices.GetAsync(17);

        Assert.Contains("billing-app", answer);
        Assert.Equal(2, server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task The_app_says_so_when_there_is_no_token()
    {
        ServiceCollection services = new();
        services.AddHttpClient<InvoiceClient>(http => http.BaseAddress = new Uri("https://api.example.com/")).AddClientCredentialsHandler("billing");
        FakeClientCredentials fake = services.AddFakeClientCredentials(fake => fake.Token = (client, _) =>
            throw new ClientCredentialsException(client, FailureReason.Unreachable, "no token today") { IsTransient = true });
        await using ServiceProvider app = services.BuildServiceProvider();

        await Assert.ThrowsAsync<ClientCredentialsException>(() => app.GetRequiredService<InvoiceClient>().GetAsync(17));

        Assert.Equal("billing", Assert.Single(fake.Calls).Client);
    }

    internal static void Use(HostApplicationBuilder builder)
    {
        builder.Services.AddClientCredentials();
        builder.Services.AddHttpClient<InvoiceClient>().AddClientCredentialsHandler("billing");
    }

    internal static async Task Prove(IClientCredentials credentials, IDictionary<string, string> headers, Uri url)
    {
        AccessToken token = await credentials.GetTokenAsync("billing");
        headers.Add("Authorization", $"{token.Type} {token.Reveal()}");
        if (token.CreateProof(HttpMethod.Post, url) is { } proof)
        {
            headers.Add("DPoP", proof);
        }
    }

    internal static void Custom(HostApplicationBuilder builder, IVault vault)
    {
        builder.Services.AddClientCredentials().UseAuthentication("billing", async (request, cancellationToken) =>
        {
            request.AddFormField("client_id", request.ClientId);
            request.AddHeader("X-Proof", await vault.ReadAsync("proof", cancellationToken) ?? "");
        });
    }

    internal static void Signed(HostApplicationBuilder builder, ECDsa hardware)
    {
        builder.Services.AddClientCredentials().UseSigner("billing", (algorithm, data, cancellationToken) =>
            new ValueTask<byte[]>(hardware.SignData(data.Span, HashAlgorithmName.SHA256)));
    }

    internal static void Health(HostApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddClientCredentials();
    }

    internal static void InCode(HostApplicationBuilder builder)
    {
        builder.Services.AddClientCredentials()
            .AddClient("billing", client =>
            {
                client.TokenUrl = new Uri("https://login.example.com/oauth2/token");
                client.ClientId = "billing-app";
                client.ApiUrl = new Uri("https://api.example.com/");
                client.Scopes.Add("invoices.read");
            });
    }

    internal static void FromAStore(HostApplicationBuilder builder)
    {
        builder.Services.AddClientCredentials()
            .UseSecretStore(async (services, secretName, client, profile, cancellationToken) =>
                await services.GetRequiredService<IVault>().ReadAsync(secretName, cancellationToken));
    }

    internal static void FromAFile(HostApplicationBuilder builder)
    {
        builder.Services.AddClientCredentials()
            .UseSecret("billing", async cancellationToken =>
                (await File.ReadAllTextAsync("/run/secrets/billing", cancellationToken)).Trim());
    }

    internal static async Task OneRequest(HttpClient http, CancellationToken cancellationToken)
    {
        TokenParameters onStaging = new() { Profile = "Staging" };
        using HttpRequestMessage request = new(HttpMethod.Get, "invoices/17");
        request.UseClientCredentials(onStaging);
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
    }

    internal static void OneHttpClient(HostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient("reports")
            .AddClientCredentialsHandler("billing", new TokenParameters { Scopes = ["reports.read"] });
    }

    internal static void Tenants(HostApplicationBuilder builder)
    {
        builder.Services.AddClientCredentials().AddClientResolver(
            async (services, client, cancellationToken) => await services.GetRequiredService<ITenants>().FindAsync(client, cancellationToken) is { } tenant
                ? new ClientCredentialsOptions { TokenUrl = tenant.TokenUrl, ApiUrl = tenant.ApiUrl, ClientId = tenant.ClientId, ClientSecret = tenant.Secret }
                : null,
            options => options.AllowedTokenHosts.Add("https://*.login.example.com"));
        builder.Services.AddHttpClient("tenants").AddClientCredentialsHandler();
    }

    internal static async Task OneTenant(HttpClient http, Tenant tenant, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(tenant.ApiUrl, "invoices/17"));
        request.UseClientCredentials("tenant-17");
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
    }

    internal static async Task<string?> WithoutAToken(InvoiceClient invoices)
    {
        try
        {
            return await invoices.GetAsync(17);
        }
        catch (ClientCredentialsException exception) when (exception.IsTransient)
        {
            Console.WriteLine($"No invoice now; try again in {exception.RetryAfter ?? TimeSpan.FromSeconds(30)}.");
            return null;
        }
    }

    internal static async Task Statuses(IClientCredentials credentials, CancellationToken cancellationToken)
    {
        foreach (ClientStatus status in credentials.Statuses.Where(status => status.State == ClientState.Error))
        {
            Console.WriteLine($"{status.Client}: {status.Problem} Asked again at {status.NextProbe:u}.");
        }

        ConnectResult result = await credentials.ConnectAsync("billing", "Staging", cancellationToken);
        Console.WriteLine(result.IsOK ? $"A token that lives for {result.TokenLifetime}." : result.Problem);
    }

    internal static ResiliencePipeline<HttpResponseMessage> WithPolly() =>
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new()
            {
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                    .Handle<HttpRequestException>(exception => exception is not ClientCredentialsException { IsTransient: false })
                    .HandleResult(response => response.StatusCode >= HttpStatusCode.InternalServerError),
            })
            .Build();

    internal static async Task ActingAsAProvider()
    {
        Provider provider = Provider.Named("Salesforce");
        await using TestAuthorizationServer server = await TestAuthorizationServer.StartAsync(options =>
        {
            options.UseProvider(provider.Name);
            options.AddClient("billing-app", "s3cret");
        });
        server.TokenEndpoint.Fail(provider.Errors["wrong domain"]);
    }

    internal static void WithDiscovery(HostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<InvoiceClient>(http => http.BaseAddress = new Uri("https+http://invoices"))
            .AddClientCredentialsHandler("billing");
    }

    public sealed class InvoiceClient(HttpClient http)
    {
        public Task<string> GetAsync(int id) => http.GetStringAsync($"invoices/{id}");
    }

    public sealed class InvoiceFeed(IClientCredentials credentials, IBroker broker)
    {
        public async Task OpenAsync(CancellationToken cancellationToken)
        {
            AccessToken token = await credentials.GetTokenAsync("billing", cancellationToken: cancellationToken);
            if (await broker.TryOpenAsync(token.Reveal(), cancellationToken))
            {
                return;
            }

            credentials.Reject("billing", token);
            token = await credentials.GetTokenAsync("billing", cancellationToken: cancellationToken);
            await broker.TryOpenAsync(token.Reveal(), cancellationToken);
        }
    }

    public interface IBroker
    {
        Task<bool> TryOpenAsync(string password, CancellationToken cancellationToken);
    }

    public interface ITenants
    {
        Task<Tenant?> FindAsync(string name, CancellationToken cancellationToken);
    }

    public sealed record Tenant(Uri TokenUrl, Uri ApiUrl, string ClientId, string Secret);

    public interface IVault
    {
        Task<string?> ReadAsync(string name, CancellationToken cancellationToken);
    }
}
