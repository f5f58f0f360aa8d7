using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;

namespace ClientCredentials.Tests.Authentication;

public class SecretsAskedAgain : OneServer
{
    private readonly List<string> _versions = [];
    private int _asked;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_secret_that_the_server_does_not_take_is_asked_for_again_and_a_newer_one_used_at_once(bool isStore)
    {
        _versions.AddRange(["outdated", "s3cret"]);
        await using SettingsApp app = App(isStore);

        await app.TokenAsync();

        Assert.Equal(2, _asked);
        Assert.Equal(["outdated 401", "s3cret 200"], Tried());
    }

    [Fact]
    public async Task One_that_is_the_same_is_not_sent_again_nor_asked_for_by_each_call()
    {
        _versions.Add("outdated");
        await using SettingsApp app = App();

        ClientCredentialsException failure = await app.FailureAsync();
        await app.FailureAsync();

        Assert.Equal((FailureReason.Refused, "invalid_client"), (failure.Reason, failure.Error));
        Assert.Equal(2, _asked);
        Assert.Equal(["outdated 401"], Tried());
    }

    [Fact]
    public async Task A_newer_one_that_is_not_taken_either_is_the_last_for_this_fetch()
    {
        _versions.AddRange(["outdated", "older", "s3cret"]);
        await using SettingsApp app = App();

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal(("invalid_client", 2), (failure.Error, failure.Attempts));
        Assert.Equal(2, _asked);
        Assert.Equal(["outdated 401", "older 401"], Tried());
    }

    [Fact]
    public async Task After_the_pause_the_probe_takes_the_newest()
    {
        _versions.AddRange(["outdated", "outdated", "s3cret"]);
        await using SettingsApp app = App();
        await app.FailureAsync();

        app.Clock.Advance(TimeSpan.FromSeconds(7));
        await app.TokenAsync();

        Assert.Equal(["outdated 401", "s3cret 200"], Tried());
    }

    [Fact]
    public async Task A_store_that_throws_when_it_is_asked_again_does_not_hide_the_refusal()
    {
        _versions.AddRange(["outdated", "(throws)"]);
        await using SettingsApp app = App();

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal((FailureReason.Refused, "invalid_client"), (failure.Reason, failure.Error));
        Assert.Equal(["outdated 401"], Tried());
    }

    [Fact]
    public async Task A_store_that_hangs_when_it_is_asked_again_does_not_hide_the_refusal()
    {
        _versions.AddRange(["outdated", "(hangs)"]);
        await using SettingsApp app = App();

        Task<ClientCredentialsException> call = app.FailureAsync();
        await app.Clock.WaitForTimersAsync(2);
        await UntilAskedAgainAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(10));
        await app.Clock.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        ClientCredentialsException failure = await call.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((FailureReason.Refused, "invalid_client", 1), (failure.Reason, failure.Error, failure.Attempts));
        Assert.Equal(["outdated 401"], Tried());
        LogLine line = Assert.Single(app.Log.All, line => line.Id == 15);
        Assert.EndsWith("what hands out the credential did not answer within AttemptTimeout (00:00:10).", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_comes_after_its_attempt_was_over_disturbs_no_later_attempt()
    {
        TaskCompletionSource<string?> late = new();
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using SettingsApp app = new(
            LiveJson.Billing($$"""{ "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "" }"""),
            clients => clients.UseSecret("billing", _ =>
            {
                if (_asked++ > 0)
                {
                    return new("outdated");
                }

                asked.SetResult();
                return new(late.Task);
            }),
            server: Server);
        Task<ClientCredentialsException> call = app.FailureAsync();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        IDisposable hold = Server.TokenEndpoint.Hold();
        app.Clock.Advance(TimeSpan.FromSeconds(10));
        await app.Clock.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await Server.TokenEndpoint.WaitForAsync(1).WaitAsync(TimeSpan.FromSeconds(30));

        late.SetResult(null);
        hold.Dispose();
        ClientCredentialsException failure = await call.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((FailureReason.Refused, "invalid_client"), (failure.Reason, failure.Error));
    }

    private readonly TaskCompletionSource _askedAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task UntilAskedAgainAsync() => _askedAgain.Task.WaitAsync(TimeSpan.FromSeconds(30));

    private SettingsApp App(bool isStore = true)
    {
        string named = isStore ? ", \"ClientSecretName\": \"vault/billing\"" : "";
        return new(
            LiveJson.Billing($$"""{ "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": ""{{named}} }"""),
            clients => _ = isStore ? clients.UseSecretStore((_, _, _, _) => ReadAsync()) : clients.UseSecret("billing", _ => ReadAsync()),
            server: Server);
    }

    private async ValueTask<string?> ReadAsync()
    {
        string version = _versions[Math.Min(_asked++, _versions.Count - 1)];
        switch (version)
        {
            case "(throws)":
                throw new InvalidOperationException("The vault is down.");
            case "(hangs)":
                _askedAgain.SetResult();
                await new TaskCompletionSource().Task;
                break;
        }

        return version;
    }

    private IEnumerable<string> Tried() => Server.TokenEndpoint.Received.Select(request =>
        $"{_versions.First(version => Caller.Basic("billing", version) == request.Header("Authorization"))} {request.StatusCode}");
}
