using System.Net;
using System.Text.RegularExpressions;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;
using RichardSzalay.MockHttp;

namespace ClientCredentials.Tests.Conventions;

/// <summary>What the README says in passing.</summary>
public class ReadmeTestsClaims
{
    [Fact]
    public async Task The_requests_on_the_wire_are_those_that_are_sent()
    {
        string[] wire = [.. Readme.Blocks("http").Select(block => block.Body)];
        using MockHttpMessageHandler server = new();
        List<string> seen = [];
        server.When("https://login.example.com/oauth2/token").Respond(request => AnswerAsync(request, wire[1].Split("\n\n")[1]));
        server.When("https://api.example.com/invoices/17").Respond(request => AnswerAsync(request, "{}"));
        await using ServiceProvider app = App(server);

        await app.GetRequiredService<IHttpClientFactory>().CreateClient("invoices").GetAsync("invoices/17");

        Assert.Equal([wire[0], wire[2]], seen);

        async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, string answer)
        {
            string head = string.Join('\n', request.Headers
                .Concat(request.Content?.Headers.Where(header => header.Key == "Content-Type") ?? [])
                .OrderBy(header => header.Key, StringComparer.Ordinal)
                .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}"));
            string body = request.Content is null ? "" : $"\n\n{await request.Content.ReadAsStringAsync()}";
            seen.Add($"{request.Method} {request.RequestUri!.PathAndQuery} HTTP/1.1\nHost: {request.RequestUri.Host}\n{head}{body}");
            return new(HttpStatusCode.OK) { Content = new StringContent(answer, null, "application/json") };
        }
    }

    [Fact]
    public async Task The_message_of_a_refusal_is_the_one_that_callers_get()
    {
        using MockHttpMessageHandler server = new();
        server.When("*").Respond(HttpStatusCode.Unauthorized, "application/json", """{ "error": "invalid_client" }""");
        await using ServiceProvider app = App(server);

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(
            () => app.GetRequiredService<IHttpClientFactory>().CreateClient("invoices").GetAsync("invoices/17"));

        Assert.Contains(exception.Message, Readme.Blocks("text").Select(block => block.Body));
    }

    [Fact]
    public async Task A_handler_of_all_HttpClients_is_outside_and_may_resolve_the_address()
    {
        await using TestAuthorizationServer server = await TestAuthorizationServer.StartAsync(options => options.AddClient("billing-app", "s3cret"));
        ServiceCollection services = new();
        services.AddHttpClient("invoices", http => http.BaseAddress = new Uri("https+http://invoices")).AddClientCredentialsHandler("billing");
        services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new Resolver(server.BaseUrl)));
        services.AddClientCredentials().AddClient("billing", client =>
        {
            (client.TokenUrl, client.ClientId, client.ClientSecret) = (server.TokenUrl, "billing-app", "s3cret");
            client.AllowedOrigins.Add(server.BaseUrl.GetLeftPart(UriPartial.Authority));
        });
        await using ServiceProvider app = services.BuildServiceProvider();

        HttpResponseMessage response = await app.GetRequiredService<IHttpClientFactory>().CreateClient("invoices").GetAsync("api/17");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public void Every_link_within_the_page_has_its_heading()
    {
        IEnumerable<string> targets = Regex.Matches(Readme.Text, @"\]\(#([^)]+)\)").Select(match => match.Groups[1].Value);
        string[] anchors = [.. Readme.Headings().Select(heading => Regex.Replace(heading.ToLowerInvariant(), "[^a-z0-9 -]", "").Replace(' ', '-'))];

        Assert.Empty(targets.Except(anchors));
    }

    [Theory]
    [InlineData("samples/Quickstart")]
    [InlineData("LICENSE")]
    [InlineData(".ci/run")]
    [InlineData("src/ClientCredentials.Testing")]
    public void Every_path_that_is_named_exists(string path)
    {
        Assert.Contains(path, Readme.Text);
        Assert.True(Path.Exists(Path.Combine(Readme.Root, path)));
    }

    private static ServiceProvider App(MockHttpMessageHandler server)
    {
        ServiceCollection services = new();
        services.AddClientCredentials()
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => server))
            .AddClient("billing", client =>
            {
                client.TokenUrl = new Uri("https://login.example.com/oauth2/token");
                (client.ClientId, client.ClientSecret) = ("billing-app", "s3cret");
                client.ApiUrl = new Uri("https://api.example.com/");
                client.Scopes.Add("invoices.read");
                client.Scopes.Add("invoices.write");
            });
        services.AddHttpClient("invoices").AddClientCredentialsHandler("billing").ConfigurePrimaryHttpMessageHandler(() => server);
        return services.BuildServiceProvider();
    }

    /// <summary>What service discovery does: a name becomes an address.</summary>
    private sealed class Resolver(Uri address) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(address, request.RequestUri!.AbsolutePath);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
