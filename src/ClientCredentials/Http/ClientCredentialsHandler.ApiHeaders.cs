using ClientCredentials.Clients;
using ClientCredentials.Telemetry;

namespace ClientCredentials.Http;

/// <summary>What is to be known of API headers before they are sent: no log may show them, and no redirect should take them along.</summary>
internal sealed partial class ClientCredentialsHandler
{
    private bool _hasLookedForRedirects;

    private void SeeApiHeaders(Settings settings)
    {
        _api!.SawApiHeaders(settings);
        if (_hasLookedForRedirects)
        {
            return;
        }

        _hasLookedForRedirects = true;
        if (Redirects.AreFollowed(InnerHandler) && _api.WarnsOfRedirectsNow())
        {
            Log().RedirectsTakeApiHeaders(_api.Name, settings.Client);
        }
    }
}
