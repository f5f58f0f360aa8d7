using System.Net;
using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;
using ClientCredentials.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Telemetry;

public class Metrics : OneServer
{
    [Fact]
    [Trait("Scenario", "T73")]
    public async Task A_fetch_tells_how_long_it_and_those_who_waited_took_and_how_long_the_token_lives()
    {
        await using SettingsApp app = App();
        using Ears ears = new(app);
        Server.TokenEndpoint.Delay = TimeSpan.FromSeconds(3);

        Task<string>[] calls = [app.TokenAsync(), app.TokenAsync()];
        await Clock.WaitForTimersAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(3));
        Clock.Advance(TimeSpan.FromSeconds(3));
        await Task.WhenAll(calls);

        Assert.Equal(
            [
                "clock.skew 0 client=billing profile=Live",
                "flight.duration 3 client=billing profile=Live flight=first",
                "token.lifetime 3600 client=billing profile=Live",
                "token_requests 1 client=billing profile=Live flight=first",
                "wait.duration 3 client=billing profile=Live flight=first",
                "wait.duration 3 client=billing profile=Live flight=first",
            ],
            ears.All.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task That_somebody_listens_makes_no_further_request_where_the_server_fails()
    {
        await using SettingsApp app = App(", \"MaxRetries\": 0");
        using Ears ears = new(app);
        Server.TokenEndpoint.Fail(HttpStatusCode.ServiceUnavailable, times: 10);

        await app.FailureAsync();

        Assert.Equal(1, Server.TokenEndpoint.Count);
        Assert.Single(ears.Of("wait.duration"));
    }

    [Fact]
    public async Task Each_reason_for_a_fetch_has_its_name()
    {
        await using SettingsApp app = App();
        using Ears ears = new(app);

        AccessToken first = await app.Credentials.GetTokenAsync("billing");
        app.Credentials.Reject("billing", first);
        await app.TokenAsync();
        app.Clock.Advance(TimeSpan.FromHours(1));
        await app.TokenAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(59.5));
        await app.TokenAsync();
        await ears.HearAsync("token_requests", "1 client=billing profile=Live flight=ahead", times: 1);
        await app.Credentials.ConnectAsync("billing");
        app.Clock.Advance(TimeSpan.FromHours(1));
        Server.TokenEndpoint.Fail(HttpStatusCode.Unauthorized, error: "invalid_client");
        await app.FailureAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(7));
        await app.TokenAsync();

