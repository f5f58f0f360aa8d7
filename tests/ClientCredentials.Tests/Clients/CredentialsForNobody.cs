using System.Security.Cryptography;

namespace ClientCredentials.Tests.Clients;

/// <summary>Code that hands a credential to a client or profile that is not there: most likely a slip of the pen, and said at start.</summary>
public class CredentialsForNobody
{
    private static readonly string Billing = LiveJson.Billing("""{ "TokenUrl": "https://login.example.com/t", "ClientId": "billing-app", "ClientSecret": "x" }""");

    [Fact]
    public async Task A_client_that_is_not_there_is_named_with_the_nearest_that_is()
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(Billing, clients => clients.UseSecret("biling", _ => new(SettingsApp.Canary)));

        Assert.Equal(["UseSecret: Client 'biling' is not known; the clients are 'billing'. Perhaps 'billing' is meant."], problems);
    }

    [Fact]
    public async Task So_is_one_for_a_key()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        IReadOnlyList<string> problems = await Startup.ProblemsAsync(Billing, clients => clients.UseKey("ledger", key));

        Assert.StartsWith("UseKey: Client 'ledger' is not known;", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_is_not_there_may_be_there_on_another_machine()
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(Billing, clients => clients.UseSecret("billing", "Production", _ => new(SettingsApp.Canary)));

        Assert.Empty(problems);
    }

    [Fact]
    public async Task Where_code_finds_clients_nobody_can_know_yet()
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(Billing, clients => clients
            .UseSecret("tenant-7", _ => new(SettingsApp.Canary))
            .AddClientResolver((_, _, _) => new((ClientCredentialsOptions?)null), options => options.AllowedTokenHosts.Add("https://login.example.com")));

        Assert.Empty(problems);
    }
}
