using System.Runtime.CompilerServices;
using ClientCredentials.Testing;
using ClientCredentials.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Tokens;

/// <summary>An app with the client 'billing' and a server in memory; each test has its own, and the time is the test's.</summary>
public abstract class OneClient : IAsyncLifetime
{
    // What never comes must fail a test, not hang it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private IConfigurationRoot _configuration = null!;

    protected ManualClock Clock { get; } = new();

    /// <summary>The clock as the app sees it.</summary>
    protected virtual TimeProvider Time => Clock;

    protected TestAuthorizationServer Server { get; private set; } = null!;

    protected EndpointScript Endpoint => Server.TokenEndpoint;

    protected ServiceProvider App { get; private set; } = null!;

    protected IClientCredentials Credentials { get; private set; } = null!;

    protected LogLines Log { get; } = new();

    internal TokenSource Source => App.GetRequiredService<TokenSources>().Source("billing", null);

    /// <summary>When the token requests arrived, in seconds after the first.</summary>
    protected double[] AskedAt => [.. Endpoint.Received.Select(request => Math.Round((request.At - Endpoint.Received[0].At).TotalSeconds, 3))];

    public async Task InitializeAsync()
    {
        Server = await TestAuthorizationServer.StartInMemoryAsync(o =>
        {
            o.TimeProvider = o.DelayTimeProvider = Clock;
            o.LogCapacity = 20_000;
            o.AddClient("billing-app", "s3cret");
        });
        _configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            [Key("TokenUrl")] = Server.TokenUrl.OriginalString,
            [Key("ClientId")] = "billing-app",
            [Key("ClientSecret")] = "s3cret",
            [Key("ApiUrl")] = Server.ApiUrl.OriginalString,
        }).Build();
        var services = new ServiceCollection();
        services.AddSingleton(Time);
        services.AddSingleton(new Jitter(() => 0.5));
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        var builder = services.AddClientCredentials(_configuration);
        builder.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => Server.CreateHandler()));
        services.AddHttpClient("invoices").AddClientCredentialsHandler("billing").ConfigurePrimaryHttpMessageHandler(() => Server.CreateHandler());
        Register(services, builder);
        App = services.BuildServiceProvider();
        Credentials = App.GetRequiredService<IClientCredentials>();
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await Server.DisposeAsync();
    }

    protected virtual void Register(IServiceCollection services, ClientCredentialsBuilder builder)
    {
    }

    /// <summary>Changes settings of the client, as an edited file does: all in one reload.</summary>
    protected void Set(params (string Setting, string? Value)[] settings)
    {
        foreach (var (setting, value) in settings)
        {
            _configuration[Key(setting)] = value;
        }

        _configuration.Reload();
    }

    protected Task<AccessToken> AskAsync(TokenParameters? parameters = null, CancellationToken cancellationToken = default)
        => Credentials.GetTokenAsync("billing", parameters, cancellationToken).AsTask();

    protected Task<AccessToken>[] AskTimes(int times) => [.. Enumerable.Range(0, times).Select(_ => AskAsync())];

    /// <summary>The token of a call that must not wait.</summary>
    protected AccessToken AskAtOnce()
    {
        var call = AskAsync();
        Assert.True(call.IsCompletedSuccessfully, "The call waits.");
        return call.Result;
    }

    protected Task<ClientCredentialsException> FailAsync(TokenParameters? parameters = null)
        => Assert.ThrowsAsync<ClientCredentialsException>(() => AskAsync(parameters));

    /// <summary>Completes when so many token requests have arrived.</summary>
    protected Task ArriveAsync(int count) => Endpoint.WaitForAsync(count).WaitAsync(Patience);

    /// <summary>Completes when no flight is in the air.</summary>
    internal async Task LandedAsync(TokenSource? source = null)
    {
        while (FlightOf(source ?? Source) is { } flight)
        {
            await flight.Landed.WaitAsync(Patience);
        }
    }

    /// <summary>Completes when the subscribers of StatusChanged have been told all that happened.</summary>
    protected Task ToldAsync() => Heralds.ToldAsync(App);

    /// <summary>Lets the pause before the next attempt go by.</summary>
    protected async Task PassPauseAsync(double seconds)
    {
        var pause = TimeSpan.FromSeconds(seconds);
        await Clock.WaitForTimerAsync(pause);
        Assert.Equal(pause, Clock.NextTimerIn);
        Clock.Advance(pause);
    }

    protected void Advance(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    protected static string Token(string text, object? expiresIn = null)
        => System.Text.Json.JsonSerializer.Serialize(new { access_token = text, token_type = "Bearer", expires_in = expiresIn ?? 3600 });

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_flight")]
    internal static extern ref Flight? FlightOf(TokenSource source);

    private static string Key(string setting) => $"ClientCredentials:Clients:billing:{setting}";
}
