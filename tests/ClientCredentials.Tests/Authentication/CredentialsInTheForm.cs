using ClientCredentials.Tests.Protocol;

namespace ClientCredentials.Tests.Authentication;

public sealed class CredentialsInTheForm
{
    [Fact]
    [Trait("Scenario", "T06")]
    public async Task The_form_has_grant_credentials_and_scope_in_this_order()
    {
        var sent = await OneClient.AskAsync(client =>
        {
            client.AuthenticationMethod = AuthenticationMethod.ClientSecretPost;
            client.Scopes.Add("a");
            client.Scopes.Add("b");
        });

        Assert.Equal("POST", sent.Method);
        Assert.Equal("grant_type=client_credentials&client_id=my+client%3A1&client_secret=p%40ss%3Aw%2F%C3%B6+rd%2B%25&scope=a+b", sent.Body);
        Assert.Equal(["Accept: application/json", "Content-Type: application/x-www-form-urlencoded"], sent.Headers);
    }

    [Fact]
    [Trait("Scenario", "T06")]
    public async Task What_else_there_is_follows_the_scope()
    {
        var sent = await OneClient.AskAsync(client =>
        {
            client.AuthenticationMethod = AuthenticationMethod.ClientSecretPost;
            client.Scopes.Add("a");
            client.Audience = "api";
            client.Resources.Add("https://r.example.com/");
            client.TokenRequest.Form["x"] = "1";
        });

        Assert.EndsWith("&scope=a&audience=api&resource=https%3A%2F%2Fr.example.com%2F&x=1", sent.Body, StringComparison.Ordinal);
        Assert.StartsWith("grant_type=client_credentials&client_id=", sent.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_without_a_secret_says_only_who_it_is()
    {
        var sent = await OneClient.AskAsync(client => (client.AuthenticationMethod, client.ClientSecret) = (AuthenticationMethod.None, null));

        Assert.Equal("grant_type=client_credentials&client_id=my+client%3A1", sent.Body);
        Assert.Null(sent.Header("Authorization"));
    }

    [Fact]
    public async Task The_own_id_may_be_in_the_form_beside_the_basic_header()
    {
        var sent = await OneClient.AskAsync(client => client.TokenRequest.Form["client_id"] = OneClient.Id);

        Assert.Equal("grant_type=client_credentials&client_id=my+client%3A1", sent.Body);
        Assert.StartsWith("Basic ", sent.Header("Authorization"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_replaced_and_never_throws()
    {
        var sent = await OneClient.AskAsync(client =>
            (client.AuthenticationMethod, client.ClientId, client.ClientSecret) = (AuthenticationMethod.ClientSecretPost, "\udc00", "a\ud800b"));

        Assert.Equal("grant_type=client_credentials&client_id=%EF%BF%BD&client_secret=a%EF%BF%BDb", sent.Body);
    }
}
