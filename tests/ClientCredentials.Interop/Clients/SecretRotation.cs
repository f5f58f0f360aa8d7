using ClientCredentials.Interop.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Interop.Clients;

/// <summary>The server gets another secret while the app runs.</summary>
public class SecretRotation(Rig rig) : InteropTests(rig)
{
    private const string Client = "rotating";
    private const string Old = "the-old-secret-0123456789";
    private const string New = "the-new-secret-0123456789";

    [InteropFact]
    public async Task The_alternate_secret_takes_over_and_stays()
    {
        await ServerTakesAsync(Old);
        App app = Start(Client, options => (options.ClientSecret, options.AlternateClientSecret) = (Old, New));
        await app.CallAsync();
        await ServerTakesAsync(New);
        await Rig.TellAsync("revoke-all");

        await app.CallAsync();
        await app.Credentials.ConnectAsync(App.Client);

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((4, 3, 1), (counts.TokenRequests, counts.Tokens, counts.Errors(Client, "invalid_client")));
        Assert.Equal((2, 1), (counts.Served, counts.Denied));
        Outcomes.Add(Client, "AlternateClientSecret", "1 token request with the old one, from then on the new one; no call lost");
    }

    [InteropFact]
    public async Task A_reloaded_secret_is_used_by_the_next_token_request()
    {
        await ServerTakesAsync(Old);
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [Key] = Old }).Build();
        App app = Start(Client, build: builder => builder.Services.AddClientCredentials(configuration));
        await app.CallAsync();
        await ServerTakesAsync(New);

        configuration[Key] = New;
        configuration.Reload();
        await app.CallAsync();
        int beforeRevocation = (await Rig.CountsAsync()).TokenRequests;
        await Rig.TellAsync("revoke-all");
        await app.CallAsync();

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((1, 2, 0), (beforeRevocation, counts.TokenRequests, counts.Errors(Client, "invalid_client")));
        Assert.Equal((3, 1), (counts.Served, counts.Denied));
        Outcomes.Add(Client, "settings reloaded", "the old token serves on, the next one is asked for with the new secret; no refusal");
    }

    [InteropFact]
    public async Task A_reload_ends_the_refusal_of_a_secret_that_no_longer_holds()
    {
        await ServerTakesAsync(New);
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [Key] = Old }).Build();
        App app = Start(Client, build: builder => builder.Services.AddClientCredentials(configuration));
        ClientCredentialsException refused = await app.FailAsync();

        configuration[Key] = New;
        configuration.Reload();
        await app.CallAsync();

        Counts counts = await Rig.CountsAsync();
        Assert.Equal(("invalid_client", 2, 1), (refused.Error, counts.TokenRequests, counts.Tokens));
        Outcomes.Add(Client, "refused, then settings reloaded", "served at once, without waiting for a probe");
    }

    [InteropFact]
    public async Task A_secret_store_is_asked_again_for_each_token()
    {
        await ServerTakesAsync(Old);
        string stored = Old;
        App app = Start(Client, options => options.ClientSecret = null, builder => builder.UseSecret(App.Client, _ => new(stored)));
        await app.CallAsync();
        await ServerTakesAsync(New);
        stored = New;
        await Rig.TellAsync("revoke-all");

        await app.CallAsync();

        Counts counts = await Rig.CountsAsync();
        Assert.Equal((2, 2), (counts.TokenRequests, counts.Tokens));
        Outcomes.Add(Client, "UseSecret", "the new secret is used by the next token request");
    }

    private static string Key => $"ClientCredentials:Clients:{App.Client}:ClientSecret";

    private Task ServerTakesAsync(string secret) => Rig.TellAsync("rotate-secret", new { client_id = Client, client_secret = secret });
}
