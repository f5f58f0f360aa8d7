using ClientCredentials.Clients;
using ClientCredentials.Tests.Clients;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClientCredentials.Tests.FrontDoor;

public class Registration
{
    [Fact]
    public async Task A_bare_service_collection_without_configuration_or_host_is_enough()
    {
        ServiceCollection services = new();
        services.AddClientCredentials().AddClient("billing", Fill);
        await using ServiceProvider app = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        var settings = app.GetRequiredService<ClientSettings>();

        Assert.Equal(["billing"], settings.Clients);
        Assert.Empty(settings.Problems());
    }

    [Fact]
    public async Task Without_anything_at_all_the_first_use_says_what_to_add()
    {
        ServiceCollection services = new();
        services.AddClientCredentials();
        await using ServiceProvider app = services.BuildServiceProvider();

        ClientCredentialsException failure = await Assert.ThrowsAsync<ClientCredentialsException>(
            async () => await app.GetRequiredService<IClientCredentials>().GetTokenAsync("billing"));

        Assert.Equal("Client 'billing' is not known; no client is configured. Add it below ClientCredentials:Clients, or call AddClient.", failure.Message);
        Assert.Empty(app.GetRequiredService<IClientCredentials>().Statuses);
    }

    [Fact]
    public async Task A_host_brings_its_configuration_and_its_environment()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Staging" });
        builder.Configuration.AddInMemoryCollection(Pairs("ClientCredentials:", "billing", "Profiles:Staging:ClientId", "Profiles:Production:ClientId"));
        builder.Services.AddClientCredentials();
        using IHost host = builder.Build();

        await host.StartAsync();

