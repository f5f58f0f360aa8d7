using ClientCredentials.Tests.Testing;

namespace ClientCredentials.Tests.FrontDoor;

public class NamesThatLeadNowhere : OneServer
{
    [Fact]
    public async Task One_that_was_not_found_is_not_looked_up_again_for_a_short_time()
    {
        await using TenantsApp app = Lost();
        ClientCredentialsException first = await app.FailureAsync();

        app.Clock.Advance(TimeSpan.FromSeconds(4.9));
        ClientCredentialsException again = await app.FailureAsync("TENANT-1");
        int early = app.LookedUp.Count;
        app.Clock.Advance(TimeSpan.FromSeconds(0.1));
        await app.FailureAsync();

        Assert.NotSame(first, again);
        Assert.Equal("Client 'TENANT-1': it is neither configured nor found by AddClientResolver.", again.Message);
        Assert.Equal((1, 2), (early, app.LookedUp.Count));
    }

    [Fact]
    public async Task One_that_breaks_the_rules_is_not_either()
    {
        await using TenantsApp app = new(Server);
        ClientCredentialsOptions wrong = app.Tenant();
        wrong.MaxRetries = 11;
        app.Find = (_, _) => new(wrong);

        await app.FailureAsync();
        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal("Client 'tenant-1': MaxRetries is 11; it must be 0 to 10.", failure.Message);
        Assert.Single(app.LookedUp);
    }

    [Fact]
    public async Task The_time_is_the_apps_to_say()
    {
        await using TenantsApp app = Lost(options => options.KeepMissingFor = TimeSpan.FromMinutes(1));
        await app.FailureAsync();

        app.Clock.Advance(TimeSpan.FromSeconds(59));
        await app.FailureAsync();

        Assert.Single(app.LookedUp);
    }

    [Fact]
    public async Task No_time_means_a_look_up_for_each_call()
    {
        await using TenantsApp app = Lost(options => options.KeepMissingFor = TimeSpan.Zero);

        await app.FailureAsync();
        await app.FailureAsync();

        Assert.Equal(2, app.LookedUp.Count);
    }

    [Fact]
    public async Task To_forget_it_lets_it_be_looked_up_at_once()
    {
        await using TenantsApp app = Lost();
        await app.FailureAsync();
        app.Find = (_, _) => new(app.Tenant());

        app.Credentials.Forget("Tenant-1");
        string token = await app.TokenAsync();

        Assert.NotEmpty(token);
    }

    [Fact]
    public async Task Forgotten_during_its_look_up_it_is_looked_up_again()
    {
        await using TenantsApp app = new(Server);
        TenantsApp.Answer slow = app.Hold();
        Task<ClientCredentialsException> early = app.FailureAsync();
        await slow.Asked;

        app.Credentials.Forget("tenant-1");
        await slow.GiveAsync(null);
        await early;
        app.Find = (_, _) => new(app.Tenant());
        string token = await app.TokenAsync();

        Assert.NotEmpty(token);
    }

    [Fact]
    public async Task The_names_that_are_remembered_are_bounded()
    {
        await using TenantsApp app = Lost(options => options.Limit = 3);

        for (int name = 0; name < 5; name++)
        {
            await app.FailureAsync($"nobody-{name}");
        }

        await app.FailureAsync("nobody-4");
        await app.FailureAsync("nobody-0");

        Assert.Equal(["nobody-0", "nobody-1", "nobody-2", "nobody-3", "nobody-4", "nobody-0"], app.LookedUp);
        Assert.DoesNotContain(app.Log.All, line => line.Id == 33);
    }

    private TenantsApp Lost(Action<ClientResolverOptions>? configure = null)
    {
        TenantsApp app = new(Server, configure);
        app.Find = (_, _) => new((ClientCredentialsOptions?)null);
        return app;
    }
}
