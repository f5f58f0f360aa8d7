using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.FrontDoor;

public class ClientsFoundByCode : OneServer
{
    private static readonly AsyncLocal<string?> OfTheCaller = new();

    [Fact]
    public async Task A_relative_address_that_has_no_base_is_said_as_what_it_is()
    {
        await using TenantsApp app = new(Server, code: clients => clients.Services.AddHttpClient("api").AddClientCredentialsHandler());
        HttpRequestMessage request = new HttpRequestMessage(HttpMethod.Get, "invoices/17").UseClientCredentials("tenant-1");

        var failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Http("api").SendAsync(request));

        Assert.Equal(
            "Client 'tenant-1': the request to nowhere was not sent: its address was relative, and the HttpClient has no BaseAddress. Give it one, or send the request to a whole URL.",
            failure.Message);
        Assert.Equal(0, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task One_that_is_found_gets_its_token_and_is_looked_up_once()
    {
        await using TenantsApp app = new(Server);

        string first = await app.TokenAsync("Tenant-1");
        string second = await app.TokenAsync("TENANT-1");

        Assert.Equal(first, second);
        Assert.Equal(["Tenant-1"], app.LookedUp);
        Assert.Equal(1, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task One_that_is_configured_is_not_looked_up()
    {
        await using TenantsApp app = new(Server, section: LiveJson.Billing($$"""{ "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "s3cret" }"""));

        await app.TokenAsync("Billing");

        Assert.Empty(app.LookedUp);
    }

    [Fact]
    public async Task Fifty_callers_share_one_look_up_and_one_token_request()
    {
        await using TenantsApp app = new(Server);
        TenantsApp.Answer answer = app.Hold();

        Task<string>[] calls = [.. Enumerable.Range(0, 50).Select(_ => app.TokenAsync())];
        await answer.Asked;
        await answer.GiveAsync(app.Tenant());

        Assert.Single((await Task.WhenAll(calls)).Distinct());
        Assert.Equal(["tenant-1"], app.LookedUp);
        Assert.Equal(1, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_caller_that_leaves_takes_nobody_else_along()
    {
        await using TenantsApp app = new(Server);
        TenantsApp.Answer answer = app.Hold();
        using CancellationTokenSource leaving = new();
        Task<AccessToken> first = app.Credentials.GetTokenAsync("tenant-1", cancellationToken: leaving.Token).AsTask();
        Task<string> second = app.TokenAsync();

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await answer.GiveAsync(app.Tenant());

        Assert.NotEmpty(await second);
        Assert.Equal(["tenant-1"], app.LookedUp);
    }

    [Fact]
    public async Task After_its_time_it_is_looked_up_anew_while_the_old_serves_on()
    {
        Server.AddClient("moved", "m0ved");
        await using TenantsApp app = new(Server);
        string old = await app.TokenAsync();
        TenantsApp.Answer answer = app.Hold();

        app.Clock.Advance(TimeSpan.FromSeconds(299));
        string kept = await app.TokenAsync();
        bool early = answer.Asked.IsCompleted;
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        string meanwhile = await app.TokenAsync();
        await answer.Asked;
        await answer.GiveAsync(app.Tenant("moved", "m0ved"));
        string renewed = await app.TokenAsync();

        Assert.False(early);
        Assert.Equal([old, old], [kept, meanwhile]);
        Assert.NotEqual(old, renewed);
        Assert.Equal(["billing", "moved"], Server.TokenEndpoint.Received.Select(request => request.ClientId));
    }

    [Fact]
    public async Task A_new_secret_is_for_the_next_token_and_the_kept_one_serves_on()
    {
        await using TenantsApp app = new(Server, options => options.KeepFor = TimeSpan.FromMinutes(1));
        string old = await app.TokenAsync();
        TenantsApp.Answer answer = app.Hold();
        Server["billing"].Secret = "another";

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.TokenAsync();
        await answer.Asked;
        await answer.GiveAsync(app.Tenant(secret: "another"));
        string kept = await app.TokenAsync();
        ConnectResult result = await app.Credentials.ConnectAsync("tenant-1");

        Assert.Equal(old, kept);
        Assert.True(result.IsOK);
    }

    [Fact]
    public async Task One_that_is_gone_is_served_no_more_and_one_that_is_back_is_served_again()
    {
        await using TenantsApp app = new(Server);
        string before = await app.TokenAsync();
        TenantsApp.Answer answer = app.Hold();
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await app.TokenAsync();
        await answer.GiveAsync(null);

        app.Find = (_, _) => new((ClientCredentialsOptions?)null);
        ClientCredentialsException gone = await app.FailureAsync();
        app.Find = (_, _) => new(app.Tenant());
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        string back = await app.TokenAsync();

        Assert.Equal("Client 'tenant-1': it is neither configured nor found by AddClientResolver.", gone.Message);
        Assert.NotEqual(before, back);
    }

    [Fact]
    public async Task One_that_is_switched_off_gets_no_token_and_nothing_is_sent()
    {
        await using TenantsApp app = new(Server);
        app.Find = (_, _) => new(new ClientCredentialsOptions { Enabled = false });

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal(FailureReason.Disabled, failure.Reason);
        Assert.Equal(0, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task It_has_kinds_of_tokens_but_no_profiles()
    {
        await using TenantsApp app = new(Server);

        string usual = await app.TokenAsync();
        string scoped = await app.TokenAsync(parameters: new() { Scopes = ["a"] });
        ClientCredentialsException failure = await app.FailureAsync(parameters: new() { Profile = "Staging" });

        Assert.NotEqual(usual, scoped);
        Assert.Equal([null, "a"], Server.TokenEndpoint.Received.Select(request => request.FormValue("scope")));
        Assert.Equal("Client 'tenant-1': it has no profile 'Staging'; a client that AddClientResolver finds has none.", failure.Message);
        Assert.Equal(["tenant-1"], app.LookedUp);
    }

    [Fact]
    public async Task A_token_that_its_api_refused_is_replaced()
    {
        await using TenantsApp app = new(Server);
        AccessToken refused = await app.Credentials.GetTokenAsync("tenant-1");

        app.Credentials.Reject("tenant-1", refused);
        app.Credentials.Reject("tenant-2", refused);

        Assert.NotEqual(refused.Reveal(), await app.TokenAsync());
        Assert.Equal(["tenant-1"], app.LookedUp);
    }

    [Fact]
    public async Task Connecting_says_how_it_is()
    {
        await using TenantsApp app = new(Server);

        ConnectResult found = await app.Credentials.ConnectAsync("tenant-1");
        app.Find = (_, _) => new((ClientCredentialsOptions?)null);
        ConnectResult lost = await app.Credentials.ConnectAsync("tenant-2");

        Assert.Equal(("tenant-1", true, 1), (found.Client, found.IsOK, found.Attempts));
        Assert.Equal((false, FailureReason.NotConfigured, "Client 'tenant-2': it is neither configured nor found by AddClientResolver."), (lost.IsOK, lost.Reason, lost.Problem));
    }

    [Fact]
    [Trait("Scenario", "T107")]
    public async Task What_the_caller_is_in_the_middle_of_is_not_seen_by_the_code_that_finds_and_the_store_of_secrets()
    {
        List<string?> seen = [];
        await using TenantsApp app = new(Server, options => options.AllowHostCredentials = true, code: clients => clients.UseSecretStore((name, _, _, _) =>
        {
            seen.Add($"{name}: {OfTheCaller.Value}");
            return new("s3cret");
        }));
        app.Find = (_, _) =>
        {
            seen.Add($"look-up: {OfTheCaller.Value}");
            ClientCredentialsOptions options = app.Tenant();
            (options.ClientSecret, options.ClientSecretName) = (null, "in-the-vault");
            return new(options);
        };

        OfTheCaller.Value = "user 1";
        await app.TokenAsync();

        Assert.Equal(["look-up: ", "in-the-vault: "], seen);
        Assert.Equal("user 1", OfTheCaller.Value);
    }
}
