using System.Net;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Testing;

public sealed class TokenEndpointAuthentication : OneServer
{
    private const string Grant = "grant_type=client_credentials";

    [Theory]
    [InlineData("my client:1", "p@ss:w/ö rd+%", "Basic bXkrY2xpZW50JTNBMTpwJTQwc3MlM0F3JTJGJUMzJUI2K3JkJTJCJTI1")]
    [InlineData("1PpG/Q 1", "z/tZ9VwFZqApmIQ+ZH1I5pLk/uB4ud:X2/8bL+wfFTt1rFw=", "Basic MVBwRyUyRlErMTp6JTJGdFo5VndGWnFBcG1JUSUyQlpIMUk1cExrJTJGdUI0dWQlM0FYMiUyRjhiTCUyQndmRlR0MXJGdyUzRA==")]
    public async Task Basic_credentials_are_form_decoded(string id, string secret, string header)
    {
        Server.AddClient(id, secret);

        var response = await Caller.PostAsync(Grant, header);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Basic_credentials_that_are_not_encoded_fail_where_they_are_decoded()
    {
        Server.AddClient("app", "a+b");

        var response = await Caller.PostAsync(Grant, Caller.Basic("app", "a+b"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_raw_client_takes_basic_credentials_as_they_are()
    {
        Server.AddClient("my+app", "a+b%", client => client.RawBasic = true);

        var raw = await Caller.PostAsync(Grant, Caller.Basic("my+app", "a+b%"));
        var encoded = await Caller.PostAsync(Grant, Caller.Basic("my%2Bapp", "a%2Bb%25"));

        Assert.Equal(HttpStatusCode.OK, raw.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, encoded.StatusCode);
    }

    [Fact]
    public async Task Credentials_in_the_form_are_decoded()
    {
        Server.AddClient("my client:1", "p@ss:w/ö rd+%");

        var response = await Caller.PostAsync("grant_type=client_credentials&client_id=my+client%3A1&client_secret=p%40ss%3Aw%2F%C3%B6+rd%2B%25");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(ClientAuthentication.Any, 200, 200, 401)]
    [InlineData(ClientAuthentication.Basic, 200, 401, 401)]
    [InlineData(ClientAuthentication.Post, 401, 200, 401)]
    [InlineData(ClientAuthentication.None, 401, 401, 200)]
    public async Task A_client_must_authenticate_in_the_way_it_is_registered_for(ClientAuthentication registered, int basic, int post, int none)
    {
        Server["billing"].Authentication = registered;

        var byBasic = await Caller.PostAsync(Grant, Caller.Basic("billing", "s3cret"));
        var byPost = await Caller.AskAsync();
        var byNone = await Caller.PostAsync(Grant + "&client_id=billing");

        Assert.Equal([basic, post, none], [(int)byBasic.StatusCode, (int)byPost.StatusCode, (int)byNone.StatusCode]);
    }

    [Theory]
    [InlineData("&client_secret=s3cret")]
    [InlineData("&client_id=billing&client_secret=s3cret")]
    [InlineData("&client_assertion=a.b.c")]
    [InlineData("&client_id=other")]
    public async Task Two_methods_at_once_are_an_invalid_request(string more)
    {
        var response = await Caller.PostAsync(Grant + more, Caller.Basic("billing", "s3cret"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_request", await Caller.ErrorAsync(response));
    }

    [Fact]
    public async Task The_same_client_id_beside_basic_is_no_second_method()
    {
        var response = await Caller.PostAsync(Grant + "&client_id=billing", Caller.Basic("billing", "s3cret"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("Basic bm90LWEtcGFpcg==")]
    [InlineData("Basic !!!")]
    [InlineData("Basic YmlsbGluZzolenA=")]
    [InlineData("Bearer s3cret")]
    [InlineData("Basic YmlsbGluZzp3cm9uZw==")]
    public async Task A_wrong_header_is_refused_with_a_challenge(string header)
    {
        var response = await Caller.PostAsync(Grant, header);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Basic realm=\"token\", charset=\"UTF-8\"", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("invalid_client", await Caller.ErrorAsync(response));
    }

    [Theory]
    [InlineData("billing", "wrong")]
    [InlineData("billing", "s3cret2")]
    [InlineData("Billing", "s3cret")]
    [InlineData("nobody", "s3cret")]
    public async Task A_wrong_secret_in_the_form_is_refused_without_a_challenge(string id, string secret)
    {
        var response = await Caller.AskAsync(id, secret);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(response.Headers.WwwAuthenticate);
        Assert.Equal("invalid_client", await Caller.ErrorAsync(response));
    }

    [Fact]
    public async Task A_secret_can_be_changed_while_the_server_runs()
    {
        Server["billing"].Secret = "new";

        var old = await Caller.AskAsync(secret: "s3cret");
        var changed = await Caller.AskAsync(secret: "new");

        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Fact]
    public async Task Alternate_secrets_are_accepted_beside_the_first()
    {
        Server["billing"].AlternateSecrets = ["next", "after"];

        var answers = new[] { await Caller.AskAsync(secret: "s3cret"), await Caller.AskAsync(secret: "next"), await Caller.AskAsync(secret: "after") };

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Fact]
    public void An_unknown_client_is_an_error_that_names_those_there_are()
    {
        Server.AddClient("other");

        var error = Assert.Throws<KeyNotFoundException>(() => Server["biling"]);

        Assert.Equal("Client 'biling' is not registered at this server; registered: 'billing', 'other'.", error.Message);
    }
}
