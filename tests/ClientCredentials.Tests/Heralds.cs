using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests;

/// <summary>Subscribers of StatusChanged are told behind the scenes: a test that asserts what they heard waits for it.</summary>
internal static class Heralds
{
    // What never comes must fail a test, not hang it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static SerialQueue Of(IServiceProvider app) => ((global::ClientCredentials.FrontDoor)app.GetRequiredService<IClientCredentials>()).News;

    public static Task ToldAsync(IServiceProvider app) => Of(app).Idle.WaitAsync(Patience);
}
