using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Testing;

/// <summary>A server in memory with the client 'billing', and a caller; each test has its own.</summary>
public abstract class OneServer : IAsyncLifetime
{
    protected ManualClock Clock { get; } = new();

    protected TestAuthorizationServer Server { get; private set; } = null!;

    internal Caller Caller { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await TestAuthorizationServer.StartInMemoryAsync(o =>
        {
            o.TimeProvider = Clock;
            o.DelayTimeProvider = Clock;
            o.AddClient("billing", "s3cret");
        });
        Caller = new Caller(Server);
    }

    public async Task DisposeAsync()
    {
        Caller.Dispose();
        await Server.DisposeAsync();
    }
}
