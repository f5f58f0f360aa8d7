using System.Net;
using ClientCredentials.Tests.Clients;
using ClientCredentials.Tests.Testing;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.FrontDoor;

public class StatusEvents : OneServer
{
    [Fact]
    public async Task They_come_when_something_changes_and_only_then()
    {
        await using SettingsApp app = new(Section(), server: Server);
        List<string> events = [];
        app.Credentials.StatusChanged += (_, status) => events.Add($"{status.State} {status.Reason}".Trim());

        await app.TokenAsync();
        await app.TokenAsync();
        await app.Credentials.ConnectAsync("billing");
        Server.TokenEndpoint.Fail(HttpStatusCode.Unauthorized, times: 2, error: "invalid_client");
        await app.Credentials.ConnectAsync("billing");
        await app.Credentials.ConnectAsync("billing");
        await app.Credentials.ConnectAsync("billing");
        await app.ToldAsync();

        Assert.Equal(["OK", "Error Refused", "OK"], events);
    }

    [Fact]
    public async Task Settings_that_change_are_told_each_time_and_those_that_do_not_are_not()
    {
        await using SettingsApp app = new(Section(), server: Server);
        List<string> events = [];
        app.Credentials.StatusChanged += (_, status) => events.Add($"{status.State} {status.DisplayName}");
        await app.TokenAsync();

        app.Rewrite(Section("\"DisplayName\": \"a\""));
        app.Rewrite(Section("\"DisplayName\": \"a\""), "unrelated");
        app.Rewrite(Section("\"DisplayName\": \"b\""));
        app.Rewrite(Section("\"DisplayName\": \"c\", \"MaxRetries\": 11"));
        app.Rewrite(Section("\"DisplayName\": \"c\""));
        app.Rewrite(Section("\"DisplayName\": \"c\", \"Enabled\": false"));
        await app.ToldAsync();

        Assert.Equal(["OK billing", "OK a", "OK b", "Error b", "OK c", "Disabled c"], events);
    }

    [Fact]
    public async Task A_subscriber_that_throws_harms_nobody()
    {
        await using SettingsApp app = new(Section(), server: Server);
        List<ClientState> events = [];
        app.Credentials.StatusChanged += (_, _) => throw new InvalidOperationException("The dashboard is down.");
        app.Credentials.StatusChanged += (_, status) => events.Add(status.State);

        string token = await app.TokenAsync();
        await app.ToldAsync();

        Assert.NotEmpty(token);
        Assert.Equal([ClientState.OK], events);
        LogLine line = Assert.Single(app.Log.All, line => line.Level == LogLevel.Error);
        Assert.Equal(("A subscriber of StatusChanged failed.", "The dashboard is down."), (line.Text, line.Exception?.Message));
    }

    [Fact]
    public async Task A_subscriber_sees_the_status_that_the_list_shows()
    {
        await using SettingsApp app = new(Section(), server: Server);
        ClientStatus? told = null;
        ClientStatus? listed = null;
        app.Credentials.StatusChanged += (sender, status) => (told, listed) = (status, Assert.Single(((IClientCredentials)sender!).Statuses));

        await app.TokenAsync();
        await app.ToldAsync();

        Assert.Equal(listed, told);
    }

    private string Section(string settings = "") =>
        LiveJson.Billing($$"""{ "TokenUrl": "{{Server.TokenUrl}}", "ClientId": "billing", "ClientSecret": "s3cret"{{(settings.Length > 0 ? ", " + settings : "")}} }""");
}
