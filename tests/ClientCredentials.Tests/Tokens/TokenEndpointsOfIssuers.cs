using System.Net;
using ClientCredentials.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RichardSzalay.MockHttp;

namespace ClientCredentials.Tests.Tokens;

public class TokenEndpointsOfIssuers
{
    private const string Issuer = "https://login.example.com/tenant";
    private const string OAuth = "https://login.example.com/.well-known/oauth-authorization-server/tenant";
    private const string OpenId = "https://login.example.com/tenant/.well-known/openid-configuration";

    [Fact]
    [Trait("Scenario", "T64")]
    public async Task The_issuer_s_document_names_the_token_endpoint_and_is_read_once()
    {
        using MockHttpMessageHandler server = new();
        MockedRequest document = server.When(OAuth).Respond("application/json", Document(Issuer, "https://tokens.example.com/t"));
        MockedRequest tokens = server.When("https://tokens.example.com/t").Respond("application/json", """{ "access_token": "t", "token_type": "Bearer", "expires_in": 0 }""");
        await using ServiceProvider app = App(server);

        await app.GetRequiredService<IClientCredentials>().GetTokenAsync("billing");
        await app.GetRequiredService<IClientCredentials>().GetTokenAsync("billing");

        Assert.Equal((1, 2), (server.GetMatchCount(document), server.GetMatchCount(tokens)));
    }

    [Fact]
    [Trait("Scenario", "T64")]
    public async Task Without_one_document_the_other_is_asked_for()
    {
        using MockHttpMessageHandler server = new();
        server.When(OAuth).Respond(HttpStatusCode.NotFound);
        server.When(OpenId).Respond("application/json", Document(Issuer, "https://login.example.com/t"));
        server.When("https://login.example.com/t").Respond("application/json", """{ "access_token": "t", "token_type": "Bearer" }""");
        await using ServiceProvider app = App(server);

        AccessToken token = await app.GetRequiredService<IClientCredentials>().GetTokenAsync("billing");

        Assert.Equal("t", token.Reveal());
    }

    [Fact]
    [Trait("Scenario", "T64")]
    public async Task A_slash_at_its_end_is_part_of_the_issuer_and_not_of_the_document_s_address()
    {
        using MockHttpMessageHandler server = new();
        server.When(OAuth).Respond("application/json", Document(Issuer + "/", "https://login.example.com/t"));
        server.When("https://login.example.com/t").Respond("application/json", """{ "access_token": "t", "token_type": "Bearer" }""");
        await using ServiceProvider app = App(server, Issuer + "/");

        AccessToken token = await app.GetRequiredService<IClientCredentials>().GetTokenAsync("billing");

        Assert.Equal("t", token.Reveal());
    }

    [Theory]
    [Trait("Scenario", "T64")]
    [InlineData(Issuer + "/", "https://login.example.com/t", "names the issuer 'https://login.example.com/tenant/' and not 'https://login.example.com/tenant' (RFC 8414 §3.3); write Issuer as the server does, to the slash at its end.")]
    [InlineData("https://login.example.com/other", "https://login.example.com/t", "names the issuer 'https://login.example.com/other' and not 'https://login.example.com/tenant' (RFC 8414 §3.3).")]
    [InlineData(Issuer, "http://login.example.com/t", "leads to http://login.example.com, which is not secure.")]
    [InlineData(Issuer, "nowhere", "has no token_endpoint that is an absolute http URL.")]
    public async Task A_document_that_lies_is_refused_and_its_endpoint_not_used(string issuer, string endpoint, string problem)
    {
        using MockHttpMessageHandler server = new();
        server.When(OAuth).Respond("application/json", Document(issuer, endpoint));
        MockedRequest tokens = server.When("*/t").Respond("application/json", """{ "access_token": "t", "token_type": "Bearer" }""");
        await using ServiceProvider app = App(server);

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(
            async () => await app.GetRequiredService<IClientCredentials>().GetTokenAsync("billing"));

        Assert.Equal((FailureReason.InvalidResponse, false), (exception.Reason, exception.IsTransient));
        Assert.EndsWith(problem, exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, server.GetMatchCount(tokens));
    }

    [Theory]
    [InlineData("""["client_secret_post", "private_key_jwt"]""", "the server's metadata does not offer client_secret_basic; it offers client_secret_post, private_key_jwt.")]
    [InlineData("""["client_secret_post", "client_secret_basic"]""", null)]
    [InlineData("[]", null)]
    public async Task A_method_that_the_document_does_not_offer_is_said_and_used_all_the_same(string offered, string? said)
    {
        using MockHttpMessageHandler server = new();
        server.When(OAuth).Respond("application/json", $$"""{ "issuer": "{{Issuer}}", "token_endpoint": "https://login.example.com/t", "token_endpoint_auth_methods_supported": {{offered}} }""");
        server.When("https://login.example.com/t").Respond("application/json", """{ "access_token": "t", "token_type": "Bearer" }""");
        LogBook log = new();
        await using ServiceProvider app = App(server, log: log);

        await app.GetRequiredService<IClientCredentials>().GetTokenAsync("billing");

        Assert.Equal(said is null ? [] : [$"Client 'billing' (profile 'none'): {said}"], log.Entries.Where(entry => entry.Message.Contains("metadata", StringComparison.Ordinal)).Select(entry => entry.Message));
    }

    private static string Document(string issuer, string endpoint) => $$"""{ "issuer": "{{issuer}}", "token_endpoint": "{{endpoint}}" }""";

    private static ServiceProvider App(MockHttpMessageHandler server, string issuer = Issuer, LogBook? log = null) =>
        new ServiceCollection().AddLogging(logging => logging.AddProvider(log ?? new LogBook())).AddClientCredentials()
            .AddClient("billing", client => (client.Issuer, client.ClientId, client.ClientSecret) = (issuer, "billing-app", "s3cret"))
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => server))
            .Services.BuildServiceProvider();
}
