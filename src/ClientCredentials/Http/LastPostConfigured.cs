using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Http;

/// <summary>Makes the options of HttpClients as .NET does, with the post-configuration of this package after that of the app: what keeps secrets where they belong must not hang on the order of registration.</summary>
internal sealed class LastPostConfigured(
    IEnumerable<IConfigureOptions<HttpClientFactoryOptions>> setups,
    IEnumerable<IPostConfigureOptions<HttpClientFactoryOptions>> postSetups,
    IEnumerable<IValidateOptions<HttpClientFactoryOptions>> validators)
    : OptionsFactory<HttpClientFactoryOptions>(setups, postSetups.OrderBy(IsOurs), validators)
{
    private static bool IsOurs(IPostConfigureOptions<HttpClientFactoryOptions> setup) => setup is TokenClientSetup or ApiClientSetup;
}
