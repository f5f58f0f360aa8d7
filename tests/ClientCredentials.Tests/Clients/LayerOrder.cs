using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Clients;

public class LayerOrder
{
    [Fact]
    public async Task Client_profile_code_and_post_configuration_lie_over_each_other_in_this_order()
    {
        string section = LiveJson.Billing("""
            { "DisplayName": "client", "Category": "client", "Description": "client", "Audience": "client", "ClientId": "client",
              "Profiles": { "Production": { "Category": "profile", "Description": "profile", "Audience": "profile", "ClientId": "profile" } } }
            """);

        await using SettingsApp app = new(section, environment: "Production", code: clients =>
        {
            clients.Services.PostConfigure<ClientCredentialsOptions>("billing", client => client.ClientId = "post");
            clients.AddClient("billing", client => (client.Description, client.Audience, client.ClientId) = ("first", "first", "first"));
            clients.AddProfile("billing", "Production", client => (client.Audience, client.ClientId) = ("second", "second"));
        });

        ClientCredentialsOptions options = app.Options();
        Assert.Equal(
            new[] { "client", "profile", "first", "second", "post" },
            new[] { options.DisplayName, options.Category, options.Description, options.Audience, options.ClientId });
    }

    [Fact]
    public async Task Code_counts_in_the_order_in_which_it_was_registered_whatever_kind_it_is()
    {
        List<string> order = [];

        await using SettingsApp app = new(LiveJson.Billing("""{ "Profiles": { "Production": {} } }"""), environment: "Production", code: clients =>
        {
            clients.AddProfile("billing", "Production", _ => order.Add("profile"));
            clients.Services.Configure<ClientCredentialsOptions>("billing", _ => order.Add("configure"));
            clients.AddClient("billing", _ => order.Add("client"));
            clients.Services.ConfigureAll<ClientCredentialsOptions>(_ => order.Add("all"));
            clients.AddClient("billing", (services, _) => order.Add($"with {services.GetRequiredService<TimeProvider>().GetType().Name}"));
            clients.Services.PostConfigureAll<ClientCredentialsOptions>(_ => order.Add("post all"));
        });
        app.Options();

        Assert.Equal(["profile", "configure", "client", "all", "with ManualClock", "post all"], order[^6..]);
    }

    [Fact]
    public async Task A_client_may_be_made_of_plain_options_code_alone()
    {
        await using SettingsApp app = new("{}", clients => clients.Services.Configure<ClientCredentialsOptions>("reports", client =>
        {
            client.TokenUrl = new Uri("https://login.example.com/token");
            (client.ClientId, client.ClientSecret) = ("reports-app", SettingsApp.Canary);
        }));

        Assert.Equal(["reports"], app.Settings.Clients);
        Assert.Equal("reports-app", app.Options("reports").ClientId);
    }

    [Fact]
    public async Task ConfigureAll_reaches_every_client_and_makes_none()
    {
        string section = LiveJson.Billing(others: """{ "Clients": { "a": {}, "b": {} } }""");

        await using SettingsApp app = new(section, clients => clients.Services.ConfigureAll<ClientCredentialsOptions>(client =>
        {
            client.TokenUrl = new Uri("https://login.example.com/token");
            (client.ClientId, client.ClientSecret) = ("all", SettingsApp.Canary);
        }));

        Assert.Equal(["a", "b"], app.Settings.Clients);
        Assert.Equal(("all", "all"), (app.Options("a").ClientId, app.Options("b").ClientId));
    }

    [Fact]
    public async Task Code_finds_its_client_ignoring_case()
    {
        await using SettingsApp app = new(LiveJson.Billing("""{ "Profiles": { "Production": {} } }"""), environment: "Production", code: clients =>
        {
            clients.AddClient("BILLING", client => client.DisplayName = "1");
            clients.AddProfile("Billing", "PRODUCTION", client => client.DisplayName += "2");
            clients.Services.Configure<ClientCredentialsOptions>("Billing", client => client.DisplayName += "3");
            clients.Services.PostConfigure<ClientCredentialsOptions>("Billing", client => client.DisplayName += "4");
            clients.Services.AddOptions<ClientCredentialsOptions>("Billing").Validate(client => client.DisplayName != "1234", "seen.");
        });

        Assert.Equal(["billing"], app.Settings.Clients);
        Assert.Equal(["seen."], app.Live().Problems);
    }

    [Fact]
    public async Task The_app_s_own_validation_counts()
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(LiveJson.Billing(), clients =>
        {
            clients.Services.AddSingleton<IValidateOptions<ClientCredentialsOptions>, NoAudience>();
            clients.Services.AddOptions<ClientCredentialsOptions>("billing").Validate(client => client.MaxRetries == 0, "our gateway retries; MaxRetries must be 0.");
        });

        Assert.Equal(["Client 'billing': our house wants an Audience.", "Client 'billing': our gateway retries; MaxRetries must be 0."], problems);
    }

    [Fact]
    public async Task Code_that_throws_is_a_problem_of_its_client()
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(LiveJson.Billing(), clients =>
        {
            clients.AddClient("billing", _ => throw new InvalidOperationException("The vault is shut."));
            clients.Services.AddOptions<ClientCredentialsOptions>("billing").Validate(_ => throw new InvalidOperationException("So is the office."), "");
        });

        Assert.Equal(
            [
                "Client 'billing': code that configures it failed with InvalidOperationException: The vault is shut.",
                "Client 'billing': code that validates it failed with InvalidOperationException: So is the office.",
            ],
            problems);
    }

    private sealed class NoAudience : IValidateOptions<ClientCredentialsOptions>
    {
        public ValidateOptionsResult Validate(string? name, ClientCredentialsOptions options) =>
            options.Audience is null ? ValidateOptionsResult.Fail("our house wants an Audience.") : ValidateOptionsResult.Success;
    }
}
