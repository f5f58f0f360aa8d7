using System.Collections.Concurrent;
using ClientCredentials.Testing;
using ClientCredentials.Tests.Clients;

namespace ClientCredentials.Tests.FrontDoor;

/// <summary>An app whose clients are found by code: unless a test says otherwise every name is a client, known to the server as 'billing'.</summary>
internal sealed class TenantsApp : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _lookedUp = new();
    private readonly TestAuthorizationServer _server;
    private readonly SettingsApp _app;

    public TenantsApp(TestAuthorizationServer server, Action<ClientResolverOptions>? configure = null, string section = "{}", Action<ClientCredentialsBuilder>? code = null)
    {
        _server = server;
        Find = (_, _) => new(Tenant());
        _app = new SettingsApp(
            section,
            clients =>
            {
                clients.AddClientResolver(
                    (_, name, cancellationToken) =>
                    {
                        _lookedUp.Enqueue(name);
                        return Find(name, cancellationToken);
                    },
                    options =>
                    {
                        options.AllowedTokenHosts.Add(server.BaseUrl.GetLeftPart(UriPartial.Authority));
                        configure?.Invoke(options);
                    });
                code?.Invoke(clients);
            },
            server: server);
    }

    /// <summary>Where tenants are found.</summary>
    public Func<string, CancellationToken, ValueTask<ClientCredentialsOptions?>> Find { get; set; }

    /// <summary>The names that were looked up, in order.</summary>
    public IReadOnlyList<string> LookedUp => [.. _lookedUp];

    public ManualClock Clock => _app.Clock;

    public LogLines Log => _app.Log;

    public IClientCredentials Credentials => _app.Credentials;

    public IServiceProvider Services => _app.Services;

    public HttpClient Http(string name) => _app.Http(name);

    public ClientCredentialsOptions Tenant(string clientId = "billing", string secret = "s3cret") =>
        new() { TokenUrl = _server.TokenUrl, ApiUrl = _server.ApiUrl, ClientId = clientId, ClientSecret = secret };

    public Task<string> TokenAsync(string client = "tenant-1", TokenParameters? parameters = null) => _app.TokenAsync(client, parameters);

    public Task<ClientCredentialsException> FailureAsync(string client = "tenant-1", TokenParameters? parameters = null) => _app.FailureAsync(client, parameters);

    /// <summary>Makes the next look-ups wait for what the test says: it is in effect when <see cref="Answer.GiveAsync"/> is over.</summary>
    public Answer Hold()
    {
        Answer answer = new();
        Find = (_, _) => answer.WaitAsync();
        return answer;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal sealed class Answer
    {
        private readonly TaskCompletionSource<ClientCredentialsOptions?> _given = new();
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when it is asked for.</summary>
        public Task Asked => _asked.Task;

        // Who waits goes on inside of the call that answers, where no synchronization context is in the way.
        public Task GiveAsync(ClientCredentialsOptions? options) => Task.Run(() => _given.SetResult(options));

        public ValueTask<ClientCredentialsOptions?> WaitAsync()
        {
            _asked.TrySetResult();
            return new(_given.Task);
        }
    }
}
