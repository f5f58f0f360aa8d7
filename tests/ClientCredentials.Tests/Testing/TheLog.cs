using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Testing;

public sealed class TheLog : OneServer
{
    [Fact]
    public async Task A_token_request_is_logged_as_it_was_on_the_wire()
    {
        const string form = "grant_type=client_credentials&scope=a+b&resource=1&resource=2&empty=";
        await Caller.PostAsync(form, Caller.Basic("billing", "s3cret"), "?p=B2C_1A&x=a%2Fb&account_id=1%202");

        var request = Assert.Single(Server.TokenEndpoint.Received);

        Assert.Equal("POST", request.Method);
        Assert.Equal("/oauth2/token?p=B2C_1A&x=a%2Fb&account_id=1%202", request.Target);
        Assert.Equal(form, request.Body);
        Assert.Equal(["grant_type=client_credentials", "scope=a b", "resource=1", "resource=2", "empty="], request.Form.Select(p => $"{p.Key}={p.Value}"));
        Assert.Equal("a b", request.FormValue("scope"));
        Assert.Equal(Caller.Basic("billing", "s3cret"), request.Headers["AUTHORIZATION"]);
        Assert.Equal("application/x-www-form-urlencoded", request.Header("content-type"));
        Assert.Null(request.Header("X-Absent"));
        Assert.Equal("billing", request.ClientId);
        Assert.Null(request.Token);
        Assert.Equal(200, request.StatusCode);
        Assert.Equal(Clock.GetUtcNow(), request.At);
    }

    [Fact]
    public async Task An_api_request_is_logged_with_its_token()
    {
        var token = await Caller.TokenAsync();
        await Caller.GetAsync(token, "a%20b?c=d");
        await Caller.GetAsync("made-up");

        var requests = Server.Api.Received;

        Assert.Equal("/api/a%20b?c=d", requests[0].Target);
        Assert.Equal((token, "billing", 200), (requests[0].Token, requests[0].ClientId, requests[0].StatusCode));
        Assert.Equal(("made-up", null, 401), (requests[1].Token, requests[1].ClientId, requests[1].StatusCode));
    }

    [Fact]
    public async Task A_refused_request_is_logged_with_the_client_it_claims()
    {
        await Caller.AskAsync("nobody", "x");

        Assert.Equal("nobody", Server.TokenEndpoint.Received[0].ClientId);
    }

    [Fact]
    public async Task A_request_prints_no_secrets()
    {
        await Caller.AskAsync();

        var text = Server.TokenEndpoint.Received[0].ToString();

        Assert.Equal("POST /oauth2/token -> 200", text);
    }

    [Fact]
    public async Task Only_the_beginning_of_a_long_body_is_kept()
    {
        var token = await Caller.TokenAsync();
        Caller.Http.DefaultRequestHeaders.Authorization = new("Bearer", token);

        await Caller.Http.PostAsync(Server.ApiUrl, new ByteArrayContent(new byte[200_000]));

        var request = Server.Api.Received[0];
        Assert.Equal((200_000, 65_536), (request.BodyLength, request.Body.Length));
    }

    [Fact]
    public async Task The_log_forgets_the_oldest_and_the_counters_do_not()
    {
        await using var server = await TestAuthorizationServer.StartInMemoryAsync(o => o.LogCapacity = 2);
        using var caller = new Caller(server);

        await caller.GetAsync(null, "1");
        await caller.GetAsync(null, "2");
        await caller.GetAsync(null, "3");

        Assert.Equal(["/api/2", "/api/3"], server.Api.Received.Select(r => r.Target));
        Assert.Equal(3, server.Api.Count);
    }

    [Fact]
    public async Task Reset_starts_anew_and_forgets_requests_in_the_air()
    {
        await Caller.AskAsync();
        var hold = Server.TokenEndpoint.Hold();
        var pending = Caller.AskAsync();
        await Server.TokenEndpoint.WaitForAsync(2);
        Server.TokenEndpoint.Fail(System.Net.HttpStatusCode.InternalServerError);

        Server.TokenEndpoint.Reset();
        hold.Dispose();
        await pending;
        var counts = (Server.TokenEndpoint.Count, Server.TokenEndpoint.Succeeded, Server.TokenEndpoint.Refused, Server.TokenEndpoint.Received.Count);
        await Caller.AskAsync();

        Assert.Equal((0, 0, 0, 0), counts);
        Assert.Equal((1, 1, 0), (Server.TokenEndpoint.Count, Server.TokenEndpoint.Succeeded, Server.TokenEndpoint.Refused));
    }
}