        LiveSettings live = host.Services.GetRequiredService<ClientSettings>().Get("billing", null).Settings!;
        Assert.Equal(("Staging", "billing-staging"), (live.Profile, live.Current!.Options.ClientId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_section_or_a_whole_configuration_goes_instead_of_the_host_s(bool isWhole)
    {
        IConfigurationRoot own = new ConfigurationBuilder().AddInMemoryCollection(Pairs("ClientCredentials:", "reports")).Build();
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(Pairs("ClientCredentials:", "billing")).Build());
        services.AddClientCredentials(isWhole ? own : own.GetSection("ClientCredentials"));
        await using ServiceProvider app = services.BuildServiceProvider();

        var settings = app.GetRequiredService<ClientSettings>();

        Assert.Equal(["reports"], settings.Clients);
        Assert.Empty(settings.Problems());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Called_twice_with_sections_in_any_order_both_count(bool isReversed)
    {
        IConfigurationSection[] sections = [Section("billing"), Section("reports")];
        ServiceCollection services = new();
        services.AddClientCredentials();
        foreach (IConfigurationSection section in isReversed ? sections.Reverse() : sections)
        {
            services.AddClientCredentials(section);
        }

        services.AddClientCredentials();
        await using ServiceProvider app = services.BuildServiceProvider();

        var settings = app.GetRequiredService<ClientSettings>();

        Assert.Equal(["billing", "reports"], settings.Clients.Order(StringComparer.Ordinal));
        Assert.Empty(settings.Problems());
    }

    [Fact]
    public async Task Of_two_sections_with_the_same_client_the_later_lies_over_the_earlier()
    {
        ServiceCollection services = new();
        services.AddClientCredentials(Section("billing", ("Audience", "a"), ("Scopes:0", "a"), ("Scopes:1", "b"), ("MaxWait", "60")));
        services.AddClientCredentials(Section("billing", ("Audience", "b"), ("Scopes:0", "c"), ("MaxWait", "60")));
        services.AddClientCredentials().AddClient("billing", client => client.Category = "c");
        await using ServiceProvider app = services.BuildServiceProvider();

        var (options, _) = app.GetRequiredService<ClientLayers>().Build("billing", null, isActive: true);

        Assert.Equal(("b", "c"), (options.Audience, options.Category));
        Assert.Equal(["c"], options.Scopes);
        Assert.StartsWith("Client 'billing': MaxWait is not a duration", Assert.Single(app.GetRequiredService<ClientSettings>().Problems()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_host_s_section_and_another_both_count_where_both_are_asked_for(bool isHostLast)
    {
        ServiceCollection services = new();
        Dictionary<string, string?> host = new(Pairs("ClientCredentials:", "billing").Concat(Pairs("ClientCredentials:", "ledger")));
        host["ClientCredentials:Clients:billing:Audience"] = "of the host";
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(host).Build());
        if (!isHostLast)
        {
            services.AddClientCredentials();
        }

        services.AddClientCredentials(Section("billing", ("Audience", "of the section"))).AddClient("billing", client => client.Category = "c");
        services.AddClientCredentials(Section("reports"));
        services.AddHttpClient("api").AddClientCredentialsHandler("billing");
        if (isHostLast)
        {
            services.AddClientCredentials();
        }

        services.AddClientCredentials();
        await using ServiceProvider app = services.BuildServiceProvider();

        var (options, _) = app.GetRequiredService<ClientLayers>().Build("billing", null, isActive: true);

        Assert.Equal((isHostLast ? "of the host" : "of the section", "c"), (options.Audience, options.Category));
        Assert.Equal(["billing", "ledger", "reports"], app.GetRequiredService<ClientSettings>().Clients.Order(StringComparer.Ordinal));
        Assert.Empty(app.GetRequiredService<ClientSettings>().Problems());
    }

    [Fact]
    public async Task A_handler_alone_does_not_ask_for_the_host_s_section()
    {
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(Pairs("ClientCredentials:", "billing")).Build());
        services.AddHttpClient("api").AddClientCredentialsHandler("reports");
        services.AddClientCredentials(Section("reports"));
        await using ServiceProvider app = services.BuildServiceProvider();

        Assert.Equal(["reports"], app.GetRequiredService<ClientSettings>().Clients);
    }

    [Fact]
    public async Task The_same_section_twice_tells_a_problem_once()
    {
        IConfigurationSection section = Section("billing");
        section["Nonsense"] = "x";
        ServiceCollection services = new();
        services.AddClientCredentials(section);
        services.AddClientCredentials(section);
        await using ServiceProvider app = services.BuildServiceProvider();

        Assert.Equal(["billing"], app.GetRequiredService<ClientSettings>().Clients);
        Assert.StartsWith("ClientCredentials: 'Nonsense' is not a setting", Assert.Single(app.GetRequiredService<ClientSettings>().Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_sections_the_later_decides_whether_the_start_validates()
    {
        IConfigurationSection first = Section("billing");
        IConfigurationSection second = Section("reports");
        (first["ValidateOnStart"], second["ValidateOnStart"]) = ("false", "true");
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddClientCredentials(first);
        builder.Services.AddClientCredentials(second).AddClient("broken", _ => { });
        using IHost host = builder.Build();

        var failure = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("Client 'broken': ClientId is missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Called_twice_there_is_one_of_everything()
    {
        ServiceCollection services = new();
        services.AddClientCredentials().AddClient("billing", Fill);
        services.AddHttpClient("invoices").AddClientCredentialsHandler("billing");
        services.AddClientCredentials();
        await using ServiceProvider app = services.BuildServiceProvider();

        Assert.Single(app.GetServices<IClientCredentials>());
        Assert.Single(app.GetServices<ClientSettings>());
    }

    [Fact]
    public void What_cannot_work_is_refused_at_once()
    {
        ServiceCollection services = new();
        ClientCredentialsBuilder clients = services.AddClientCredentials();

        Assert.Throws<ArgumentNullException>("services", () => ClientCredentialsServiceCollectionExtensions.AddClientCredentials(null!));
        Assert.Throws<ArgumentNullException>("section", () => services.AddClientCredentials(null!));
        Assert.Throws<ArgumentNullException>("client", () => clients.AddClient(null!, _ => { }));
        Assert.Throws<ArgumentException>("client", () => clients.AddClient("", _ => { }));
        Assert.Throws<ArgumentNullException>("configure", () => clients.AddClient("a", (Action<ClientCredentialsOptions>)null!));
        Assert.Throws<ArgumentNullException>("profile", () => clients.AddProfile("a", null!, _ => { }));
        Assert.Throws<ArgumentNullException>("secret", () => clients.UseSecret("a", null!));
        Assert.Throws<ArgumentNullException>("read", () => clients.UseSecretStore((Func<string, string, string?, CancellationToken, ValueTask<string?>>)null!));
    }

    private static IConfigurationSection Section(string client, params (string Key, string Value)[] more) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection([.. Pairs("Tokens:", client), .. more.Select(pair => KeyValuePair.Create($"Tokens:Clients:{client}:{pair.Key}", (string?)pair.Value))])
            .Build()
            .GetSection("Tokens");

    private static Dictionary<string, string?> Pairs(string prefix, string client, params string[] ids)
    {
        Dictionary<string, string?> pairs = new()
        {
            [$"{prefix}Clients:{client}:TokenUrl"] = "https://login.example.com/token",
            [$"{prefix}Clients:{client}:ClientId"] = client,
            [$"{prefix}Clients:{client}:AuthenticationMethod"] = "none",
        };
        foreach (string id in ids)
        {
            pairs[$"{prefix}Clients:{client}:{id}"] = id.Contains("Staging", StringComparison.Ordinal) ? $"{client}-staging" : $"{client}-production";
        }

        return pairs;
    }

    private static void Fill(ClientCredentialsOptions client)
    {
        client.TokenUrl = new Uri("https://login.example.com/token");
        (client.ClientId, client.ClientSecret) = ("billing-app", SettingsApp.Canary);
    }
}
