using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Http;

public class OriginsOfRequests
{
    [Theory]
    [InlineData("https://api.example.com/v1/x")]
    [InlineData("https://API.Example.COM/x")]
    [InlineData("https://api.example.com:443/x")]
    [InlineData("https://api.example.com/x?q=1#part")]
    public async Task The_token_goes_to_the_origin_of_ApiUrl(string url)
    {
        await using App app = new();

        await app.Caller.GetAsync(url);

        Assert.Equal(["Bearer token-1"], app.Api.Tokens);
    }

    [Theory]
    [Trait("Scenario", "T57")]
    [InlineData("https://other.example.com/x")]
    [InlineData("https://example.com/x")]
    [InlineData("https://api.example.com.evil.example/x")]
    [InlineData("https://evil-api.example.com/x")]
    [InlineData("https://api.example.com:8443/x")]
    [InlineData("https://api.example.com./x")]
    [InlineData("http://api.example.com/x")]
    [InlineData("http://api.example.com:443/x")]
    [InlineData("https://localhost/x")]
    [InlineData("https://[::1]/x")]
    public async Task A_request_to_another_origin_fails_before_it_leaves(string url)
    {
        await using App app = new();

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync(url));

        Assert.Equal(FailureReason.OriginNotAllowed, exception.Reason);
        Assert.Equal(
            $"Client 'billing': the request to {new Uri(url).GetLeftPart(UriPartial.Authority)} was not sent: tokens may go to https://api.example.com. Add the origin to AllowedOrigins, or set ApiUrl.",
            exception.Message);
        Assert.Equal((0, 0), (app.Api.Count, app.Tokens.Count));
    }

    [Theory]
    [InlineData("https://a.my.example.com", "https://a.my.example.com/x", true)]
    [InlineData("https://a.example.com:8443", "https://a.example.com:8443/x", true)]
    [InlineData("https://a.example.com:8443", "https://a.example.com/x", false)]
    [InlineData("https://A.EXAMPLE.com", "https://a.example.com/x", true)]
    [InlineData("https://*.my.example.com", "https://a.my.example.com/x", true)]
    [InlineData("https://*.my.example.com", "https://a.b.my.example.com/x", true)]
    [InlineData("https://*.my.example.com", "https://A.MY.example.com/x", true)]
    [InlineData("https://*.my.example.com", "https://my.example.com/x", false)]
    [InlineData("https://*.my.example.com", "https://notmy.example.com/x", false)]
    [InlineData("https://*.my.example.com", "https://a.notmy.example.com/x", false)]
    [InlineData("https://*.my.example.com", "https://a.my.example.com:8443/x", false)]
    [InlineData("https://*.my.example.com", "http://a.my.example.com/x", false)]
    [InlineData("https://*.my.example.com", "https://a.my.example.com./x", false)]
    [InlineData("https://*.my.example.com", "https://a.my.example.com.evil.example/x", false)]
    [InlineData("https://*.my.example.com:8443", "https://a.my.example.com:8443/x", true)]
    [InlineData("*", "https://anything.example:8443/x", true)]
    [InlineData("*", "http://anything.example/x", false)]
    [InlineData("*", "http://localhost/x", false)]
    [InlineData("https://bücher.example.com", "https://xn--bcher-kva.example.com/x", true)]
    [InlineData("https://xn--bcher-kva.example.com", "https://bücher.example.com/x", true)]
    [InlineData("https://*.bücher.example", "https://a.xn--bcher-kva.example/x", true)]
    [InlineData("https://bücher.example.com", "https://bucher.example.com/x", false)]
    [InlineData("https://[2001:db8::1]", "https://[2001:db8:0::1]/x", true)]
    [InlineData("http://127.0.0.1:5000", "http://127.0.0.1:5000/x", true)]
    [InlineData("http://127.0.0.1:5000", "http://127.0.0.2:5000/x", false)]
    [InlineData("http://localhost:5000", "http://localhost:5001/x", false)]
    public async Task AllowedOrigins_say_where_else_it_goes(string allowed, string url, bool goes)
    {
        await using App app = new(client =>
        {
            client.ApiUrl = null;
            client.AllowedOrigins.Add(allowed);
        });

        Exception? exception = await Record.ExceptionAsync(() => app.Caller.GetAsync(url));

        Assert.Equal(goes ? 1 : 0, app.Api.Count);
        Assert.Equal(goes ? null : FailureReason.OriginNotAllowed, (exception as ClientCredentialsException)?.Reason);
    }

    [Theory]
    [InlineData("https://user:pass@api.example.com/x")]
    [InlineData("https://api.example.com@api.example.com/x")]
    public async Task User_information_in_an_address_is_refused_and_not_shown(string url)
    {
        await using App app = new();

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync(url));

        Assert.Equal(FailureReason.OriginNotAllowed, exception.Reason);
        Assert.Equal("Client 'billing': the request to https://api.example.com was not sent: its URL has user information before the host, which a request with a token must not have.", exception.Message);
        Assert.Equal((0, 0), (app.Api.Count, app.Tokens.Count));
    }

    [Fact]
    public async Task All_origins_that_are_allowed_are_named_once()
    {
        await using App app = new(client =>
        {
            client.AllowedOrigins.Add("https://files.example.com");
            client.AllowedOrigins.Add("https://api.example.com");
        });
        app.Http.ConfigureHttpClient(http => http.BaseAddress = new Uri("https://own.example.com/"));

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("https://other.example.com/x"));

        Assert.Contains(": tokens may go to https://api.example.com, https://files.example.com, https://own.example.com. Add", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_http_address_is_not_shown()
    {
        await using App app = new();

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("ftp://api.example.com/x"));

        Assert.StartsWith("Client 'billing': the request to an address that is no http URL was not sent: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_origin_is_set_a_request_fails_and_says_what_to_set()
    {
        await using App app = new(client => client.ApiUrl = null);

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("https://api.example.com/x"));

        Assert.Equal(
            "Client 'billing': the request to https://api.example.com was not sent: tokens may go to no origin, because none is set. Add the origin to AllowedOrigins, or set ApiUrl.",
            exception.Message);
    }

    [Theory]
    [InlineData("http://api.example.com/", "http://api.example.com/x")]
    [InlineData("http://10.0.0.1:8080/", "http://10.0.0.1:8080/x")]
    public async Task Http_beyond_loopback_is_used_where_AllowInsecureHttp_says_so(string apiUrl, string url)
    {
        await using App app = new(client =>
        {
            client.ApiUrl = new Uri(apiUrl);
            client.AllowInsecureHttp = true;
        });

        await app.Caller.GetAsync(url);

        Assert.Equal(["Bearer token-1"], app.Api.Tokens);
    }
}
