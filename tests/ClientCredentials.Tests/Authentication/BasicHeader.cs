using System.Net;
using System.Text;
using ClientCredentials.Testing;
using ClientCredentials.Tests.Protocol;

namespace ClientCredentials.Tests.Authentication;

public sealed class BasicHeader
{
    [Fact]
    [Trait("Scenario", "T01")]
    public async Task Id_and_secret_are_form_encoded_and_are_nowhere_but_in_the_header()
    {
        var sent = await OneClient.AskAsync(_ => { });

        Assert.Equal("Basic bXkrY2xpZW50JTNBMTpwJTQwc3MlM0F3JTJGJUMzJUI2K3JkJTJCJTI1", sent.Header("Authorization"));
        Assert.Equal("my+client%3A1:p%40ss%3Aw%2F%C3%B6+rd%2B%25", Decoded(sent));
        Assert.Equal("grant_type=client_credentials", sent.Body);
    }

    [Fact]
    [Trait("Scenario", "T02")]
    public async Task Raw_mode_sends_them_as_they_are_in_utf8()
    {
        var sent = await OneClient.AskAsync(client => (client.ClientId, client.BasicEncoding) = ("myclient", BasicEncoding.Raw));

        Assert.Equal("Basic bXljbGllbnQ6cEBzczp3L8O2IHJkKyU=", sent.Header("Authorization"));
        Assert.Equal("grant_type=client_credentials", sent.Body);
    }

    [Fact]
    [Trait("Scenario", "T04")]
    public async Task A_base64_secret_survives()
    {
        var sent = await OneClient.AskAsync(client => (client.ClientId, client.ClientSecret) = ("1PpG/Q 1", "z/tZ9VwFZqApmIQ+ZH1I5pLk/uB4ud:X2/8bL+wfFTt1rFw="));

        Assert.Equal(
            "Basic MVBwRyUyRlErMTp6JTJGdFo5VndGWnFBcG1JUSUyQlpIMUk1cExrJTJGdUI0dWQlM0FYMiUyRjhiTCUyQndmRlR0MXJGdyUzRA==",
            sent.Header("Authorization"));
    }

    [Fact]
    public async Task The_standards_own_example_is_encoded_as_it_says()
    {
        var sent = await OneClient.AskAsync(client => (client.ClientId, client.ClientSecret) = ("app", "x %&+£€"));

        Assert.Equal("app:x+%25%26%2B%C2%A3%E2%82%AC", Decoded(sent));
    }

    [Theory]
    [InlineData(AuthenticationMethod.ClientSecretBasic)]
    [InlineData(AuthenticationMethod.ClientSecretPost)]
    [Trait("Scenario", "T05")]
    public async Task A_server_that_decodes_gets_every_character_back(AuthenticationMethod method)
    {
        const string secret = "client %&+-_.!~*'()";
        await using var server = await TestAuthorizationServer.StartInMemoryAsync(options => options.AddClient("billing-app", secret));
        await using var client = new OneClient(server.CreateHandler(), options =>
        {
            (options.TokenUrl, options.ClientId, options.ClientSecret, options.AuthenticationMethod) = (server.TokenUrl, "billing-app", secret, method);
        });

        await client.TokenAsync();

        Assert.Equal(HttpStatusCode.OK, (HttpStatusCode)Assert.Single(server.TokenEndpoint.Received).StatusCode);
    }

    [Fact]
    [Trait("Scenario", "T93")]
    public async Task A_server_that_does_not_decode_is_hinted_at_and_takes_raw_mode()
    {
        await using var server = await TestAuthorizationServer.StartInMemoryAsync(options => options.AddClient("billing-app", "se+cret", app =>
        {
            (app.RawBasic, app.Authentication) = (true, ClientAuthentication.Basic);
        }));
        await using var encoding = new OneClient(server.CreateHandler(), options => Set(options, BasicEncoding.FormUrlEncoded));
        await using var raw = new OneClient(server.CreateHandler(), options => Set(options, BasicEncoding.Raw));

        var failure = await encoding.FailureAsync();
        var token = await raw.TokenAsync();

        Assert.Equal("invalid_client", failure.Error);
        Assert.Contains("BasicEncoding: Raw", failure.Hint, StringComparison.Ordinal);
        Assert.Contains(failure.Hint!, failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(token.Reveal());

        void Set(ClientCredentialsOptions options, BasicEncoding encoding) =>
            (options.TokenUrl, options.ClientId, options.ClientSecret, options.BasicEncoding) = (server.TokenUrl, "billing-app", "se+cret", encoding);
    }

    [Theory]
    [InlineData(BasicEncoding.FormUrlEncoded)]
    [InlineData(BasicEncoding.Raw)]
    public async Task Half_a_surrogate_pair_is_replaced_and_never_throws(BasicEncoding encoding)
    {
        var sent = await OneClient.AskAsync(client => (client.ClientId, client.ClientSecret, client.BasicEncoding) = ("app", "a\ud800b", encoding));

        Assert.Equal(encoding == BasicEncoding.Raw ? "app:a\ufffdb" : "app:a%EF%BF%BDb", Decoded(sent));
    }

    private static string Decoded(Sent sent) => Encoding.UTF8.GetString(Convert.FromBase64String(sent.Header("Authorization")!["Basic ".Length..]));
}