        Assert.Equal(
            ["flight=first", "flight=rejected", "flight=expired", "flight=ahead", "flight=connect", "flight=expired error.type=invalid_client", "flight=probe"],
            ears.Of("token_requests").Select(line => line.Replace("1 client=billing profile=Live ", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_renewal_ahead_of_time_tells_how_much_time_was_left()
    {
        await using SettingsApp app = App();
        using Ears ears = new(app);
        await app.TokenAsync();

        app.Clock.Advance(TimeSpan.FromMinutes(59.5));
        await app.TokenAsync();
        await ears.HearAsync("refresh.ahead", "25 client=billing profile=Live", times: 1);

        Assert.Equal(["25 client=billing profile=Live"], ears.Of("refresh.ahead"));
    }

    [Fact]
    public async Task A_server_that_refuses_and_takes_back_is_two_changes()
    {
        await using SettingsApp app = App();
        using Ears ears = new(app);
        Server.TokenEndpoint.Fail(HttpStatusCode.Unauthorized, times: 2, error: "invalid_client");

        await app.FailureAsync();
        await app.FailureAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(7));
        await app.FailureAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(13));
        await app.TokenAsync();

        Assert.Equal(["1 client=billing profile=Live standing=refused", "1 client=billing profile=Live standing=well"], ears.Of("standing.changes"));
        Assert.Equal(
            ["flight=first error.type=invalid_client", "flight=probe error.type=invalid_client", "flight=probe"],
            ears.Of("token_requests").Select(line => line.Replace("1 client=billing profile=Live ", "", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("something-of-its-own", "Refused")]
    [InlineData("invalid_scope", "invalid_scope")]
    public async Task An_error_that_only_this_server_knows_makes_no_series(string error, string label)
    {
        await using SettingsApp app = App();
        using Ears ears = new(app);
        Server.TokenEndpoint.Fail(HttpStatusCode.BadRequest, error: error);

        await app.FailureAsync();

        Assert.Equal([$"0 client=billing profile=Live flight=first error.type={label}"], ears.Of("flight.duration"));
        Assert.Empty(ears.Of("token.lifetime"));
    }

    [Fact]
    public async Task Tokens_that_an_api_refuses_are_counted_the_braked_ones_apart()
    {
        await using SettingsApp app = App();
        using Ears ears = new(app);

        for (int time = 0; time < 2; time++)
        {
            app.Credentials.Reject("billing", await app.Credentials.GetTokenAsync("billing"));
        }

        Assert.Equal(["1 client=billing profile=Live braked=False", "1 client=billing profile=Live braked=True"], ears.Of("rejections"));
    }

    [Theory]
    [Trait("Scenario", "T69")]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.Unauthorized)]
    public async Task The_server_s_clock_is_told(HttpStatusCode status)
    {
        await using SettingsApp app = App();
        using Ears ears = new(app);
        string body = status == HttpStatusCode.OK ? """{"access_token":"a","token_type":"Bearer"}""" : """{"error":"invalid_client"}""";
        Server.TokenEndpoint.Answer(status, body, headers: ("Date", (app.Clock.GetUtcNow() - TimeSpan.FromMinutes(10)).ToString("R")));

        await app.Credentials.ConnectAsync("billing");

        Assert.Equal(["-600 client=billing profile=Live"], ears.Of("clock.skew"));
    }

    [Fact]
    public async Task Kinds_of_tokens_come_and_go()
    {
        await using SettingsApp app = App();
        using Ears ears = new(app);
        TokenSources sources = app.Services.GetRequiredService<TokenSources>();

        for (int number = 0; number <= TokenSources.Limit; number++)
        {
            sources.Source("billing", new TokenParameters { Audience = $"a{number}" });
        }

        await ears.HearAsync("sources", "-1 client=billing", TokenSources.Limit / 20);
        Assert.Equal(TokenSources.Limit + 1, ears.Of("sources").Count(line => line == "1 client=billing"));
        Assert.Equal(TokenSources.Limit / 20, ears.Of("sources").Count(line => line == "-1 client=billing"));
    }

    [Fact]
    public async Task A_request_from_memory_is_not_measured()
    {
        await using SettingsApp app = App();
        await app.Http("api").GetAsync("a");
        using Ears ears = new(app);

        await app.Http("api").GetAsync("b");
        app.Http("api").Send(new HttpRequestMessage(HttpMethod.Get, "c"));
        await app.TokenAsync();

        Assert.Empty(ears.All);
        Assert.Equal(3, Server.Api.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_from_memory_allocates_nothing_whether_anybody_listens_or_not(bool listens)
    {
        await using SettingsApp app = App();
        await app.TokenAsync();
        using Ears? ears = listens ? new(app) : null;
        IClientCredentials credentials = app.Credentials;
        async Task<long> BytesAsync(int times)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int time = 0; time < times; time++)
            {
                await credentials.GetTokenAsync("billing");
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        await BytesAsync(100);
        long bytes = await BytesAsync(1000);

        Assert.Equal(0, bytes);
    }

    [Fact]
    public async Task Tenants_share_one_series()
    {
        await using SettingsApp app = new(
            "{}",
            clients => clients.AddClientResolver(
                (_, _, _) => new(new ClientCredentialsOptions { TokenUrl = Server.TokenUrl, ClientId = "billing", ClientSecret = "s3cret" }),
                options => options.AllowedTokenHosts.Add(Server.BaseUrl.GetLeftPart(UriPartial.Authority))),
            server: Server);
        using Ears ears = new(app);

        await app.TokenAsync("tenant-1");
        await app.TokenAsync("tenant-2");

        Assert.Equal(["1 client=(resolved) flight=first", "1 client=(resolved) flight=first"], ears.Of("token_requests"));
        Assert.DoesNotContain(ears.All, line => line.Contains("tenant", StringComparison.Ordinal));
    }

    private SettingsApp App(string more = "") => new(
        $$"""
        { "Clients": { "billing": { "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "s3cret", "ApiUrl": "{{Server.ApiUrl}}", "Profile": "Live", "Profiles": { "Live": {} }{{more}} } } }
        """,
        clients =>
        {
            clients.Services.AddSingleton(new Jitter(() => 0.5));
            clients.Services.AddHttpClient("api").AddClientCredentialsHandler("billing").ConfigurePrimaryHttpMessageHandler(() => new BothWays(Server.CreateHandler()));
        },
        server: Server);

    private sealed class BothWays(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            base.SendAsync(request, cancellationToken).GetAwaiter().GetResult();
    }
}
