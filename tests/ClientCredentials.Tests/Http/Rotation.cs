using System.Collections;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Http;

/// <summary>Ends the lifetime of all handlers that the factory keeps, as its timers do after the shortest lifetime there is: a second that nobody waits for here.</summary>
internal sealed class Rotation(IServiceProvider services)
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    private readonly IHttpClientFactory _factory = services.GetRequiredService<IHttpClientFactory>();

    /// <summary>Every HttpClient that is made from now on has new handlers; those in use keep theirs.</summary>
    /// <returns>How many chains of handlers there were.</returns>
    public int Expire()
    {
        IDictionary active = (IDictionary)_factory.GetType().GetField("_activeHandlers", Hidden)!.GetValue(_factory)!;
        object[] chains = [.. active.Values.Cast<object>().Select(lazy => lazy.GetType().GetProperty("Value")!.GetValue(lazy)!)];
        MethodInfo tick = _factory.GetType().GetMethod("ExpiryTimer_Tick", Hidden)!;
        foreach (object chain in chains)
        {
            tick.Invoke(_factory, [chain]);
        }

        return chains.Length;
    }

    /// <summary>Disposes the handlers whose lifetime is over and that no HttpClient uses.</summary>
    public void CleanUp() => _factory.GetType().GetMethod("CleanupTimer_Tick", Hidden)!.Invoke(_factory, null);
}
