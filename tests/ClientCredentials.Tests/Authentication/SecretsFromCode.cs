using System.Net;
using ClientCredentials.Tests.Protocol;
using RichardSzalay.MockHttp;

namespace ClientCredentials.Tests.Authentication;

public sealed class SecretsFromCode
{
    [Fact]
    public async Task A_secret_is_read_once_for_all_attempts_of_a_fetch_and_again_for_the_next()
    {
        var reads = 0;
        var endpoint = new MockHttpMessageHandler();
        endpoint.Expect("*").Respond(HttpStatusCode.BadGateway);
        endpoint.Expect("*").WithHeaders("Authorization", "Basic YmlsbGluZy1hcHA6czE=").Respond("application/json", Short);
        endpoint.Expect("*").WithHeaders("Authorization", "Basic YmlsbGluZy1hcHA6czI=").Respond("application/json", Short);
        await using var client = new OneClient(endpoint, WithoutSecret, builder => builder.UseSecret("billing", _ => new($"s{++reads}")));

        await client.TokenAsync();
        await client.TokenAsync();

        Assert.Equal(2, reads);
        endpoint.VerifyNoOutstandingExpectation();
    }

    [Fact]
    public async Task The_store_is_told_the_name_and_whose_secret_it_is()
    {
        var asked = new List<string?>();
        var endpoint = Endpoint();
        await using var client = new OneClient(
            endpoint,
            options => (options.ClientId, options.ClientSecret, options.ClientSecretName) = ("billing-app", null, "vault/billing"),
            builder => builder.UseSecretStore((secret, name, profile, _) =>
            {
                asked.AddRange([secret, name, profile]);
                return new("from-the-store");
            }));

        await client.TokenAsync();

        Assert.Equal(["vault/billing", "billing", null], asked);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task No_secret_means_no_request(string? secret)
    {
        await using var client = new OneClient(Endpoint(), WithoutSecret, builder => builder.UseSecret("billing", _ => new(secret)));

        var failure = await client.FailureAsync();

        Assert.Equal((FailureReason.NotConfigured, false), (failure.Reason, failure.IsTransient));
        Assert.Equal("Client 'billing': the function given to UseSecret gave no secret.", failure.Message);
    }

    [Fact]
    public async Task A_vault_that_fails_is_asked_again_and_its_words_are_not_repeated()
    {
        var reads = 0;
        await using var client = new OneClient(Endpoint(), WithoutSecret, builder => builder.UseSecret("billing", _ =>
        {
            reads++;
            throw new InvalidOperationException("the vault's key is 1234");
        }));

        var failure = await client.FailureAsync();

        Assert.Equal((FailureReason.NotConfigured, true, 4), (failure.Reason, failure.IsTransient, reads));
        Assert.Equal("Client 'billing': the function given to UseSecret failed with InvalidOperationException.", failure.Message);
        Assert.IsType<InvalidOperationException>(failure.InnerException);
    }

    private const string Short = """{"access_token":"t","expires_in":0}""";

    private static void WithoutSecret(ClientCredentialsOptions options) => (options.ClientId, options.ClientSecret) = ("billing-app", null);

    private static MockHttpMessageHandler Endpoint()
    {
        var mock = new MockHttpMessageHandler();
        mock.Fallback.Respond("application/json", OneClient.Token);
        return mock;
    }
}
