using ClientCredentials.Clients;
using ClientCredentials.Tests.Testing;
using Microsoft.Extensions.Configuration;

namespace ClientCredentials.Tests.FrontDoor;

public class ClientsFoundReachNothingOfTheHost : OneServer
{
    /// <summary>Every setting that names a file, a certificate of the host or a secret of the app.</summary>
    public static TheoryData<string> OfTheHost =>
        [.. ClientSchema.Rows.Select(row => row.Key).Where(key => key.Contains("File", StringComparison.Ordinal) || key.EndsWith("Thumbprint", StringComparison.Ordinal) || key.EndsWith("SecretName", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(OfTheHost))]
    public async Task A_row_that_names_something_of_the_host_is_refused(string setting)
    {
        await using TenantsApp app = new(Server, code: clients => clients.UseSecretStore((_, _, _, _) => new("s3cret")));
        app.Find = (_, _) => new(With(app.Tenant(), setting));

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal(FailureReason.NotConfigured, failure.Reason);
        Assert.Contains($"{setting} names something of this host or app, which a client found by AddClientResolver may not; set AllowHostCredentials where its settings are as trusted as configuration.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, Server.TokenEndpoint.Count);
    }

    [Fact]
    public void The_settings_in_question_are_there() =>
        Assert.Superset(
            new HashSet<string> { "Key:PemFile", "Key:Pkcs12File", "Key:JwkFile", "Key:StoreThumbprint", "Assertion:File", "ClientSecretName" },
            ClientSchema.Rows.Where(row => row.IsOfHost).Select(row => row.Key).ToHashSet());

    [Fact]
    public async Task All_of_them_are_named_at_once()
    {
        await using TenantsApp app = new(Server, code: clients => clients.UseSecretStore((_, _, _, _) => new("s3cret")));
        app.Find = (_, _) => new(new ClientCredentialsOptions
        {
            TokenUrl = Server.TokenUrl,
            ClientId = "billing",
            ClientSecretName = "of-the-app",
            Key = { PemFile = "/etc/ssl/private/host.pem" },
        });

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Contains("ClientSecretName and Key:PemFile name something of this host or app", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_trusts_its_rows_may_allow_it()
    {
        await using TenantsApp app = new(
            Server,
            options => options.AllowHostCredentials = true,
            code: clients => clients.UseSecretStore((name, client, _, _) => new(name == "vault/tenant-1" && client == "tenant-1" ? "s3cret" : null)));
        app.Find = (_, _) => new(new ClientCredentialsOptions { TokenUrl = Server.TokenUrl, ClientId = "billing", ClientSecretName = "vault/tenant-1" });

        Assert.NotEmpty(await app.TokenAsync());
    }

    [Fact]
    public async Task What_is_configured_may_as_ever()
    {
        await using TenantsApp app = new(
            Server,
            section: $$"""{ "Clients": { "billing": { "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecretName": "vault/billing" } } }""",
            code: clients => clients.UseSecretStore((_, _, _, _) => new("s3cret")));

        Assert.NotEmpty(await app.TokenAsync("billing"));
    }

    private static ClientCredentialsOptions With(ClientCredentialsOptions options, string setting)
    {
        IConfigurationSection client = new ConfigurationBuilder().AddInMemoryCollection([new($"c:{setting}", "something")]).Build().GetSection("c");
        Assert.Null(ClientSchema.Rows.Single(row => row.Key == setting).Bind(client.GetSection(setting), options));
        return options;
    }
}
