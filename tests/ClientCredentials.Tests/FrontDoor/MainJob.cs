using System.Net;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.FrontDoor;

public class MainJob
{
    [Fact]
    [Trait("Scenario", "T48")]
    public async Task An_app_calls_a_protected_api()
    {
        await using var server = await TestAuthorizationServer.StartAsync(o => o.AddClient("billing", "s3cret"));
        var services = new ServiceCollection();
        services.AddClientCredentials().AddClient("billing", c =>
        {
            (c.TokenUrl, c.ApiUrl) = (server.TokenUrl, server.ApiUrl);
            (c.ClientId, c.ClientSecret) = ("billing", "s3cret");
        });
        services.AddHttpClient("invoices").AddClientCredentialsHandler("billing");
        await using var app = services.BuildServiceProvider();
        var http = app.GetRequiredService<IHttpClientFactory>().CreateClient("invoices");

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => http.GetAsync("x")));
        int requests = server.TokenEndpoint.Count;
        server.RevokeAllTokens();
        var renewed = await http.GetAsync("y");

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal((1, HttpStatusCode.OK, 2), (requests, renewed.StatusCode, server.TokenEndpoint.Count));
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK], server.Api.Received.Skip(100).Select(request => (HttpStatusCode)request.StatusCode));
        Assert.Equal(2, server.Api.Received.Select(request => request.Token).Distinct().Count());
    }
}
