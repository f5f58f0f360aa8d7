using System.Runtime.InteropServices;

namespace Quickstart;

/// <summary>The servers alone, for curl and for apps of your own, until Ctrl+C or SIGTERM.</summary>
internal static class KeptUp
{
    public static async Task<int> RunAsync()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        await using Servers servers = await Servers.StartAsync();

        Console.WriteLine(Greeting(servers));
        await asked.Task;
        return 0;

        void End(PosixSignalContext context)
        {
            // The process ends by itself, with its servers closed and exit code 0.
            context.Cancel = true;
            asked.TrySetResult();
        }
    }

    private static string Greeting(Servers servers) => $$"""
        Two authorization servers are up, each with an API that it protects. End them with Ctrl+C.

                     token URL                                 API URL (any path below it)
        Production   {{servers.Production.TokenUrl,-40}}  {{servers.Production.ApiUrl}}
        Staging      {{servers.Staging.TokenUrl,-40}}  {{servers.Staging.ApiUrl}}

                     client id      client secret               authentication
        Production   billing-app    secret-of-billing           client_secret_basic
        Production   shipping-app   secret-of-shipping          client_secret_post
        Staging      billing-test   staging-secret-of-billing   client_secret_basic

        A token in a Basic header, and a call with it:

        TOKEN=$(curl -s -u billing-app:secret-of-billing -d grant_type=client_credentials -d scope=invoices.read {{servers.Production.TokenUrl}} | cut -d'"' -f4)
        curl -si -H "Authorization: Bearer $TOKEN" {{servers.Production.ApiUrl}}invoices

        A token with id and secret in the body, and a call with it:

        TOKEN=$(curl -s -d grant_type=client_credentials -d client_id=shipping-app -d client_secret=secret-of-shipping {{servers.Production.TokenUrl}} | cut -d'"' -f4)
        curl -si -H "Authorization: Bearer $TOKEN" {{servers.Production.ApiUrl}}parcels

        The same in the appsettings.json of an app:

        {{servers.Settings}}

        """;
}
