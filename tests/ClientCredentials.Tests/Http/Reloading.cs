using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ClientCredentials.Tests.Http;

/// <summary>Makes the settings be built anew, as a change of the configuration does.</summary>
internal sealed class Reloading : IOptionsChangeTokenSource<ClientCredentialsOptions>
{
    private ConfigurationReloadToken _change = new();

    public string? Name => Options.DefaultName;

    public void AddTo(IServiceCollection services) => services.AddSingleton<IOptionsChangeTokenSource<ClientCredentialsOptions>>(this);

    public IChangeToken GetChangeToken() => _change;

    public void Reload() => Interlocked.Exchange(ref _change, new ConfigurationReloadToken()).OnReload();
}
