using System.Text;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Authentication;

public class AssertionFederated
{
    [Fact]
    public async Task A_file_is_read_for_each_fetch_and_sent_as_it_is()
    {
        await using AssertionApp app = await StartAsync();
        string path = app.File("token", "one.two.three\n");
        app.Configure(client => (client.AuthenticationMethod, client.Assertion.File) = (AuthenticationMethod.FederatedAssertion, path));
        await app.Credentials.ConnectAsync("billing");

        app.File("token", "four.five.six");
        await app.Credentials.ConnectAsync("billing");

        Assert.Equal(["one.two.three", "four.five.six"], Sent(app));
        Assert.Equal(
            ["grant_type", "client_id", "client_assertion_type", "client_assertion"],
            app.Server.TokenEndpoint.Received[0].Form.Select(field => field.Key));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    public async Task A_file_may_begin_with_the_mark_of_its_encoding(string encoding)
    {
        await using AssertionApp app = await StartAsync();
        Encoding marked = Encoding.GetEncoding(encoding);
        string path = app.File("token", [.. marked.Preamble, .. marked.GetBytes("one.two.three\r\n")]);
        app.Configure(client => (client.AuthenticationMethod, client.Assertion.File) = (AuthenticationMethod.FederatedAssertion, path));

        await app.Credentials.ConnectAsync("billing");

        Assert.Equal(["one.two.three"], Sent(app));
    }

    [Fact]
    public async Task Code_is_asked_for_each_request()
    {
        await using AssertionApp app = await StartAsync();
        int calls = 0;
        app.Configure(
            client => client.AuthenticationMethod = AuthenticationMethod.FederatedAssertion,
            builder => builder.UseAssertion("billing", _ => new($"a.b.{++calls}")));
        app.Server.TokenEndpoint.Fail(System.Net.HttpStatusCode.BadGateway);

        await app.Credentials.ConnectAsync("billing");

        Assert.Equal(["a.b.1", "a.b.2"], Sent(app));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_problem_at_start()
    {
        await using AssertionApp app = await StartAsync();
        app.Configure(client => (client.AuthenticationMethod, client.Assertion.File) = (AuthenticationMethod.FederatedAssertion, "/nowhere/token"));

        Assert.Equal(["Client 'billing': Assertion:File ('/nowhere/token') does not exist."], app.StartProblems());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    [InlineData("no jwt at all")]
    public async Task What_is_no_assertion_is_not_sent(string? given)
    {
        await using AssertionApp app = await StartAsync();
        app.Configure(
            client => (client.AuthenticationMethod, client.MaxRetries) = (AuthenticationMethod.FederatedAssertion, 0),
            builder => builder.UseAssertion("billing", _ => new(given)));

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        Assert.Equal("Client 'billing': the function given to UseAssertion gave no assertion: a JWT is one word of letters, digits, '-', '_' and '.'.", error.Message);
        Assert.True(error.IsTransient);
        Assert.Equal(0, app.Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task Code_that_fails_is_named()
    {
        await using AssertionApp app = await StartAsync();
        app.Configure(
            client => (client.AuthenticationMethod, client.MaxRetries) = (AuthenticationMethod.FederatedAssertion, 0),
            builder => builder.UseAssertion("billing", _ => throw new TimeoutException()));

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        Assert.Equal("Client 'billing': the function given to UseAssertion failed with TimeoutException.", error.Message);
    }

    private static IEnumerable<string?> Sent(AssertionApp app) => app.Server.TokenEndpoint.Received.Select(request => request.FormValue("client_assertion"));

    private static Task<AssertionApp> StartAsync() => AssertionApp.StartAsync(client => client.Authentication = ClientAuthentication.PrivateKeyJwt);
}
