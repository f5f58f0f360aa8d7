using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Http;

public class HandlersThatComeAndGo
{
    [Fact]
    [Trait("Scenario", "T72")]
    public async Task The_token_outlives_the_handlers()
    {
        await using App app = new();
        await app.Caller.GetAsync("x");

        for (int rotation = 0; rotation < 3; rotation++)
        {
            using HttpClient rotated = Chains.NewClient(app.Provider, App.Name);
            await rotated.GetAsync("y");
        }

        Assert.Equal(Enumerable.Repeat("Bearer token-1", 4), app.Api.Tokens);
        Assert.Equal(1, app.Tokens.Count);
    }

    [Fact]
    [Trait("Scenario", "T72")]
    public async Task So_does_what_is_remembered_of_a_refusal_and_of_a_warning()
    {
        await using App app = new();
        app.Api.Answer(HttpStatusCode.Unauthorized).Answer(HttpStatusCode.Unauthorized).Answer(HttpStatusCode.Unauthorized);
        await app.Caller.GetAsync("x");
        await app.Caller.SendAsync(new HttpRequestMessage(HttpMethod.Get, "x") { Headers = { Authorization = new("Basic", "own") } });

        using HttpClient rotated = Chains.NewClient(app.Provider, App.Name);
        await rotated.GetAsync("y");
        await rotated.SendAsync(new HttpRequestMessage(HttpMethod.Get, "x") { Headers = { Authorization = new("Basic", "own") } });

        Assert.Equal(2, app.Tokens.Count);
        Assert.Single(app.Log.Of(22));
    }

    [Fact]
    public async Task A_typed_client_is_made_of_a_scope_and_has_its_token()
    {
        await using App app = new();
        app.Services.AddHttpClient<Invoices>().AddClientCredentialsHandler("billing").ConfigurePrimaryHttpMessageHandler(() => app.Api);
        app.Services.AddScoped<Scoped>();
        for (int request = 0; request < 2; request++)
        {
            await using AsyncServiceScope scope = app.Provider.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Scoped>().Invoices.Http.GetAsync("x");
        }

        Assert.Equal(["Bearer token-1", "Bearer token-1"], app.Api.Tokens);
        Assert.Equal(1, app.Tokens.Count);
    }

    [Fact]
    public async Task Handlers_of_the_app_may_be_scoped_and_need_scoped_services()
    {
        await using App app = new();
        app.Services.AddScoped<Stamp>();
        app.Services.AddTransient<Stamping>();
        app.Http.AddHttpMessageHandler<Stamping>();

        await app.Caller.GetAsync("x");

        Assert.Equal("yes", Assert.Single(app.Api.Arrivals).Header("X-Stamp"));
        Assert.Equal(["Bearer token-1"], app.Api.Tokens);
    }

    private sealed class Invoices(HttpClient http)
    {
        public HttpClient Http => http;
    }

    private sealed class Scoped(Invoices invoices)
    {
        public Invoices Invoices => invoices;
    }

    private sealed class Stamp
    {
        public string Text => "yes";
    }

    private sealed class Stamping(Stamp stamp) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("X-Stamp", stamp.Text);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
