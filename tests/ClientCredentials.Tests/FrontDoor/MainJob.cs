using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;
using System.Net;
namespace ClientCredentials.Tests.FrontDoor;
public class MainJob
{
    [Fact]
    public async Task An_app_calls_a_protected_api()
    {
        await using var server = await TestAuthorizationServer.StartAsync(o => o.AddClient("billing", "s3cret"));
        var services = new ServiceCollection();
        services.AddClientCredentials().AddClient("billing", c => { c.TokenUrl = server.TokenUrl; c.ClientId = "billing"; c.ClientSecret = "s3cret"; c.ApiUrl = server.ApiUrl; });
        services.AddHttpClient("invoices").AddClientCredentialsHandler("billing");
        await using var app = services.BuildServiceProvider();
        var http = app.GetRequiredService<IHttpClientFactory>().CreateClient("invoices");
        var all = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => http.GetAsync("x")));
        Assert.All(all, r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));
        Assert.Equal(1, server.TokenEndpoint.Count);
        server.RevokeAllTokens();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("y")).StatusCode);
        Assert.Equal(2, server.TokenEndpoint.Count);
    }
}
