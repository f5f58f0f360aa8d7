using ClientCredentials.Tests.Clients;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.FrontDoor;

public class StartOfTheApp
{
    private const string Broken = """
        { "Unknown": "canary+8f31", "Clients": {
            "billing": { "TokenUrl": "http://login.example.com/#x", "ClientSecret": " canary+8f31", "MaxWait": 60, "Scopes": "a b" },
            "reports": { "TokenUrl": "https://login.example.com", "ClientId": "r", "AuthenticationMethod": "none",
                "Profiles": { "Production": { "MaxRetries": 11 }, "Staging": { "MaxRetries": 11, "Audiance": "x" }, "Test": { } } },
            "switched-off": { "Enabled": false, "Nonsense": true, "MaxWait": 60 },
            "fine": { "TokenUrl": "https://login.example.com", "ClientId": "f", "ClientSecret": "canary+8f31" } } }
        """;

    [Fact]
    public async Task All_problems_of_all_clients_and_profiles_come_in_one_list()
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(Broken, clients =>
        {
            clients.AddClient("by:code", _ => { });
            clients.Services.AddHttpClient("a").AddClientCredentialsHandler("biling");
            clients.Services.AddHttpClient("b").AddClientCredentialsHandler();
            clients.Services.AddHttpClient("c").AddClientCredentialsHandler("reports", new() { Profile = "Nowhere" });
        });

        Assert.Equal(
            [
                "ClientCredentials: 'Unknown' is not a setting; the settings here are AllowedTokenHosts, Clients, ConnectOnStart, Profile, ValidateOnStart.",
                "Client 'billing': MaxWait is not a duration; write hours, minutes and seconds as hh:mm:ss, so that one minute is '00:01:00' (.NET reads a bare number as days).",
                "Client 'billing': TokenUrl (http://login.example.com/) is http, so that what is sent there could be read on the way; use https, or set AllowInsecureHttp for a network you trust.",
                "Client 'billing': TokenUrl (http://login.example.com/) has a fragment ('#…'), which is never sent (RFC 6749 §3.2).",
                "Client 'billing': ClientId is missing; the server's operator gives it to you.",
                "Client 'billing': ClientSecret begins or ends with white space, which was probably copied with it.",
                "Client 'reports', profile 'Production': MaxRetries is 11; it must be 0 to 10.",
                "Client 'reports', profile 'Staging': MaxRetries is 11; it must be 0 to 10.",
                "Client 'reports', profile 'Staging': 'Audiance' is not a setting; perhaps 'Audience' is meant.",
                "Client 'by:code': a name must not contain ':', which separates configuration keys.",
                "AddClientCredentialsHandler: Client 'biling' is not known; the clients are 'billing', 'by:code', 'fine', 'reports', 'switched-off'. Perhaps 'billing' is meant.",
                "AddClientCredentialsHandler: No client was named, and there are several: 'billing', 'by:code', 'fine', 'reports', 'switched-off'. Name the one to use.",
                "AddClientCredentialsHandler: Client 'reports': it has no profile 'Nowhere'; it has 'Production', 'Staging', 'Test'.",
            ],
            problems.Order(Comparer<string>.Create((a, b) => Rank(a).CompareTo(Rank(b)))));
    }

    [Fact]
    public async Task A_mistake_in_the_client_s_own_settings_is_told_once_for_all_its_profiles()
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(LiveJson.Billing("""{ "MaxRetries": 11, "Profiles": { "Production": {}, "Staging": {} } }"""));

        Assert.Equal(["Client 'billing': MaxRetries is 11; it must be 0 to 10."], problems);
    }

    [Fact]
    public async Task Without_validation_on_start_the_first_use_tells()
    {
        string section = LiveJson.Billing("""{ "MaxRetries": 11, "MaxWait": "canary+8f31" }""", """{ "ValidateOnStart": false }""");
        using var host = Startup.Host(section);
        await host.StartAsync();

        ClientCredentialsException failure = await Assert.ThrowsAsync<ClientCredentialsException>(
            async () => await host.Services.GetRequiredService<IClientCredentials>().GetTokenAsync("billing"));

        Assert.Equal(FailureReason.NotConfigured, failure.Reason);
        Assert.Equal(
            "Client 'billing': MaxWait is not a duration; write hours, minutes and seconds as hh:mm:ss, so that one minute is '00:01:00' (.NET reads a bare number as days). "
            + "MaxRetries is 11; it must be 0 to 10.",
            failure.Message);
    }

    [Fact]
    public async Task An_app_without_clients_starts()
    {
        Assert.Empty(await Startup.ProblemsAsync("{}"));
    }

    [Fact]
    public async Task A_client_that_is_switched_off_is_not_validated()
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(
            """{ "Clients": { "billing": { "Enabled": false, "MaxWait": 60, "Nonsense": 1, "Profiles": { "Staging": { "TokenUrl": "ftp://x" } } } } }""",
            clients => clients.Services.AddHttpClient("a").AddClientCredentialsHandler("billing"));

        Assert.Empty(problems);
    }

    [Fact]
    public async Task A_switch_that_cannot_be_read_does_not_switch_off()
    {
        string problem = await Startup.ProblemAsync("""{ "Enabled": "flase" }""");

        Assert.Equal("Client 'billing': Enabled is neither 'true' nor 'false'.", problem);
    }

    // The order of clients and kinds is the configuration's; a test should not depend on it.
    private static int Rank(string problem) => Array.FindIndex(
        ["ClientCredentials:", "Client 'billing'", "Client 'reports', profile 'P", "Client 'reports'", "Client 'by:", "AddClientCredentialsHandler: Client 'bil", "AddClientCredentialsHandler: No", "Add"],
        start => problem.StartsWith(start, StringComparison.Ordinal));
}
