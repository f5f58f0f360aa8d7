using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;

namespace ClientCredentials.Tests.FrontDoor;

public class ClientsNotFoundByCode : OneServer
{
    [Fact]
    public async Task One_that_does_not_exist_fails_and_nothing_is_sent()
    {
        await using TenantsApp app = new(Server);
        app.Find = (_, _) => new((ClientCredentialsOptions?)null);

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal((FailureReason.NotConfigured, false), (failure.Reason, failure.IsTransient));
        Assert.Equal("Client 'tenant-1': it is neither configured nor found by AddClientResolver.", failure.Message);
        Assert.Equal(["tenant-1"], app.LookedUp);
        Assert.Equal(0, Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task Code_that_throws_is_asked_again_by_the_next_call()
    {
        await using TenantsApp app = new(Server);
        app.Find = (_, _) => throw new InvalidOperationException("Server=db;Password=hunter2");

        ClientCredentialsException failure = await app.FailureAsync();
        app.Find = (_, _) => new(app.Tenant());
        string token = await app.TokenAsync();

        Assert.Equal((FailureReason.NotConfigured, true), (failure.Reason, failure.IsTransient));
        Assert.Equal("Client 'tenant-1': looking it up failed with InvalidOperationException.", failure.Message);
        Assert.IsType<InvalidOperationException>(failure.InnerException);
        Assert.NotEmpty(token);
        LogLine line = Assert.Single(app.Log.All, line => line.Id == 34);
        Assert.Equal("Client 'tenant-1' could not be looked up: looking it up failed with InvalidOperationException.", line.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Code_that_hangs_is_given_up_after_its_max_wait(bool blocks)
    {
        await using TenantsApp app = new(Server);
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ManualResetEventSlim end = new();
        app.Find = (_, _) =>
        {
            asked.SetResult();
            if (blocks)
            {
                end.Wait(CancellationToken.None);
            }

            return new(new TaskCompletionSource<ClientCredentialsOptions?>().Task);
        };

        Task<ClientCredentialsException> call = app.FailureAsync();
        await asked.Task;
        app.Clock.Advance(TimeSpan.FromSeconds(9.9));
        bool early = call.IsCompleted;
        app.Clock.Advance(TimeSpan.FromSeconds(0.1));
        ClientCredentialsException failure = await call.WaitAsync(TimeSpan.FromSeconds(30));
        end.Set();

        Assert.False(early);
        Assert.Equal("Client 'tenant-1': looking it up took longer than 00:00:10.", failure.Message);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task What_fails_is_looked_up_again_only_after_its_time_while_the_old_serves_on()
    {
        await using TenantsApp app = new(Server);
        string old = await app.TokenAsync();
        TenantsApp.Answer broken = app.Hold();

        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await app.TokenAsync();
        await broken.Asked;
        ClientCredentialsOptions nonsense = app.Tenant();
        nonsense.MaxRetries = 11;
        await broken.GiveAsync(nonsense);
        app.Clock.Advance(TimeSpan.FromMinutes(4.9));
        string kept = await app.TokenAsync();
        string[] lookedUp = [.. app.LookedUp];
        TenantsApp.Answer next = app.Hold();
        app.Clock.Advance(TimeSpan.FromMinutes(0.1));
        await app.TokenAsync();
        await next.Asked;

        Assert.Equal(old, kept);
        Assert.Equal(2, lookedUp.Length);
        Assert.Equal(["Client 'tenant-1' could not be looked up: MaxRetries is 11; it must be 0 to 10."], app.Log.All.Where(line => line.Id == 34).Select(line => line.Text));
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_changes_nothing()
    {
        Server.AddClient("outdated", "x");
        await using TenantsApp app = new(Server);
        string token = await app.TokenAsync();
        TenantsApp.Answer late = app.Hold();
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await app.TokenAsync();
        await late.Asked;

        app.Clock.Advance(TimeSpan.FromSeconds(10));
        await late.GiveAsync(app.Tenant("outdated", "x"));

        Assert.Equal(token, await app.TokenAsync());
    }

    [Fact]
    public async Task What_was_forgotten_during_its_look_up_is_not_mixed_up_with_what_came_after_it()
    {
        await using TenantsApp app = new(Server);
        TenantsApp.Answer slow = app.Hold();
        Task<ClientCredentialsException> early = app.FailureAsync();
        await slow.Asked;

        app.Credentials.Forget("tenant-1");
        app.Find = (_, _) => new(app.Tenant());
        string token = await app.TokenAsync();
        await slow.GiveAsync(null);
        await early;

        Assert.Equal(token, await app.TokenAsync());
        Assert.Equal(2, app.LookedUp.Count);
    }

    [Theory]
    [InlineData("", "a name must not be empty")]
    [InlineData("a:b", "a name must not contain ':', which separates configuration keys")]
    [InlineData(" a", "a name must not begin or end with white space")]
    [InlineData("a\nb", "a name must not contain control characters")]
    [InlineData("123456789012345678901234567890123456789012345678901", "a name has at most 50 characters, this one has 51")]
    public async Task A_name_that_breaks_the_rules_is_not_looked_up(string name, string problem)
    {
        await using TenantsApp app = new(Server);

        ClientCredentialsException failure = await app.FailureAsync(name);

        Assert.Equal($"Client '{name}': {problem}.", failure.Message);
        Assert.Empty(app.LookedUp);
    }

    [Fact]
    public async Task The_app_that_ends_meanwhile_is_no_fault_of_the_look_up()
    {
        await using TenantsApp app = new(Server);
        TenantsApp.Answer answer = app.Hold();
        Task<string> call = app.TokenAsync();
        await answer.Asked;

        await app.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
    }
}
