using System.Net;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Testing;

public sealed class ApiRequests : OneServer
{
    [Fact]
    public async Task A_living_token_is_answered_with_an_echo()
    {
        var token = await Caller.TokenAsync("&scope=a");
        var request = new HttpRequestMessage(HttpMethod.Put, Server.ApiUrl + "invoices/1%2F2?x=1") { Content = new StringContent("hällo") };
        request.Headers.TryAddWithoutValidation("Authorization", "bearer " + token);

        var response = await Caller.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"client_id":"billing","scope":"a","method":"PUT","path":"/api/invoices/1%2F2","body_length":6}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task No_token_is_challenged_without_an_error()
    {
        var response = await Caller.GetAsync(token: null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer realm=\"api\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task An_unknown_token_is_refused()
    {
        var response = await Caller.GetAsync("made-up");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer realm=\"api\", error=\"invalid_token\", error_description=\"The token is unknown or was revoked.\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_token_of_another_server_is_refused()
    {
        await using var other = await TestAuthorizationServer.StartInMemoryAsync();
        using var otherCaller = new Caller(other);

        var response = await otherCaller.GetAsync(await Caller.TokenAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_token_lives_exactly_its_lifetime()
    {
        Server.TokenLifetime = TimeSpan.FromSeconds(60);
        var token = await Caller.TokenAsync();

        Clock.Advance(TimeSpan.FromSeconds(59.9));
        var before = await Caller.GetAsync(token);
        Clock.Advance(TimeSpan.FromSeconds(0.1));
        var after = await Caller.GetAsync(token);

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        Assert.Contains("The token has expired.", after.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, Server.ActiveTokens);
    }

    [Fact]
    public async Task A_revoked_token_is_refused_and_others_are_not()
    {
        var revoked = await Caller.TokenAsync();
        var kept = await Caller.TokenAsync();

        var wasLiving = Server.Revoke(revoked);

        Assert.True(wasLiving);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Caller.GetAsync(revoked)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Caller.GetAsync(kept)).StatusCode);
    }

    [Fact]
    public async Task All_tokens_can_be_revoked_at_once()
    {
        var token = await Caller.TokenAsync();
        await Caller.TokenAsync();

        var revoked = Server.RevokeAllTokens();

        Assert.Equal(2, revoked);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Caller.GetAsync(token)).StatusCode);
    }

    [Theory]
    [InlineData("&scope=read", "invoices", 200)]
    [InlineData("&scope=read", "admin", 403)]
    [InlineData("&scope=read", "admin/users", 403)]
    [InlineData("&scope=write+admin", "admin/users", 200)]
    [InlineData("&scope=read", "administrator", 200)]
    [InlineData("", "invoices", 403)]
    public async Task A_path_can_ask_for_a_scope(string scope, string path, int status)
    {
        Server.RequireScope("read");
        Server.RequireScope("admin", "admin/");
        var token = await Caller.TokenAsync(scope);

        var response = await Caller.GetAsync(token, path);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_lacking_scope_is_named_in_the_challenge()
    {
        Server.RequireScope("write");
        var token = await Caller.TokenAsync("&scope=read");

        var response = await Caller.GetAsync(token);

        Assert.Equal(
            "Bearer realm=\"api\", error=\"insufficient_scope\", error_description=\"The token lacks the scope 'write'.\", scope=\"write\"",
            response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Paths_outside_the_two_endpoints_do_not_exist()
    {
        var response = await Caller.Http.GetAsync(Server.BaseUrl + "apis");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(0, Server.Api.Count);
    }
}
