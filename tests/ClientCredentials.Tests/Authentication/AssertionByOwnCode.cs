using System.Net;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Authentication;

/// <summary>The app proves who it is in a way of its own (<c>custom</c>).</summary>
public class AssertionByOwnCode
{
    [Fact]
    public async Task It_adds_form_fields_and_headers_for_each_request_and_nothing_else_is_added()
    {
        await using AssertionApp app = await AssertionApp.StartAsync(client => client.Authentication = ClientAuthentication.Post, "s3cret-of-billing");
        int calls = 0;
        app.Configure(client => client.AuthenticationMethod = AuthenticationMethod.Custom, builder => builder.UseAuthentication("billing", (request, _) =>
        {
            request.AddFormField("client_id", request.ClientId);
            request.AddFormField("client_secret", "s3cret-of-billing");
            request.AddHeader("X-Attempt", $"{++calls}");
            return default;
        }));
        app.Server.TokenEndpoint.Fail(HttpStatusCode.ServiceUnavailable);

        await app.TokenAsync();

        Assert.Equal("grant_type=client_credentials&client_id=billing-app&client_secret=s3cret-of-billing", app.Server.TokenEndpoint.Received[1].Body);
        Assert.Equal(["1", "2"], app.Server.TokenEndpoint.Received.Select(request => request.Header("X-Attempt")));
        Assert.Null(app.Server.TokenEndpoint.Received[1].Header("Authorization"));
    }

    [Fact]
    public async Task It_may_use_the_authorization_header_and_knows_whom_and_where_it_is_for()
    {
        await using AssertionApp app = await AssertionApp.StartAsync(_ => { });
        string? seen = null;
        app.Configure(client => client.AuthenticationMethod = AuthenticationMethod.Custom, builder => builder.UseAuthentication("billing", (request, _) =>
        {
            seen = $"{request.Client}|{request.Profile}|{request.ClientId}|{request.Url}|{request.Now:u}|{request}";
            request.AddHeader("Authorization", "AWS4-HMAC-SHA256 Credential=x");
            return default;
        }));

        await app.Credentials.ConnectAsync("billing");

        Assert.Equal($"billing||billing-app|{app.Server.TokenUrl}|2026-01-01 00:00:00Z|POST {app.Server.TokenUrl}", seen);
        Assert.Equal("AWS4-HMAC-SHA256 Credential=x", app.Server.TokenEndpoint.Received[0].Header("Authorization"));
    }

    [Theory]
    [InlineData("grant_type", "x", true, "The token request has the form field 'grant_type' already, or a setting is there for it, and a field may be there once (RFC 6749 §3.2). (Parameter 'name')")]
    [InlineData("tenant", "x", true, "The token request has the form field 'tenant' already, or a setting is there for it, and a field may be there once (RFC 6749 §3.2). (Parameter 'name')")]
    [InlineData("Content-Type", "x", false, "UseAuthentication has 'Content-Type', which this package or the connection sets itself. (Parameter 'name')")]
    [InlineData("X-Proof", "a\r\nb", false, "UseAuthentication:X-Proof has a control character or one beyond ASCII, which a header cannot carry. (Parameter 'name')")]
    [InlineData("X-Fixed", "x", false, "The token request has the header 'X-Fixed' already. (Parameter 'name')")]
    public async Task It_can_change_nothing_that_is_there(string name, string value, bool isField, string message)
    {
        await using AssertionApp app = await AssertionApp.StartAsync(_ => { });
        app.Configure(client =>
        {
            client.AuthenticationMethod = AuthenticationMethod.Custom;
            client.MaxRetries = 0;
            client.TokenRequest.Form["tenant"] = "t1";
            client.TokenRequest.Headers["X-Fixed"] = "f1";
        }, builder => builder.UseAuthentication("billing", (request, _) =>
        {
            (isField ? request.AddFormField : (Action<string, string>)request.AddHeader)(name, value);
            return default;
        }));

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        Assert.Equal("Client 'billing': the function given to UseAuthentication failed with ArgumentException.", error.Message);
        Assert.Equal(message, error.InnerException!.Message);
        Assert.Equal(0, app.Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task What_it_adds_is_scrubbed_from_what_the_server_says()
    {
        await using AssertionApp app = await AssertionApp.StartAsync(_ => { });
        app.Configure(client => client.AuthenticationMethod = AuthenticationMethod.Custom, builder => builder.UseAuthentication("billing", (request, _) =>
        {
            request.AddFormField("ticket", "my ticket");
            request.AddHeader("X-Proof", "my-proof");
            return default;
        }));
        app.Server.TokenEndpoint.Fail(HttpStatusCode.BadRequest, error: "invalid_client", description: "ticket=my+ticket (my ticket), my-proof");

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        Assert.Equal("ticket=*** (***), ***", error.ErrorDescription);
    }
}
