namespace ClientCredentials.Interop.Running;

/// <summary>All tests share one server and its counters, so they run one after the other, each from zero.</summary>
[Collection(Name)]
public abstract class InteropTests(Rig rig) : IAsyncLifetime
{
    public const string Name = "oidc-provider";

    private readonly List<App> _apps = [];

    private protected Rig Rig => rig;

    public Task InitializeAsync() => rig.ResetAsync();

    public async Task DisposeAsync()
    {
        foreach (App app in _apps)
        {
            await app.DisposeAsync();
        }
    }

    /// <summary>An app with one client, set up as one of the rig's. It ends with the test.</summary>
    private protected App Start(string client, Action<ClientCredentialsOptions>? configure = null, Action<ClientCredentialsBuilder>? build = null)
    {
        App app = new(rig, rig.Client(client), configure, build);
        _apps.Add(app);
        return app;
    }
}

[CollectionDefinition(InteropTests.Name)]
public sealed class SharedRig : ICollectionFixture<Rig>;
