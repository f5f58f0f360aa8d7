using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Clients;

/// <summary>An app's start with a host, and what is wrong with its settings.</summary>
internal static class Startup
{
    public static IHost Host(string section, Action<ClientCredentialsBuilder>? code = null, string environment = "Production", LogLines? log = null)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        ((IConfigurationBuilder)builder.Configuration).Add(new LiveJson(section));
        if (log is not null)
        {
            builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        }

        ClientCredentialsBuilder clients = builder.Services.AddClientCredentials();
        code?.Invoke(clients);
        return builder.Build();
    }

    /// <summary>Starts the app; what comes back holds no secret.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(string section, Action<ClientCredentialsBuilder>? code = null, string environment = "Production")
    {
        using IHost host = Host(section, code, environment);
        try
        {
            await host.StartAsync();
        }
        catch (OptionsValidationException exception)
        {
            Assert.DoesNotContain(SettingsApp.Canary, exception.ToString(), StringComparison.Ordinal);
            return [.. exception.Failures];
        }

        await host.StopAsync();
        return [];
    }

    /// <summary>The one thing that is wrong with the client 'billing' with these settings.</summary>
    public static async Task<string> ProblemAsync(string settings, Action<ClientCredentialsBuilder>? code = null) =>
        Assert.Single(await ProblemsAsync(LiveJson.Billing(settings), code));
}
