using System.Diagnostics;
using System.Net;
using ClientCredentials;
using ClientCredentials.Testing;

namespace Quickstart;

/// <summary>What happens to an app in its life, one scene each. None of the calls knows anything of tokens.</summary>
internal sealed class Scenes(Servers servers, Watch watch)
{
    private const int Renewals = 3;

    private static readonly TimeSpan SlowTokenEndpoint = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan LongLife = TimeSpan.FromHours(1);

    // Made once and used often.
    private static readonly TokenParameters Staging = new() { Profile = "Staging" };

    public async IAsyncEnumerable<Scene> PlayAsync()
    {
        servers.Production.TokenEndpoint.Delay = servers.Staging.TokenEndpoint.Delay = SlowTokenEndpoint;
        await using (App app = App.Start(servers.Settings, watch))
        {
            yield return await FirstCallsAsync(app);
            yield return await FirstCallsOfTheOtherClientAsync(app);
            yield return await StagingByNameAsync(app);
            yield return await RevokedTokensAsync(app);
            yield return await ManyLifetimesAsync(app);
        }

        yield return await StartWhileTheServerIsDownAsync();
    }

    // Nobody has a token yet, and a thousand calls want one: a single request fetches it for all of them. It goes to the server of the active profile.
    private Task<Scene> FirstCallsAsync(App app) =>
        PlayAsync("1,000 first calls at once (Basic header)", Waiting.ForTheFirstToken, tokenRequests: 1, async scene =>
        {
            await scene.CallAsync(1_000, app.Invoices, "invoices");

            scene.Expect("token requests to Staging", servers.Staging.TokenEndpoint.Count, 0);
            scene.Expect("calls to Staging", servers.Staging.Api.Count, 0);
        });

    // Another client, another token. Its server wants id and secret in the body, so its settings say client_secret_post.
    private Task<Scene> FirstCallsOfTheOtherClientAsync(App app) =>
        PlayAsync("100 of another client (secret in the body)", Waiting.ForTheFirstToken, tokenRequests: 1, scene =>
            scene.CallAsync(100, app.Parcels, "parcels"));

    // Production is active, and a call may still ask for Staging: with the token, and the API, and the secret, of that profile and no other.
    private Task<Scene> StagingByNameAsync(App app) =>
        PlayAsync("50 to Staging, while Production is active", Waiting.ForTheFirstToken, tokenRequests: 1, async scene =>
        {
            Tally production = Tally.Of(servers.Production);

            await scene.CallAsync(50, app.Invoices, "invoices", Staging);

            scene.Expect("calls that Staging answered", servers.Staging.Api.Succeeded, 50);
            scene.Expect("token requests to Production", (Tally.Of(servers.Production) - production).TokenRequests, 0);
            scene.Expect("calls that Production answered", (Tally.Of(servers.Production) - production).Answered, 0);
        });

    // The server has forgotten every token; the app cannot know. The API says 401, each client fetches one new token, and all calls are sent once more.
    private Task<Scene> RevokedTokensAsync(App app) =>
        PlayAsync("200 after all tokens were revoked", Waiting.ForTheRenewalAfterA401, tokenRequests: 2, async scene =>
        {
            // From here on tokens live shortly: the new ones are those of the next scene.
            servers.Production.TokenLifetime = ShortLife;
            servers.Production.RevokeAllTokens();

            await Task.WhenAll(scene.CallAsync(100, app.Invoices, "invoices"), scene.CallAsync(100, app.Parcels, "parcels"));
        });

    // Tokens end and the token endpoint is slow. In the last fifth of its life a token is renewed behind the scenes, and it serves on meanwhile: no call waits.
    private Task<Scene> ManyLifetimesAsync(App app) =>
        PlayAsync($"across {Renewals} renewals of 2 tokens that live {ShortLife.TotalSeconds:0} s", Waiting.ForNothing, tokenRequests: 2 * Renewals, scene => Task.WhenAll(
            CallUntilRenewedAsync(scene, app.Invoices, "invoices", servers.Production["billing-app"]),
            CallUntilRenewedAsync(scene, app.Parcels, "parcels", servers.Production["shipping-app"])));

    // The app starts while the authorization server is down for a moment: it answers 503, twice. What can pass is tried again, and the calls get their answer.
    private Task<Scene> StartWhileTheServerIsDownAsync() =>
        PlayAsync("100 of a new app, token endpoint down", Waiting.ForTheFirstToken, tokenRequests: 3, async scene =>
        {
            servers.Production.TokenLifetime = LongLife;
            servers.Production.TokenEndpoint.Fail(HttpStatusCode.ServiceUnavailable, times: 2);
            await using App app = App.Start(servers.Settings, watch);

            await scene.CallAsync(100, app.Invoices, "invoices");
        });

    private static async Task CallUntilRenewedAsync(Scene scene, HttpClient http, string path, TestClient client)
    {
        TimeSpan patience = Renewals * ShortLife * 2;
        TimeSpan untilTheOldOneHasEnded = ShortLife / 5;
        int enough = client.TokensIssued + Renewals;
        Stopwatch all = Stopwatch.StartNew();
        Stopwatch withTheLastToken = new();
        while (withTheLastToken.Elapsed < untilTheOldOneHasEnded && all.Elapsed < patience)
        {
            await scene.CallAsync(4, http, path);
            await Task.Delay(TimeSpan.FromMilliseconds(20));
            if (client.TokensIssued >= enough)
            {
                withTheLastToken.Start();
            }
        }
    }

    private async Task<Scene> PlayAsync(string name, Waiting allowed, int tokenRequests, Func<Scene, Task> play)
    {
        Scene scene = new(name, allowed, tokenRequests);
        await scene.PlayAsync(servers, watch, play);
        return scene;
    }
}
