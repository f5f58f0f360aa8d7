using System.Net;
using Microsoft.AspNetCore.Http;

namespace ClientCredentials.Tests.Testing;

public sealed class ScriptedAnswers : OneServer
{
    [Fact]
    public async Task Failures_are_taken_in_order_and_then_the_endpoint_answers()
    {
        Server.TokenEndpoint.Fail(HttpStatusCode.InternalServerError, times: 2);
        Server.TokenEndpoint.Fail(HttpStatusCode.BadGateway);

        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            statuses.Add((int)(await Caller.AskAsync()).StatusCode);
        }

        Assert.Equal([500, 500, 502, 200], statuses);
        Assert.Equal((4, 1, 3), (Server.TokenEndpoint.Count, Server.TokenEndpoint.Succeeded, Server.TokenEndpoint.Refused));
    }

    [Fact]
    public async Task A_failure_can_say_when_to_come_again()
    {
        Server.TokenEndpoint.Fail(HttpStatusCode.ServiceUnavailable, retryAfter: TimeSpan.FromSeconds(1.5));

        var response = await Caller.AskAsync();

        Assert.Equal("2", response.Headers.RetryAfter?.ToString());
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_failure_of_the_token_endpoint_can_be_an_oauth_error()
    {
        Server.TokenEndpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client", description: "no \"such\" client");

        var response = await Caller.AskAsync();

        Assert.Equal("""{"error":"invalid_client","error_description":"no \u0022such\u0022 client"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("Basic", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task A_failure_of_the_api_carries_a_bearer_challenge()
    {
        Server.Api.Fail(HttpStatusCode.Unauthorized, error: "invalid_token");
        Server.Api.Fail(HttpStatusCode.Unauthorized);
        var token = await Caller.TokenAsync();

        var named = await Caller.GetAsync(token);
        var bare = await Caller.GetAsync(token);

        Assert.Equal("Bearer realm=\"api\", error=\"invalid_token\"", named.Headers.WwwAuthenticate.ToString());
        Assert.Equal("Bearer realm=\"api\"", bare.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_script_for_ever_lasts_until_it_is_cleared()
    {
        Server.TokenEndpoint.Fail(HttpStatusCode.InternalServerError, times: int.MaxValue);
        await Caller.AskAsync();
        await Caller.AskAsync();

        Server.TokenEndpoint.Clear();
        var response = await Caller.AskAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_body_is_answered_as_it_is()
    {
        Server.TokenEndpoint.Answer(HttpStatusCode.Created, "<html>é", "text/html", 1, ("X-One", "1"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"));

        var response = await Caller.AskAsync();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("<html>é", await response.Content.ReadAsStringAsync());
        Assert.Equal(["a=1", "b=2"], response.Headers.GetValues("Set-Cookie"));
    }

    [Fact]
    public async Task A_body_can_have_no_content_type()
    {
        Server.TokenEndpoint.Answer(HttpStatusCode.OK, "{}", contentType: "");

        var response = await Caller.AskAsync();

        Assert.Null(response.Content.Headers.ContentType);
        Assert.Equal("{}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_redirect_keeps_its_target_as_written()
    {
        Server.TokenEndpoint.Redirect(new Uri("https://evil.example/t?x=%2F"), HttpStatusCode.PermanentRedirect);

        var response = await Caller.AskAsync();

        Assert.Equal(HttpStatusCode.PermanentRedirect, response.StatusCode);
        Assert.Equal("https://evil.example/t?x=%2F", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Code_can_answer_and_can_read_the_body()
    {
        Server.TokenEndpoint.Do(async context =>
        {
            var form = await new StreamReader(context.Request.Body).ReadToEndAsync();
            context.Response.StatusCode = 418;
            await context.Response.WriteAsync(form);
            return true;
        });

        var response = await Caller.PostAsync("grant_type=teapot");

        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal("grant_type=teapot", await response.Content.ReadAsStringAsync());
        Assert.Equal(418, Server.TokenEndpoint.Received[0].StatusCode);
    }

    [Fact]
    public async Task Code_can_leave_the_answer_to_the_endpoint()
    {
        Server.TokenEndpoint.Do(context =>
        {
            context.Response.Headers["X-Seen"] = "1";
            return Task.FromResult(false);
        });

        var response = await Caller.AskAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["1"], response.Headers.GetValues("X-Seen"));
    }

    [Fact]
    public async Task Code_that_throws_is_answered_with_its_exception()
    {
        Server.TokenEndpoint.Do(_ => throw new InvalidOperationException("a mistake in the test"));

        var response = await Caller.AskAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("a mistake in the test", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, Server.TokenEndpoint.Refused);
    }

    [Fact]
    public async Task Every_answer_can_be_delayed()
    {
        Server.TokenEndpoint.Delay = TimeSpan.FromSeconds(3);
        var pending = Caller.AskAsync();
        await Clock.WaitForTimersAsync();

        Clock.Advance(TimeSpan.FromSeconds(2.9));
        var early = pending.IsCompleted;
        Clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.False(early);
        Assert.Equal(HttpStatusCode.OK, (await pending).StatusCode);
    }

    [Fact]
    public void A_script_for_no_request_is_an_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Server.Api.Hang(times: 0));
    }
}
