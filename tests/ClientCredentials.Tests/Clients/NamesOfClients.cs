using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Clients;

public class NamesOfClients
{
    [Theory]
    [InlineData("c23456789012345678901234567890123456789012345678901", "a name has at most 50 characters, this one has 51")]
    [InlineData("billing:eu", "a name must not contain ':', which separates configuration keys")]
    [InlineData("billing\t1", "a name must not contain control characters")]
    [InlineData(" billing", "a name must not begin or end with white space")]
    [Trait("Scenario", "T110")]
    public async Task A_name_that_cannot_be_one_stops_the_start(string name, string expected)
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync("{}", clients => clients.AddClient(name, Fill));

        Assert.Equal([$"Client '{name}': {expected}."], problems);
    }

    [Theory]
    [InlineData("p23456789012345678901234567890123456789012345678901", "a name has at most 50 characters, this one has 51")]
    [InlineData("Staging:EU", "a name must not contain ':', which separates configuration keys")]
    [InlineData("", "a name must not be empty")]
    [Trait("Scenario", "T110")]
    public async Task The_same_goes_for_the_name_of_a_profile(string profile, string expected)
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(
            "{}",
            clients => clients.AddClient("billing", Fill).AddProfile("billing", "Production", _ => { }).AddProfile("billing", profile, _ => { }));

        Assert.Equal([$"Client 'billing', profile '{profile}': {expected}."], problems);
    }

    [Fact]
    [Trait("Scenario", "T110")]
    public async Task Without_a_start_the_first_use_tells_of_a_name_that_cannot_be_one()
    {
        await using SettingsApp app = new("{}", clients => clients.AddClient("billing:eu", Fill));

        ClientCredentialsException failure = await app.FailureAsync("billing:eu");

        Assert.Equal(FailureReason.NotConfigured, failure.Reason);
        Assert.Equal("Client 'billing:eu': a name must not contain ':', which separates configuration keys.", failure.Message);
    }

    [Fact]
    [Trait("Scenario", "T110")]
    public async Task Names_that_differ_by_case_are_one_client_with_one_token()
    {
        await using var server = await TestAuthorizationServer.StartInMemoryAsync(o => o.AddClient("billing-app", SettingsApp.Canary));
        await using SettingsApp app = new(
            LiveJson.Billing($$"""{ "TokenUrl": "{{server.TokenUrl}}" }"""),
            clients => clients.AddClient("Billing", client => client.DisplayName = "Bills"),
            server: server);

        string first = await app.TokenAsync("Billing");
        string second = await app.TokenAsync("BILLING", new TokenParameters());

        Assert.Equal(first, second);
        Assert.Equal(1, server.TokenEndpoint.Count);
        ClientStatus status = Assert.Single(app.Credentials.Statuses);
        Assert.Equal(("billing", "Bills"), (status.Client, status.DisplayName));
    }

    [Fact]
    public async Task A_name_of_fifty_characters_is_accepted()
    {
        Assert.Empty(await Startup.ProblemsAsync("{}", clients => clients.AddClient(new string('c', 50), Fill)));
    }

    private static void Fill(ClientCredentialsOptions client)
    {
        client.TokenUrl = new Uri("https://login.example.com/token");
        (client.ClientId, client.ClientSecret) = ("billing-app", SettingsApp.Canary);
    }
}
