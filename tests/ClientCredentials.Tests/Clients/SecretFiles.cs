using ClientCredentials.Tests.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Clients;

public sealed class SecretFiles : OneServer
{
    [Fact]
    [Trait("Scenario", "T67")]
    public async Task A_secret_in_a_mounted_file_that_changed_is_used_by_the_next_fetch()
    {
        using TempFolder mount = new();
        mount.Write("ClientCredentials__Clients__billing__ClientSecret", "s3cret");
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ClientCredentials:Clients:billing:TokenUrl", Server.TokenUrl.OriginalString), new("ClientCredentials:Clients:billing:ClientId", "billing")])
            .AddKeyPerFile(mount.Path)
            .Build();
        await using ServiceProvider app = App(configuration);
        IClientCredentials credentials = app.GetRequiredService<IClientCredentials>();
        AccessToken before = await credentials.GetTokenAsync("billing");

        Server["billing"].Secret = "rotated";
        mount.Write("ClientCredentials__Clients__billing__ClientSecret", "rotated");
        configuration.Reload();
        AccessToken kept = await credentials.GetTokenAsync("billing");
        credentials.Reject("billing", kept);
        AccessToken next = await credentials.GetTokenAsync("billing");

        Assert.Same(before, kept);
        Assert.NotEqual(before.Reveal(), next.Reveal());
        Assert.Equal([Caller.Basic("billing", "s3cret"), Caller.Basic("billing", "rotated")], Server.TokenEndpoint.Received.Select(request => request.Header("Authorization")));
    }

    private ServiceProvider App(IConfiguration configuration)
    {
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddClientCredentials(configuration).ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(Server.CreateHandler));
        return services.BuildServiceProvider();
    }

    private sealed class TempFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("client-credentials-").FullName;

        public void Write(string file, string text) => File.WriteAllText(System.IO.Path.Combine(Path, file), text);

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
