using System.Collections.Concurrent;
using System.Net;
using System.Text;
using ClientCredentials.Tests.Clients;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.FrontDoor;

public class ClientsFoundInGreatNumbers
{
    [Fact]
    [Trait("Scenario", "T82")]
    public async Task A_hundred_thousand_tenants_take_the_memory_of_ten_thousand()
    {
        const int limit = 10_000;
        await using Town town = new(limit);
        ConcurrentQueue<WeakReference> tokens = [];

        await Parallel.ForEachAsync(Enumerable.Range(0, 100_000), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (tenant, _) =>
        {
            AccessToken token = await town.TokenAsync($"t{tenant}");
            if (tenant % 100 == 0)
            {
                tokens.Enqueue(new(token));
            }
        });

        await town.TokenAsync("t99999");
        GC.Collect();
        int alive = tokens.Count(token => token.IsAlive) * 100;
        int newest = town.LookUps;
        await town.TokenAsync("t0");

        Assert.InRange(alive, limit * 0.9, limit * 1.05);
        Assert.Equal(100_000, newest);
        Assert.Equal(100_001, town.LookUps);
        LogLine line = Assert.Single(town.Log.All, line => line.Level >= LogLevel.Warning);
        Assert.Equal("10000 clients found by AddClientResolver are held, which is the limit; those used least are dropped and looked up again.", line.Text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(19)]
    [InlineData(49)]
    public async Task However_low_the_limit_the_newest_is_held(int limit)
    {
        await using Town town = new(limit);

        for (int tenant = 0; tenant < limit * 3; tenant++)
        {
            await town.TokenAsync($"t{tenant}");
            await town.TokenAsync($"t{tenant}");
        }

        Assert.Equal(limit * 3, town.LookUps);
    }

    [Fact]
    public async Task Names_that_lead_nowhere_push_nobody_out()
    {
        await using Town town = new(limit: 3);
        await town.TokenAsync("t1");

        for (int name = 0; name < 30; name++)
        {
            await Assert.ThrowsAsync<ClientCredentialsException>(() => town.TokenAsync($"nobody{name}"));
        }

        await town.TokenAsync("t1");
        Assert.Equal(31, town.LookUps);
    }

    [Fact]
    public async Task To_find_one_in_memory_costs_the_same_however_many_are_configured()
    {
        await using Town few = new(limit: 10);
        await using Town many = new(limit: 10, configured: 500);
        await few.TokenAsync("t1");
        await many.TokenAsync("t1");

        // What one of the 500 would cost by itself is far more.
        Assert.InRange(many.BytesOf("t1"), 0, few.BytesOf("t1") + 1000);
    }

    /// <summary>An app with tenants, and a server that gives each call another token.</summary>
    private sealed class Town : IAsyncDisposable
    {
        private readonly SettingsApp _app;
        private int _lookUps;

        public Town(int limit, int configured = 0) =>
            _app = new SettingsApp("{}", clients =>
            {
                clients.AddClientResolver(Find, options =>
                {
                    options.AllowedTokenHosts.Add("https://login.example.com");
                    options.Limit = limit;
                });
                clients.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => new TokenPrinter()));
                clients.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
                for (int client = 0; client < configured; client++)
                {
                    clients.AddClient($"client-{client}", _ => { });
                }
            });

        public int LookUps => _lookUps;

        public LogLines Log => _app.Log;

        public async Task<AccessToken> TokenAsync(string client) => await _app.Credentials.GetTokenAsync(client);

        /// <summary>The least of many: the first call may still make what later ones find, and the runtime compiles, and a cache tidies up, when it pleases them.</summary>
        public long BytesOf(string client)
        {
            long least = long.MaxValue;
            for (int round = 0; round < 100; round++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                Task<AccessToken> call = _app.Credentials.GetTokenAsync(client).AsTask();
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
                Assert.True(call.IsCompletedSuccessfully);
            }

            return least;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private ValueTask<ClientCredentialsOptions?> Find(IServiceProvider services, string client, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _lookUps);
            return new(client.StartsWith('t')
                ? new ClientCredentialsOptions { TokenUrl = new("https://login.example.com/token"), ClientId = client, ClientSecret = "s" }
                : null);
        }
    }

    private sealed class TokenPrinter : HttpMessageHandler
    {
        private static int _printed;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent($$"""{"access_token":"{{Interlocked.Increment(ref _printed)}}","token_type":"Bearer","expires_in":3600}""", Encoding.UTF8, "application/json"),
            });
    }
}
