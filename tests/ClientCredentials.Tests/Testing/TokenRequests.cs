using System.Net;
using System.Net.Http.Json;

namespace ClientCredentials.Tests.Testing;

public sealed class TokenRequests : OneServer
{
    [Fact]
    public async Task Only_post_is_taken()
    {
        var response = await Caller.Http.GetAsync(Server.TokenUrl);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task A_json_body_is_an_invalid_request()
    {
        var response = await Caller.Http.PostAsJsonAsync(Server.TokenUrl, new { grant_type = "client_credentials" });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_request", await Caller.ErrorAsync(response));
    }

    [Theory]
    [InlineData("&scope=a&scope=b", "The parameter 'scope' is repeated.")]
    [InlineData("&x=1&x=1", "The parameter 'x' is repeated.")]
    [InlineData("&x=%zz", "The form is malformed.")]
    [InlineData("&x=%2", "The form is malformed.")]
    [InlineData("&x=%ff", "The form is malformed.")]
    public async Task A_broken_form_is_an_invalid_request(string more, string description)
    {
        var response = await Caller.AskAsync(more: more);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_request", await Caller.ErrorAsync(response));
        Assert.Equal(description, (await Caller.JsonAsync(response)).GetProperty("error_description").GetString());
    }

    [Fact]
    public async Task Resource_and_audience_may_be_repeated()
    {
        var response = await Caller.AskAsync(more: "&resource=https%3A%2F%2Fa&resource=https%3A%2F%2Fb&audience=x&audience=y");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["https://a", "https://b"], Server.TokenEndpoint.Received[0].Form.Where(p => p.Key == "resource").Select(p => p.Value));
    }

    [Fact]
    public async Task A_secret_in_the_query_is_an_invalid_request()
    {
        var response = await Caller.PostAsync("grant_type=client_credentials", query: "?client_id=billing&client_secret=s3cret");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("grant_type=password", "unsupported_grant_type")]
    [InlineData("grant_type=", "invalid_request")]
    [InlineData("", "invalid_request")]
    public async Task Another_grant_type_is_refused(string form, string error)
    {
        var response = await Caller.PostAsync(form, Caller.Basic("billing", "s3cret"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(error, await Caller.ErrorAsync(response));
    }

    [Fact]
    public async Task A_client_can_be_told_to_take_another_grant_type()
    {
        Server["billing"].GrantTypes = ["account_credentials"];

        var response = await Caller.PostAsync("grant_type=account_credentials&account_id=1", Caller.Basic("billing", "s3cret"), "?p=1");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_disabled_client_is_unauthorized()
    {
        Server["billing"].IsEnabled = false;

        var response = await Caller.AskAsync();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("unauthorized_client", await Caller.ErrorAsync(response));
    }

    [Theory]
    [InlineData("&scope=a", 200)]
    [InlineData("&scope=b+a", 200)]
    [InlineData("&scope=", 200)]
    [InlineData("&scope=c", 400)]
    [InlineData("&scope=a++b", 400)]
    [InlineData("&scope=%22", 400)]
    public async Task Only_well_formed_scopes_of_the_client_are_granted(string more, int status)
    {
        Server["billing"].Scopes = ["a", "b"];

        var response = await Caller.AskAsync(more: more);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task An_unknown_scope_is_an_invalid_scope()
    {
        Server["billing"].Scopes = ["a"];

        var response = await Caller.AskAsync(more: "&scope=a+c");

        Assert.Equal("invalid_scope", await Caller.ErrorAsync(response));
        Assert.Equal("The scope 'c' is not allowed for this client.", (await Caller.JsonAsync(response)).GetProperty("error_description").GetString());
    }
}
