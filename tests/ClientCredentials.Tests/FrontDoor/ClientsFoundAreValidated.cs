using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.FrontDoor;

public class ClientsFoundAreValidated : OneServer
{
    [Theory]
    [InlineData("https://evil.example.net/token", "TokenUrl is at https://evil.example.net, which is not among AllowedTokenHosts.")]
    [InlineData("https://login.example.com.evil.net/token", "TokenUrl is at https://login.example.com.evil.net, which is not among AllowedTokenHosts.")]
    [InlineData("https://login.example.com:8443/token", "TokenUrl is at https://login.example.com:8443, which is not among AllowedTokenHosts.")]
    [InlineData("https://example.org/token", "TokenUrl is at https://example.org, which is not among AllowedTokenHosts.")]
    [InlineData("https://169.254.169.254/latest", "TokenUrl is at https://169.254.169.254, which is not among AllowedTokenHosts.")]
    [InlineData("https://login.example.com@10.0.0.1/token", "TokenUrl (https://10.0.0.1/token) has user information before the host; id and secret have settings of their own. TokenUrl is at https://10.0.0.1, which is not among AllowedTokenHosts.")]
    [InlineData("http://login.example.com/token", "TokenUrl (http://login.example.com/token) is http, so that what is sent there could be read on the way; use https, or set AllowInsecureHttp for a network you trust. TokenUrl is at http://login.example.com, which is not among AllowedTokenHosts.")]
    [InlineData("file:///etc/passwd", "TokenUrl is not an absolute https URL.")]
    public async Task A_token_url_elsewhere_than_the_app_allows_is_refused(string tokenUrl, string problem)
    {
        await using TenantsApp app = Allowing("https://login.example.com", "https://*.example.org");
        app.Find = (_, _) => new(At(tokenUrl));

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal((FailureReason.NotConfigured, $"Client 'tenant-1': {problem}"), (failure.Reason, failure.Message));
    }

    [Theory]
    [InlineData("https://login.example.com/oauth2/token")]
    [InlineData("https://eu.login.example.org/oauth2/token")]
    public async Task A_token_url_where_the_app_allows_it_is_asked(string tokenUrl)
    {
        await using TenantsApp app = Allowing("https://login.example.com", "https://*.example.org");
        app.Find = (_, _) => new(At(tokenUrl));

        await app.TokenAsync();

        Assert.Equal(1, Server.TokenEndpoint.Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task An_issuer_is_not_asked_where_the_token_url_is(string? tokenUrl)
    {
        await using TenantsApp app = Allowing("https://login.example.com");
        // As an empty column of a database comes out.
        Uri? empty = tokenUrl is null ? null : new(tokenUrl, UriKind.RelativeOrAbsolute);
        app.Find = (_, _) => new(new ClientCredentialsOptions { TokenUrl = empty, Issuer = Server.Issuer, ClientId = "billing", ClientSecret = "s3cret" });

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal("Client 'tenant-1': TokenUrl is missing; that of a client found by AddClientResolver is not looked up by its Issuer.", failure.Message);
        Assert.Equal((0, 0), (Server.Metadata.Count, Server.TokenEndpoint.Count));
    }

    [Fact]
    public async Task Every_https_origin_is_still_no_http()
    {
        await using TenantsApp app = Allowing("*");
        app.Find = (_, _) => new(new ClientCredentialsOptions { TokenUrl = new("http://intranet/token"), ClientId = "a", ClientSecret = "b", AllowInsecureHttp = true });

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal("Client 'tenant-1': TokenUrl is at http://intranet, which is not among AllowedTokenHosts.", failure.Message);
    }

    [Fact]
    public async Task Configuration_allows_more()
    {
        await using TenantsApp app = new(Server, options => options.AllowedTokenHosts.Clear(), """{ "AllowedTokenHosts": [ "https://login.example.com" ] }""");
        app.Find = (_, _) => new(At("https://login.example.com/oauth2/token"));

        await app.TokenAsync();

        Assert.Equal(1, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once_and_no_secret()
    {
        await using TenantsApp app = new(Server);
        app.Find = (_, _) => new(new ClientCredentialsOptions { TokenUrl = Server.TokenUrl, ClientSecret = " canary", MaxRetries = 11 });

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal(
            "Client 'tenant-1': ClientId is missing; the server's operator gives it to you. "
            + "ClientSecret begins or ends with white space, which was probably copied with it. MaxRetries is 11; it must be 0 to 10.",
            failure.Message);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task What_the_resolver_may_do_is_validated_at_start()
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync("""{ "AllowedTokenHosts": [ "https://a/b" ] }""", clients => clients.AddClientResolver((_, _, _) => new((ClientCredentialsOptions?)null), options =>
        {
            options.KeepFor = TimeSpan.FromSeconds(0.9);
            options.KeepMissingFor = TimeSpan.FromMinutes(61);
            options.MaxWait = TimeSpan.FromMinutes(11);
            options.Limit = 0;
            options.AllowedTokenHosts.Add("https://*");
        }));

        Assert.Equal(
            [
                "ClientCredentials: AllowedTokenHosts has a value that has a path, and a path is not part of an origin: a token that may go to a host may go to all of it.",
                "AddClientResolver: KeepFor is 00:00:00.9000000; it must be 00:00:01 to 1.00:00:00.",
                "AddClientResolver: KeepMissingFor is 01:01:00; it must be 00:00:00 to 01:00:00.",
                "AddClientResolver: MaxWait is 00:11:00; it must be 00:00:00.1 to 00:10:00.",
                "AddClientResolver: Limit is 0; it must be 1 to 1000000.",
                "AddClientResolver: AllowedTokenHosts has a value that is not an origin; write https://host, https://host:port, https://*.example.com, or * for every https origin.",
                "AddClientResolver: no token endpoint is allowed; name the origins in AllowedTokenHosts ('*' stands for every https origin).",
            ],
            problems);
    }

    [Fact]
    public async Task A_handler_may_leave_the_client_to_each_request_where_code_finds_clients()
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync("{}", clients =>
        {
            clients.AddClientResolver((_, _, _) => new((ClientCredentialsOptions?)null), options => options.AllowedTokenHosts.Add("*"));
            clients.Services.AddHttpClient("api").AddClientCredentialsHandler();
        });

        Assert.Empty(problems);
    }

    private TenantsApp Allowing(params string[] hosts) => new(Server, options =>
    {
        options.AllowedTokenHosts.Clear();
        foreach (string host in hosts)
        {
            options.AllowedTokenHosts.Add(host);
        }
    });

    private static ClientCredentialsOptions At(string tokenUrl) => new() { TokenUrl = new(tokenUrl), ClientId = "billing", ClientSecret = "s3cret" };
}
