using System.Net;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Testing;

public sealed class BrokenConnections
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dropped_connection_is_an_http_error_and_the_next_request_is_answered(bool isInMemory)
    {
        await using var server = await StartAsync(isInMemory);
        using var caller = new Caller(server);
        server.TokenEndpoint.Drop();

        await Assert.ThrowsAsync<HttpRequestException>(() => caller.AskAsync());
        var next = await caller.AskAsync();

        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Equal([0, 200], server.TokenEndpoint.Received.Select(r => r.StatusCode));
        Assert.Equal((2, 1, 1), (server.TokenEndpoint.Count, server.TokenEndpoint.Succeeded, server.TokenEndpoint.Refused));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hanging_request_ends_when_its_client_leaves(bool isInMemory)
    {
        await using var server = await StartAsync(isInMemory);
        using var caller = new Caller(server);
        using var leave = new CancellationTokenSource();
        server.Api.Hang();
        var pending = caller.Http.GetAsync(server.ApiUrl, leave.Token);
        await server.Api.WaitForAsync(1);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        Assert.Equal(HttpStatusCode.Unauthorized, (await caller.GetAsync(null)).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disposal_ends_every_request_in_the_air(bool isInMemory)
    {
        var server = await StartAsync(isInMemory);
        using var caller = new Caller(server);
        server.TokenEndpoint.Hang(times: 2);
        server.Api.Delay = TimeSpan.FromHours(1);
        using var hold = server.TokenEndpoint.Hold();
        var pending = new[] { caller.AskAsync(), caller.AskAsync(), caller.AskAsync(), caller.GetAsync(null) };
        await server.TokenEndpoint.WaitForAsync(3);
        await server.Api.WaitForAsync(1);
        var nobodyComes = server.Api.WaitForAsync(2);

        await server.DisposeAsync();

        foreach (var request in pending)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => request);
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => nobodyComes);
        Assert.Equal(3, server.TokenEndpoint.Refused);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_is_gone_is_an_http_error(bool isInMemory)
    {
        var server = await StartAsync(isInMemory);
        using var caller = new Caller(server);
        await caller.AskAsync();

        await server.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => caller.AskAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_endless_body_goes_on_until_the_client_leaves(bool isInMemory)
    {
        await using var server = await StartAsync(isInMemory);
        using var caller = new Caller(server);
        server.TokenEndpoint.AnswerEndlessly();
        var request = new HttpRequestMessage(HttpMethod.Post, server.TokenUrl) { Content = new FormUrlEncodedContent([]) };

        using var response = await caller.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var body = await response.Content.ReadAsStreamAsync();
        var megabytes = new byte[3 * 1024 * 1024];
        await body.ReadExactlyAsync(megabytes);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.Content.Headers.ContentLength);
        Assert.StartsWith("{\"access_token\":\"aaa", System.Text.Encoding.ASCII.GetString(megabytes, 0, 100), StringComparison.Ordinal);
    }

    private static Task<TestAuthorizationServer> StartAsync(bool isInMemory)
        => isInMemory ? TestAuthorizationServer.StartInMemoryAsync(AddBilling) : TestAuthorizationServer.StartAsync(AddBilling);

    private static void AddBilling(TestServerOptions options) => options.AddClient("billing", "s3cret");
}
