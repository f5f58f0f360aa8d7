using System.Collections.Concurrent;
using System.Reflection;
using ClientCredentials.Testing;
using ClientCredentials.Tests.Clients;
using ClientCredentials.Tokens;
using Microsoft.Extensions.DependencyInjection;

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

    /// <summary>Makes the next look-ups of a client wait for what the test says: it is in effect when <see cref="Answer.GiveAsync"/> is over.</summary>
    public Answer Hold(string client = "tenant-1")
    {
        Answer answer = new(() => LookUpOf(client));
        Find = (_, _) => answer.WaitAsync();
        return answer;
    }

    /// <summary>The look-up of a client that is in the air, or was last.</summary>
    private Task LookUpOf(string client)
    {
        object? entry = Of(Of(_app.Services.GetRequiredService<TokenSources>(), "_resolved")!, "_entries") is { } entries
            ? entries.GetType().GetMethod("Get")!.Invoke(entries, [client.ToUpperInvariant()])
            : null;
        if (entry is null)
        {
            return Task.CompletedTask;
        }

        // Whoever starts a look-up holds the entry until it is noted.
        lock (entry)
        {
            return (Task?)entry.GetType().GetProperty("LookingUp")!.GetValue(entry) ?? Task.CompletedTask;
        }

        static object? Of(object holder, string field) => holder.GetType().GetField(field, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(holder);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal sealed class Answer(Func<Task> lookUp)
    {
        // What never comes must fail a test, not hang it.
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        private readonly TaskCompletionSource<ClientCredentialsOptions?> _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when it is asked for.</summary>
        public Task Asked => _asked.Task;

        /// <summary>Answers, and completes when what was asked for has come to its end on whatever thread it runs.</summary>
        public async Task GiveAsync(ClientCredentialsOptions? options)
        {
            await Asked.WaitAsync(Patience);
            Task running = lookUp();
            _given.SetResult(options);
            await running.WaitAsync(Patience);
        }

        public ValueTask<ClientCredentialsOptions?> WaitAsync()
        {
            _asked.TrySetResult();
            return new(_given.Task);
        }
    }
}
