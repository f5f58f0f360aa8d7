using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Logging;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Http;

public class TokenClients
{
    [Fact]
    [Trait("Scenario", "T71")]
    public void The_handler_refuses_to_sit_on_a_token_client()
    {
        using App app = new();

        InvalidOperationException all = Assert.Throws<InvalidOperationException>(() => app.Client.ConfigureTokenClient(http => http.AddClientCredentialsHandler("billing")));
        InvalidOperationException one = Assert.Throws<InvalidOperationException>(() => app.Client.ConfigureTokenClient("billing", http => http.AddClientCredentialsHandler()));

        Assert.Equal("The HttpClient 'ClientCredentials' talks to token endpoints: to need a token for it would never end. Put the handler on the HttpClient that calls the API.", all.Message);
        Assert.StartsWith("The HttpClient 'ClientCredentials:billing' talks to token endpoints", one.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Scenario", "T71")]
    public async Task A_handler_for_all_HttpClients_does_not_sit_on_the_token_client()
    {
        await using App app = new();
        app.Services.ConfigureHttpClientDefaults(http => http.AddClientCredentialsHandler("billing"));
        app.Services.AddHttpClient("plain").ConfigurePrimaryHttpMessageHandler(() => app.Api);

        await app.Caller.GetAsync("x");
        await app.CreateClient("plain").GetAsync("y");

        Assert.Equal(["Bearer token-1", "Bearer token-1"], app.Api.Tokens);
        Assert.Equal(["https://api.example.com/x", "https://api.example.com/y"], app.Api.Arrivals.Select(arrival => arrival.Url));
        Assert.StartsWith("Basic ", Assert.Single(app.Tokens.Tokens), StringComparison.Ordinal);
        Assert.Empty(app.Log.Of(22));
    }

    [Fact]
    public async Task Options_of_an_app_s_own_kind_for_all_HttpClients_do_not_count_for_it()
    {
        await using App app = new();
        app.Services.AddSingleton<IConfigureOptions<HttpClientFactoryOptions>>(new Everywhere());
        app.Services.AddHttpClient("plain").ConfigurePrimaryHttpMessageHandler(() => app.Api);

        await app.Caller.GetAsync("x");
        await app.CreateClient("plain").GetAsync("https://api.example.com/y");

        Assert.Equal(["here", "here"], app.Api.Arrivals.Select(arrival => arrival.Header("X-Everywhere")));
        Assert.Null(Assert.Single(app.Tokens.Arrivals).Header("X-Everywhere"));
    }

    [Fact]
    public async Task An_HttpClient_without_the_handler_stays_as_it_is()
    {
        await using App app = new();
        app.Services.AddHttpClient("plain").ConfigurePrimaryHttpMessageHandler(() => app.Api);

        await app.CreateClient("plain").GetAsync("https://other.example.com/y");

        Assert.Null(app.CreateClient("plain").BaseAddress);
        Assert.Same(app.Api, Chains.New(app.Provider, "plain").PrimaryHandler);
        Assert.Null(Assert.Single(app.Api.Arrivals).Header("Authorization"));
    }

    [Fact]
    [Trait("Scenario", "T95")]
    public async Task What_is_meant_for_all_HttpClients_does_not_run_on_the_token_client()
    {
        await using App app = new();
        Counter counter = new();
        app.Services.ConfigureHttpClientDefaults(http => http
            .AddHttpMessageHandler(() => new Counting(counter))
            .AddLogger(_ => counter)
            .ConfigureHttpClient(client => client.DefaultRequestHeaders.Add("X-Default", "1"))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan));

        await app.Caller.GetAsync("x");

        Assert.Equal((1, 1), (counter.Handled, counter.Logged));
        Assert.Equal("1", Assert.Single(app.Api.Arrivals).Header("X-Default"));
        Assert.Null(Assert.Single(app.Tokens.Arrivals).Header("X-Default"));
        Assert.Equal(TimeSpan.FromMinutes(2), Chains.Options(app.Provider, "ClientCredentials:billing").HandlerLifetime);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("billing")]
    [InlineData("Billing")]
    public async Task What_ConfigureTokenClient_adds_runs_once_for_each_request(string? name)
    {
        await using App app = new();
        Counter counter = new();
        Action<IHttpClientBuilder> configure = http => http
            .AddHttpMessageHandler(() => new Counting(counter))
            .AddLogger(_ => counter)
            .ConfigureHttpClient(client => client.DefaultRequestHeaders.Add("X-Mine", "1"))
            .SetHandlerLifetime(TimeSpan.FromMinutes(7));
        _ = name is null ? app.Client.ConfigureTokenClient(configure) : app.Client.ConfigureTokenClient(name, configure);

        await app.Caller.GetAsync("x");

        Assert.Equal((1, 1), (counter.Handled, counter.Logged));
        Assert.Equal("1", Assert.Single(app.Tokens.Arrivals).Header("X-Mine"));
        Assert.Null(Assert.Single(app.Api.Arrivals).Header("X-Mine"));
        Assert.Equal(TimeSpan.FromMinutes(7), Chains.Options(app.Provider, "ClientCredentials:billing").HandlerLifetime);
    }

    [Fact]
    public async Task What_is_added_for_one_client_does_not_run_for_another()
    {
        await using App app = new();
        Counter counter = new();
        app.Client.ConfigureTokenClient("other", http => http.AddHttpMessageHandler(() => new Counting(counter)).AddLogger(_ => counter));

        await app.Caller.GetAsync("x");

        Assert.Equal((0, 0), (counter.Handled, counter.Logged));
    }

    [Fact]
    public async Task Its_only_time_limit_is_max_wait()
    {
        await using App app = new();
        app.Client.ConfigureTokenClient(http => http.ConfigureHttpClient(client => client.Timeout = TimeSpan.FromMilliseconds(1)));

        HttpClient client = app.CreateClient("ClientCredentials:billing");

        Assert.Equal(Timeout.InfiniteTimeSpan, client.Timeout);
    }

    private sealed class Counter : IHttpClientLogger
    {
        private int _handled;
        private int _logged;

        public int Handled => _handled;

        public int Logged => _logged;

        public void Handle() => Interlocked.Increment(ref _handled);

        public object? LogRequestStart(HttpRequestMessage request)
        {
            Interlocked.Increment(ref _logged);
            return null;
        }

        public void LogRequestStop(object? context, HttpRequestMessage request, HttpResponseMessage response, TimeSpan elapsed)
        {
        }

        public void LogRequestFailed(object? context, HttpRequestMessage request, HttpResponseMessage? response, Exception exception, TimeSpan elapsed)
        {
        }
    }

    private sealed class Counting(Counter counter) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            counter.Handle();
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Everywhere : IConfigureNamedOptions<HttpClientFactoryOptions>
    {
        public void Configure(HttpClientFactoryOptions options) => Configure("", options);

        public void Configure(string? name, HttpClientFactoryOptions options) =>
            options.HttpClientActions.Add(http => http.DefaultRequestHeaders.Add("X-Everywhere", "here"));
    }
}
