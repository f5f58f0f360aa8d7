using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Interop.Running;

/// <summary>An app as a user would write it: one client, and an HttpClient for the rig's API with the handler on it.</summary>
internal sealed class App : IAsyncDisposable
{
    public const string Client = "interop";

    private readonly ServiceProvider _services;

    public App(Rig rig, RigClient client, Action<ClientCredentialsOptions>? configure, Action<ClientCredentialsBuilder>? build)
    {
        ServiceCollection services = new();
        ClientCredentialsBuilder builder = services.AddClientCredentials()
            .ConfigureTokenClient(http => http.UseSocketsHttpHandler((sockets, _) => sockets.SslOptions.CertificateChainPolicy = rig.Trust()))
            .AddClient(Client, options =>
            {
                client.Describe(options);
                options.TokenUrl = new Uri($"{rig.Issuer}/token");
                options.Issuer = rig.Issuer;
                options.ApiUrl = new Uri($"{rig.Issuer}/api/");
                options.RetryDelay = TimeSpan.FromMilliseconds(50);
                configure?.Invoke(options);
            });
        build?.Invoke(builder);
        services.AddHttpClient("api")
            .AddClientCredentialsHandler(Client)
            .UseSocketsHttpHandler((sockets, _) => sockets.SslOptions.CertificateChainPolicy = rig.Trust());
        _services = services.BuildServiceProvider();
    }

    public IClientCredentials Credentials => _services.GetRequiredService<IClientCredentials>();

    public HttpClient Api => _services.GetRequiredService<IHttpClientFactory>().CreateClient("api");

    /// <summary>What validation at start says; nothing where all is well.</summary>
    public IReadOnlyList<string> StartProblems()
    {
        try
        {
            _services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }

    /// <summary>Calls the API, which must serve it.</summary>
    /// <returns>What the API says of the token that came.</returns>
    public async Task<JsonElement> CallAsync(string path = "any/1")
    {
        using HttpResponseMessage response = await Api.GetAsync(path);
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {body}");
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    /// <summary>Calls the API with a token of another kind than usual.</summary>
    public async Task<JsonElement> CallAsync(string path, TokenParameters parameters)
    {
        using HttpRequestMessage request = new HttpRequestMessage(HttpMethod.Get, path).UseClientCredentials(parameters);
        using HttpResponseMessage response = await Api.SendAsync(request);
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {body}");
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    /// <summary>Calls the API, for which there must be no token.</summary>
    public async Task<ClientCredentialsException> FailAsync(string path = "any/1") =>
        await Assert.ThrowsAsync<ClientCredentialsException>(() => Api.GetAsync(path));

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
