using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Http;

public class OuterRetries
{
    [Fact]
    [Trait("Scenario", "T79")]
    public async Task A_retry_around_the_handler_sends_the_current_token_and_one_of_it()
    {
        App? app = null;
        await using App owned = app = new(
            client => client.ApiHeaders["X-Key"] = "k1",
            http => http.AddHttpMessageHandler(() => new Retrying(async () =>
                app!.Credentials.Reject("billing", await app.Credentials.GetTokenAsync("billing")))));
        app.Api.Answer(HttpStatusCode.ServiceUnavailable);

        HttpResponseMessage response = await app.Caller.PostAsync("x", new StringContent("body"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], app.Api.Tokens);
        Assert.Equal(["k1", "k1"], app.Api.Arrivals.Select(arrival => arrival.Header("X-Key")));
    }

    [Fact]
    public async Task A_retry_around_the_handler_of_a_request_that_moved_to_another_profile_moves_it_once()
    {
        await using App app = new(before: http => http.AddHttpMessageHandler(() => new Retrying(() => Task.CompletedTask)));
        app.Client.AddClient("billing", client => client.Profile = "Production");
        app.Client.AddProfile("billing", "Production", _ => { });
        app.Client.AddProfile("billing", "Staging", client =>
        {
            client.ClientSecret = "s3cret-staging";
            client.ApiUrl = new Uri("https://api.example.com/staging/");
        });
        app.Api.Answer(HttpStatusCode.ServiceUnavailable);

        await app.Caller.SendAsync(new HttpRequestMessage(HttpMethod.Get, "x").UseClientCredentials(new TokenParameters { Profile = "Staging" }));

        Assert.Equal(["https://api.example.com/staging/x", "https://api.example.com/staging/x"], app.Api.Arrivals.Select(arrival => arrival.Url));
    }

    [Fact]
    [Trait("Scenario", "T95")]
    public async Task A_retry_that_is_meant_for_all_HttpClients_retries_the_api_and_not_the_token_endpoint()
    {
        await using App app = new(client => client.MaxRetries = 0);
        int retries = 0;
        app.Services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new Retrying(() =>
        {
            retries++;
            return Task.CompletedTask;
        })));
        app.Tokens.Answer(HttpStatusCode.ServiceUnavailable);
        app.Api.Answer(HttpStatusCode.ServiceUnavailable);

        await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("x"));
        int tokenRequests = app.Tokens.Count;
        HttpResponseMessage response = await app.Caller.GetAsync("x");

        Assert.Equal((1, 2, 1), (tokenRequests, app.Api.Count, retries));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>Sends a request once more where the answer is 503.</summary>
    private sealed class Retrying(Func<Task> between) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return response;
            }

            await between();
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
