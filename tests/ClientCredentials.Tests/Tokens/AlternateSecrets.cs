using System.Net;
using ClientCredentials.Testing;
using ClientCredentials.Tests.Testing;

namespace ClientCredentials.Tests.Tokens;

public sealed class AlternateSecrets : OneClient
{
    private TestClient Registered => Server["billing-app"];

    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    public async Task Where_the_server_does_not_take_the_secret_the_alternate_is_tried_once(string method)
    {
        Set(("AuthenticationMethod", method), ("AlternateClientSecret", "n3xt"));
        Registered.Secret = "n3xt";

        await AskAsync();

        Assert.Equal(["s3cret 401", "n3xt 200"], Tried());
        Assert.Empty(Log.Of(12));
    }

    [Fact]
    public async Task An_answer_of_401_that_gives_no_reason_is_enough()
    {
        Set(("AlternateClientSecret", "n3xt"));
        Registered.Secret = "n3xt";
        Endpoint.Fail(HttpStatusCode.Unauthorized);

        await AskAsync();

        Assert.Equal(["s3cret 401", "n3xt 200"], Tried());
    }

    [Fact]
    public async Task It_is_used_from_then_on_and_the_usual_one_left_alone()
    {
        Set(("AlternateClientSecret", "n3xt"));
        Registered.Secret = "n3xt";
        Credentials.Reject("billing", await AskAsync());

        await AskAsync();
        await AskAsync(new() { Scopes = ["b"] });

        Assert.Equal(["s3cret 401", "n3xt 200", "n3xt 200", "n3xt 200"], Tried());
    }

    [Fact]
    public async Task It_goes_back_to_the_usual_one_when_the_server_does()
    {
        Set(("AlternateClientSecret", "n3xt"));
        Registered.Secret = "n3xt";
        Credentials.Reject("billing", await AskAsync());
        Registered.Secret = "s3cret";

        await AskAsync();
        await AskAsync(new() { Scopes = ["b"] });

        Assert.Equal(["s3cret 401", "n3xt 200", "n3xt 401", "s3cret 200", "s3cret 200"], Tried());
        Assert.False(Assert.Single(Credentials.Statuses).UsesAlternateSecret);
    }

    [Fact]
    public async Task Of_two_refusals_that_of_the_usual_one_is_told()
    {
        Set(("AlternateClientSecret", "n3xt"));
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client", description: "This is the old one.");
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client", description: "This one is not valid yet.");

        var failure = await FailAsync();

        Assert.Equal("This is the old one.", failure.ErrorDescription);
    }

    [Fact]
    public async Task Where_the_server_takes_neither_the_refusal_of_the_usual_one_is_the_answer_and_is_remembered()
    {
        Set(("AlternateClientSecret", "n3xt"));
        Registered.Secret = "another";

        var failure = await FailAsync();
        await FailAsync();
        var status = Assert.Single(Credentials.Statuses);

        Assert.Equal((FailureReason.Refused, "invalid_client", 2), (failure.Reason, failure.Error, failure.Attempts));
        Assert.Equal(["s3cret 401", "n3xt 401"], Tried());
        Assert.Equal((ClientState.Error, false), (status.State, status.UsesAlternateSecret));
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, null)]
    [InlineData(HttpStatusCode.BadRequest, "invalid_scope")]
    [InlineData(HttpStatusCode.BadRequest, "unauthorized_client")]
    public async Task What_does_not_blame_the_secret_is_no_reason_to_try_it(HttpStatusCode status, string? error)
    {
        Set(("AlternateClientSecret", "n3xt"), ("MaxRetries", "0"));
        Endpoint.Fail(status, error: error);

        await FailAsync();

        Assert.Equal([$"s3cret {(int)status}"], Tried());
    }

    [Fact]
    public async Task A_server_that_cannot_serve_when_it_is_tried_is_asked_with_it_again()
    {
        Set(("AlternateClientSecret", "n3xt"));
        Registered.Secret = "n3xt";
        Endpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");
        Endpoint.Fail(HttpStatusCode.ServiceUnavailable);

        var call = AskAsync();
        await PassPauseAsync(0.5);
        await call;

        Assert.Equal(["s3cret 401", "n3xt 503", "n3xt 200"], Tried());
    }

    [Fact]
    public async Task What_the_server_says_to_a_client_that_it_knows_by_it_is_the_answer()
    {
        Set(("AlternateClientSecret", "n3xt"));
        Registered.Secret = "n3xt";
        Registered.Scopes = ["a"];

        var failure = await FailAsync(new() { Scopes = ["b"] });

        Assert.Equal("invalid_scope", failure.Error);
        Assert.Equal(["s3cret 401", "n3xt 400"], Tried());
    }

    [Fact]
    public async Task A_rotation_at_the_server_is_got_over_by_a_renewal_that_nobody_waits_for()
    {
        Set(("AlternateClientSecret", "n3xt"));
        var old = await AskAsync();
        Registered.Secret = "n3xt";
        Advance(3543);

        var meanwhile = AskAtOnce();
        await LandedAsync();

        Assert.Same(old, meanwhile);
        Assert.NotSame(old, AskAtOnce());
        Assert.Equal(["s3cret 200", "s3cret 401", "n3xt 200"], Tried());
        Assert.Equal((ClientState.OK, 0), (Credentials.Statuses[0].State, Credentials.Statuses[0].Failures));
    }

    [Fact]
    public async Task The_status_shows_it_and_a_warning_asks_to_finish_the_rotation()
    {
        Set(("AlternateClientSecret", "n3xt"));
        Registered.Secret = "n3xt";

        Credentials.Reject("billing", await AskAsync());
        await AskAsync();

        Assert.Equal((ClientState.OK, true), (Credentials.Statuses[0].State, Credentials.Statuses[0].UsesAlternateSecret));
        Assert.Equal(["Client 'billing' (profile 'none'): the server takes AlternateClientSecret, and not the usual secret any more; it is used from now on. Make it the usual one."], Log.Of(16));
    }

    [Fact]
    public async Task A_change_of_the_secret_in_use_is_told()
    {
        Set(("AlternateClientSecret", "n3xt"));
        List<bool> told = [];
        Credentials.StatusChanged += (_, status) => told.Add(status.UsesAlternateSecret);
        Credentials.Reject("billing", await AskAsync());
        Registered.Secret = "n3xt";

        await AskAsync();
        await AskAsync(new() { Scopes = ["b"] });
        await ToldAsync();

        Assert.Equal([false, true], told);
    }

    [Fact]
    public async Task Settings_that_finish_the_rotation_begin_with_the_usual_one_again()
    {
        Set(("AlternateClientSecret", "n3xt"));
        Registered.Secret = "n3xt";
        var kept = await AskAsync();

        Set(("ClientSecret", "n3xt"), ("AlternateClientSecret", null));
        var served = AskAtOnce();
        Credentials.Reject("billing", served);
        await AskAsync();

        Assert.Same(kept, served);
        Assert.Equal(["s3cret 401", "n3xt 200", "n3xt 200"], Tried());
        Assert.False(Credentials.Statuses[0].UsesAlternateSecret);
    }

    private IEnumerable<string> Tried() => Endpoint.Received.Select(request =>
    {
        string[] secrets = ["s3cret", "n3xt"];
        var secret = request.FormValue("client_secret") ?? secrets.First(known => Caller.Basic("billing-app", known) == request.Header("Authorization"));
        return $"{secret} {request.StatusCode}";
    });
}
