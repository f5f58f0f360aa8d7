using System.Buffers.Text;
using System.Text.Json;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Authentication;

/// <summary>An app with the client 'billing', and the server it proves itself to; both by one manual clock.</summary>
internal sealed class AssertionApp : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("keys-");
    private int _written;
    private ServiceProvider? _services;

    private AssertionApp(TestAuthorizationServer server, ManualClock clock) => (Server, Clock) = (server, clock);

    public ManualClock Clock { get; }

    public TestAuthorizationServer Server { get; }

    public IClientCredentials Credentials => _services!.GetRequiredService<IClientCredentials>();

    public static async Task<AssertionApp> StartAsync(Action<TestClient> register, string? secret = null)
    {
        ManualClock clock = new();
        TestAuthorizationServer server = await TestAuthorizationServer.StartInMemoryAsync(o =>
        {
            o.TimeProvider = clock;
            o.AddClient("billing-app", secret, register);
        });
        return new AssertionApp(server, clock);
    }

    public AssertionApp Configure(Action<ClientCredentialsOptions> configure, Action<ClientCredentialsBuilder>? build = null)
    {
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(Clock);
        ClientCredentialsBuilder builder = services.AddClientCredentials()
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(Server.CreateHandler))
            .AddClient("billing", client =>
            {
                client.TokenUrl = Server.TokenUrl;
                client.ClientId = "billing-app";
                client.RetryDelay = TimeSpan.Zero;
                configure(client);
            });
        build?.Invoke(builder);
        _services = services.BuildServiceProvider();
        return this;
    }

    public async Task<AccessToken> TokenAsync() => await Credentials.GetTokenAsync("billing");

    /// <summary>What validation at start says; nothing where all is well.</summary>
    public IReadOnlyList<string> StartProblems()
    {
        try
        {
            _services!.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }

    /// <summary>The path of a file of this test, with a content.</summary>
    public string File(string name, string content) => File(name, System.Text.Encoding.UTF8.GetBytes(content));

    public string File(string name, byte[] content)
    {
        string path = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllBytes(path, content);
        // Not the clock of the machine: two versions written in one tick must differ too.
        System.IO.File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddYears(50).AddSeconds(++_written));
        return path;
    }

    public JsonElement Header(int request = 0) => Part(request, 0);

    public JsonElement Claims(int request = 0) => Part(request, 1);

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private JsonElement Part(int request, int part) =>
        JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(Server.TokenEndpoint.Received[request].FormValue("client_assertion")!.Split('.')[part]));
}
