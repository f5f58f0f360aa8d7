using System.Collections.Concurrent;
using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;

namespace ClientCredentials.Tests.FrontDoor;

public class SlowSubscribers : OneServer
{
    // What never comes must fail a test, not hang it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_subscriber_that_blocks_keeps_no_caller_from_its_token()
    {
        await using SettingsApp app = App();
        using ManualResetEventSlim end = new();
        app.Credentials.StatusChanged += (_, _) => end.Wait(CancellationToken.None);

        try
        {
            Assert.NotEmpty(await app.TokenAsync().WaitAsync(Patience));
        }
        finally
        {
            end.Set();
        }
    }

    [Fact]
    public async Task Whoever_is_slow_hears_everything_in_order()
    {
        await using SettingsApp app = App();
        using ManualResetEventSlim go = new();
        List<string> told = [];
        app.Credentials.StatusChanged += (_, status) =>
        {
            go.Wait(CancellationToken.None);
            told.Add(status.DisplayName);
        };
        await app.TokenAsync();

        for (int change = 0; change < 20; change++)
        {
            app.Rewrite(Section($", \"DisplayName\": \"{change}\""));
        }

        go.Set();
        await app.ToldAsync();

        Assert.Equal(["billing", .. Enumerable.Range(0, 20).Select(change => $"{change}")], told);
    }

    [Fact]
    public async Task A_subscriber_may_wait_for_a_token_itself()
    {
        await using SettingsApp app = App();
        string? got = null;
        app.Credentials.StatusChanged += (_, _) => got = app.TokenAsync(parameters: new() { Scopes = ["a"] }).Wait(Patience) ? "a token" : "nothing";

        await app.TokenAsync();
        await app.ToldAsync();

        Assert.Equal("a token", got);
    }

    [Fact]
    public async Task The_end_of_the_app_waits_for_no_subscriber_and_nothing_is_told_after_it()
    {
        SettingsApp app = App();
        using ManualResetEventSlim end = new();
        ConcurrentQueue<ClientState> told = [];
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Credentials.StatusChanged += (_, status) =>
        {
            told.Enqueue(status.State);
            first.TrySetResult();
            end.Wait(CancellationToken.None);
        };
        await app.TokenAsync();
        await first.Task.WaitAsync(Patience);
        app.Rewrite(Section(", \"Enabled\": false"));
        SerialQueue news = app.News;

        await app.DisposeAsync().AsTask().WaitAsync(Patience);
        end.Set();
        await news.Idle.WaitAsync(Patience);

        Assert.Equal([ClientState.OK], told);
    }

    [Fact]
    public async Task What_waits_for_one_that_never_goes_on_is_bounded_and_the_newest_is_kept()
    {
        SerialQueue queue = new(limit: 3);
        using ManualResetEventSlim end = new();
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<int> done = [];
        queue.Post(() =>
        {
            begun.SetResult();
            end.Wait(CancellationToken.None);
        });
        await begun.Task.WaitAsync(Patience);

        for (int number = 0; number < 10; number++)
        {
            int own = number;
            queue.Post(() => done.Add(own));
        }

        end.Set();
        await queue.Idle.WaitAsync(Patience);

        Assert.Equal([7, 8, 9], done);
    }

    [Fact]
    public async Task Nothing_of_the_one_who_changed_it_flows_to_the_subscribers()
    {
        await using SettingsApp app = App();
        AsyncLocal<string?> ofTheCaller = new();
        List<string?> seen = [];
        app.Credentials.StatusChanged += (_, _) => seen.Add(ofTheCaller.Value);
        await app.TokenAsync();

        ofTheCaller.Value = "user 1";
        app.Rewrite(Section(", \"DisplayName\": \"a\""));
        await app.ToldAsync();

        Assert.Equal([null, null], seen);
    }

    private SettingsApp App() => new(Section(), server: Server);

    private string Section(string more = "") =>
        LiveJson.Billing($$"""{ "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "s3cret"{{more}} }""");
}
