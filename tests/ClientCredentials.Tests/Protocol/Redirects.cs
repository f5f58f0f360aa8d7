using System.Net;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Protocol;

public sealed class Redirects
{
    [Theory]
    [InlineData(HttpStatusCode.MovedPermanently)]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.SeeOther)]
    [InlineData(HttpStatusCode.TemporaryRedirect)]
    [InlineData(HttpStatusCode.PermanentRedirect)]
    [Trait("Scenario", "T37")]
    public async Task A_redirect_is_not_followed_and_its_target_gets_nothing(HttpStatusCode status)
    {
        await using var server = await TestAuthorizationServer.StartAsync();
        await using var target = await TestAuthorizationServer.StartAsync();
        server.TokenEndpoint.Redirect(new Uri(target.TokenUrl + "?code=hidden"), status);
        await using var client = new OneClient(server.CreateHandler(), options => options.TokenUrl = server.TokenUrl);

        var failure = await client.FailureAsync();

        Assert.Equal((1, 0, 0), (server.TokenEndpoint.Count, target.TokenEndpoint.Count, target.Api.Count));
        Assert.Equal((FailureReason.InvalidResponse, status, false), (failure.Reason, failure.TokenEndpointStatus, failure.IsTransient));
        Assert.Equal(
            $"Client 'billing': the token endpoint {server.TokenUrl} redirects to {Origin(target)} ({(int)status}), and a redirect is not followed: " +
            "it would carry the credentials along. Set TokenUrl to the address that answers itself.",
            failure.Message);
    }

    public static TheoryData<Func<HttpMessageHandler>> Followers => new(
        () => new SocketsHttpHandler { AllowAutoRedirect = true, UseProxy = false },
        () => new HttpClientHandler { AllowAutoRedirect = true, UseProxy = false },
        () => new Passing(new Passing(new HttpClientHandler { AllowAutoRedirect = true, UseProxy = false })));

    [Theory]
    [MemberData(nameof(Followers))]
    [Trait("Scenario", "T37")]
    public async Task A_handler_of_the_app_that_follows_redirects_no_longer_does(Func<HttpMessageHandler> handler)
    {
        await using var server = await TestAuthorizationServer.StartAsync();
        await using var target = await TestAuthorizationServer.StartAsync();
        server.TokenEndpoint.Redirect(target.TokenUrl);
        await using var client = new OneClient(handler(), options => options.TokenUrl = server.TokenUrl);

        var failure = await client.FailureAsync();

        Assert.Equal((1, 0), (server.TokenEndpoint.Count, target.TokenEndpoint.Count));
        Assert.Contains($"redirects to {Origin(target)} (307)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_cannot_be_kept_from_following_is_found_out_and_its_token_not_used()
    {
        await using var client = new OneClient(new Elsewhere(), more: null);

        var failure = await client.FailureAsync();

        Assert.Equal(FailureReason.InvalidResponse, failure.Reason);
        Assert.Equal(
            "Client 'billing': the token client followed a redirect from https://login.example.com/oauth2/token to https://elsewhere.example.com, " +
            "which may have carried the credentials along. Its primary handler must not follow redirects.",
            failure.Message);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("/login?next=hidden", " to https://login.example.com")]
    [InlineData("//elsewhere.example.com/", " to https://elsewhere.example.com")]
    [InlineData("https://user:hidden@elsewhere.example.com:8443/hidden", " to https://elsewhere.example.com:8443")]
    [InlineData("https://p4ssword-p4ssword.example.com/", " to https://***.example.com")]
    [InlineData("javascript:alert(1)", "")]
    [InlineData("https://", "")]
    [InlineData("https://xn--/", " to https://xn--")]
    [InlineData("http://[::1", "")]
    public async Task Whatever_location_says_at_most_an_origin_is_shown(string? location, string shown)
    {
        await using var client = new OneClient(
            () =>
            {
                var answer = OneClient.Answer("", HttpStatusCode.Found);
                if (location is not null)
                {
                    answer.Headers.TryAddWithoutValidation("Location", location);
                }

                return answer;
            },
            options => options.ClientSecret = "p4ssword-p4ssword");

        var failure = await client.FailureAsync();

        Assert.Equal((FailureReason.InvalidResponse, false), (failure.Reason, failure.IsTransient));
        Assert.StartsWith($"Client 'billing': the token endpoint https://login.example.com/oauth2/token redirects{shown} (302), and ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", failure.ToString(), StringComparison.Ordinal);
    }

    private static string Origin(TestAuthorizationServer server) => server.BaseUrl.GetLeftPart(UriPartial.Authority);

    private sealed class Passing(HttpMessageHandler inner) : DelegatingHandler(inner);

    private sealed class Elsewhere : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri("https://elsewhere.example.com/token?code=hidden");
            var answer = OneClient.Answer(OneClient.Token);
            answer.RequestMessage = request;
            return Task.FromResult(answer);
        }
    }
}
