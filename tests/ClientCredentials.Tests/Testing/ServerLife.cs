using System.Net;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Testing;

public sealed class ServerLife
{
    [Fact]
    public async Task A_server_on_a_socket_is_reached_by_any_client()
    {
        await using var server = await TestAuthorizationServer.StartAsync(o => o.AddClient("billing", "s3cret"));
        using var caller = new Caller(server);
        using var stranger = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        stranger.DefaultRequestHeaders.Authorization = new("Bearer", await caller.TokenAsync());
        var response = await stranger.GetAsync(server.ApiUrl);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"http://127.0.0.1:{server.BaseUrl.Port}/", server.BaseUrl.AbsoluteUri);
        Assert.Equal(server.BaseUrl + "oauth2/token", server.TokenUrl.AbsoluteUri);
        Assert.Equal(server.BaseUrl + "api/", server.ApiUrl.AbsoluteUri);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Several_servers_run_at_a_time_each_with_an_origin_of_its_own(bool isInMemory)
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => isInMemory
            ? TestAuthorizationServer.StartInMemoryAsync()
            : TestAuthorizationServer.StartAsync()));

        foreach (var server in servers)
        {
            using var caller = new Caller(server);
            await caller.GetAsync(null);
        }

        Assert.Equal(5, servers.Select(server => server.BaseUrl).Distinct().Count());
        Assert.All(servers, server => Assert.Equal(1, server.Api.Count));
        await Task.WhenAll(servers.Select(server => server.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_port_is_free_again_after_disposal()
    {
        var first = await TestAuthorizationServer.StartAsync();
        using var caller = new Caller(first);
        await caller.GetAsync(null);
        await first.DisposeAsync();
        await first.DisposeAsync();

        await using var second = await TestAuthorizationServer.StartAsync(o => o.Port = first.BaseUrl.Port);

        Assert.Equal(first.BaseUrl, second.BaseUrl);
    }

    [Fact]
    public async Task A_taken_port_is_an_error()
    {
        await using var first = await TestAuthorizationServer.StartAsync();

        await Assert.ThrowsAsync<IOException>(() => TestAuthorizationServer.StartAsync(o => o.Port = first.BaseUrl.Port));
    }

    [Fact]
    public async Task A_thousand_callers_at_once_are_all_answered_and_counted()
    {
        await using var server = await TestAuthorizationServer.StartAsync(o => o.AddClient("billing", "s3cret"));
        using var caller = new Caller(server);
        var token = await caller.TokenAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => caller.GetAsync(token)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal((1000, 1000), (server.Api.Count, server.Api.Succeeded));
    }
}
