using System.Net;
using ClientCredentials.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Logging;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Http;

public class WhatIsMeantForAllHttpClients
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_that_a_filter_puts_on_all_does_not_see_the_token_request(bool isBefore)
    {
        await using App app = new();
        List<Uri?> seen = [];
        ServiceDescriptor filter = ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter>(new Filter(builder => builder.AdditionalHandlers.Insert(0, new Watching(seen))));
        // Where it were if the app had registered it before all else: behind the one that put itself first.
        app.Services.Insert(isBefore ? 1 : app.Services.Count, filter);

        await app.Caller.GetAsync("x");

        Assert.Equal([new Uri("https://api.example.com/x")], seen);
        Assert.Equal(1, app.Tokens.Count);
    }

    [Fact]
    public async Task A_primary_handler_that_a_filter_gives_to_all_is_not_the_token_client_s()
    {
        await using App app = new();
        Wire other = new();
        app.Services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new Filter(builder => builder.PrimaryHandler = other));

        await app.Caller.GetAsync("x");

        Assert.Equal(["https://api.example.com/x"], other.Arrivals.Select(arrival => arrival.Url));
        Assert.Equal(1, app.Tokens.Count);
    }

    [Fact]
    public async Task A_log_that_a_filter_puts_on_all_does_not_see_the_token_request()
    {
        await using App app = new();
        app.Services.AddSingleton<IHttpMessageHandlerBuilderFilter>(services => new Filter(builder =>
            builder.AdditionalHandlers.Add(new LoggingHttpMessageHandler(services.GetRequiredService<ILoggerFactory>().CreateLogger("all")))));

        await app.Caller.GetAsync("x");

        Assert.Contains(app.Log.Entries, entry => entry.Category == "all");
        Assert.DoesNotContain(app.Log.Entries, entry => entry.Whole.Contains("Basic ", StringComparison.Ordinal) || entry.Whole.Contains("login.example.com", StringComparison.Ordinal) && entry.Category == "all");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_that_is_post_configured_for_all_does_not_see_the_token_request(bool isFirst)
    {
        await using App app = new();
        List<Uri?> seen = [];
        app.Services.PostConfigureAll<HttpClientFactoryOptions>(options =>
        {
            Action<HttpMessageHandlerBuilder> add = builder => builder.AdditionalHandlers.Add(new Watching(seen));
            options.HttpMessageHandlerBuilderActions.Insert(isFirst ? 0 : options.HttpMessageHandlerBuilderActions.Count, add);
        });

        await app.Caller.GetAsync("x");

        Assert.Equal([new Uri("https://api.example.com/x")], seen);
    }

    [Fact]
    public async Task The_token_client_is_safe_although_an_app_post_configures_all()
    {
        await using App app = new();
        SocketsHttpHandler given = new();
        app.Client.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => given));
        app.Services.PostConfigureAll<HttpClientFactoryOptions>(options =>
        {
            options.HttpMessageHandlerBuilderActions.Clear();
            options.HttpClientActions.Add(http => http.Timeout = TimeSpan.FromSeconds(1));
        });

        HttpMessageHandlerBuilder builder = Chains.New(app.Provider, "ClientCredentials:billing");

        Assert.False(given.AllowAutoRedirect);
        Assert.Same(given, Assert.IsType<CertificateRouter>(builder.PrimaryHandler).InnerHandler);
        Assert.Equal(Timeout.InfiniteTimeSpan, app.CreateClient("ClientCredentials:billing").Timeout);
    }

    [Fact]
    public async Task What_ConfigureTokenClient_adds_stays_in_its_order_beside_filters_of_the_app()
    {
        await using App app = new();
        List<string> order = [];
        app.Services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new Filter(builder => builder.AdditionalHandlers.Add(new Watching([]))));
        app.Client.ConfigureTokenClient(http => http
            .AddDefaultLogger()
            .AddLogger(_ => new Noting(order), wrapHandlersPipeline: true)
            .AddHttpMessageHandler(() => new Naming("first", order))
            .AddHttpMessageHandler(() => new Naming("second", order)));

        await app.Credentials.GetTokenAsync("billing");

        Assert.Equal(["log", "first", "second"], order);
        Assert.Equal(4, app.Log.Entries.Count(entry => entry.Id is 100 or 101 && entry.Category.StartsWith("System.Net.Http.HttpClient.ClientCredentials:billing.", StringComparison.Ordinal)));
        Assert.DoesNotContain(app.Log.Entries, entry => entry.Message.Contains("Basic ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_app_that_removes_all_filters_still_has_its_tokens()
    {
        await using App app = new();
        app.Services.RemoveAll<IHttpMessageHandlerBuilderFilter>();

        HttpResponseMessage response = await app.Caller.GetAsync("x");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["Bearer token-1"], app.Api.Tokens);
    }

    private sealed class Filter(Action<HttpMessageHandlerBuilder> change) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            change(builder);
        };
    }

    private sealed class Watching(List<Uri?> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add(request.RequestUri);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Naming(string name, List<string> order) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            order.Add(name);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Noting(List<string> order) : IHttpClientLogger
    {
        public object? LogRequestStart(HttpRequestMessage request)
        {
            order.Add("log");
            return null;
        }

        public void LogRequestStop(object? context, HttpRequestMessage request, HttpResponseMessage response, TimeSpan elapsed)
        {
        }

        public void LogRequestFailed(object? context, HttpRequestMessage request, HttpResponseMessage? response, Exception exception, TimeSpan elapsed)
        {
        }
    }
}
