using ClientCredentials.Clients;
using ClientCredentials.Telemetry;
using ClientCredentials.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Http;

/// <summary>Where the token of a request comes from, and whether the request may have one.</summary>
internal sealed partial class ClientCredentialsHandler
{
    // Volatile: whoever sees the supply sees what was set before it.
    private volatile TokenSupply? _usual;
    private ApiClient? _api;

    public bool IsFor(string? otherClient, TokenParameters? otherParameters) =>
        Names.Same(client, otherClient) && Equals(parameters, otherParameters);

    /// <summary>Where the request's token comes from, once it is sure that the request may have one; null where it goes as it is.</summary>
    /// <param name="request">The request.</param>
    /// <param name="settings">The settings by which it may go where it goes.</param>
    private TokenSupply? Prepare(HttpRequestMessage request, out Settings? settings)
    {
        settings = null;
        TokenSupply usual = _usual ?? FindUsual();
        if (HasOwnAuthorization(request, usual))
        {
            return null;
        }

        settings = usual.Settings;
        if (settings is not null && usual.Active is not null)
        {
            Move(request, usual, settings);
        }

        Check(request, usual, settings);
        return usual;
    }

    /// <summary>The same for a request that asks for something of its own.</summary>
    private async ValueTask<(TokenSupply? Supply, Settings? Settings)> PrepareAsync(HttpRequestMessage request, RequestChoice choice, CancellationToken cancellationToken)
    {
        Settings? settings = null;
        if (choice.Skips)
        {
            return (null, null);
        }

        if (choice is { Client: null, Parameters: null })
        {
            return (Prepare(request, out settings), settings);
        }

        _api ??= services.GetRequiredService<ApiClients>().Get(httpClient);
        TokenSupply supply = await SupplyAsync(choice, cancellationToken).ConfigureAwait(false);
        if (HasOwnAuthorization(request, supply))
        {
            return (null, null);
        }

        settings = supply.Settings;
        TokenSupply? usual = IsOwnClient(choice) ? _usual ?? FindUsual() : null;
        if (settings is not null && usual is not null && !ReferenceEquals(request.RequestUri, choice.MovedTo))
        {
            Move(request, usual, settings);
            choice.MovedTo = request.RequestUri;
        }

        Check(request, supply, settings);
        return (supply, settings);
    }

    // They may have changed while the token was on its way, and with them where it may go.
    private Settings? Rechecked(HttpRequestMessage request, TokenSupply supply, Settings? known)
    {
        Settings? now = supply.Settings;
        if (!ReferenceEquals(now, known))
        {
            Check(request, supply, now);
        }

        return now;
    }

    private void Check(HttpRequestMessage request, TokenSupply supply, Settings? settings)
    {
        if (settings is not null && supply.Live is { } live)
        {
            // The base address is that of the HttpClient's own client and profile: another's token has no business there.
            Destination.Check(request.RequestUri, live, settings, IsUsual(supply) ? _api!.BaseOrigin : null);
        }
    }

    private bool IsUsual(TokenSupply supply) => supply.Live == _usual?.Live;

    private bool IsOwnClient(RequestChoice choice) => choice.Client is null || Names.Same(choice.Client, client);

    /// <summary>A request below the API of the HttpClient's own profile, or of the active one, goes below that of the profile asked for.</summary>
    private static void Move(HttpRequestMessage request, TokenSupply usual, Settings asked)
    {
        if (request.RequestUri is { IsAbsoluteUri: true } url)
        {
            request.RequestUri = Destination.Moved(Destination.Moved(url, usual.Settings, asked), usual.Active?.Current, asked);
        }
    }

    private bool HasOwnAuthorization(HttpRequestMessage request, TokenSupply supply)
    {
        if (!request.Headers.NonValidated.Contains(Authorization))
        {
            return false;
        }

        if (supply.Settings is { Options.KeepOwnAuthorization: false } settings && _api!.WarnsNow())
        {
            Log().OwnAuthorizationKept(_api.Name, settings.Client);
        }

        return true;
    }

    private TokenSupply FindUsual()
    {
        _api ??= services.GetRequiredService<ApiClients>().Get(httpClient);
        return _usual = services.GetRequiredService<IClientCredentials>() is IOwnSources own
            ? new SourceSupply(own.Sources.Source(client, parameters), parameters?.Profile is null ? null : own.Sources.Client(client, profile: null).Live)
            : Foreign(client, parameters);
    }

    // A request that names no profile stays with its handler's.
    private async ValueTask<TokenSupply> SupplyAsync(RequestChoice choice, CancellationToken cancellationToken)
    {
        string? profile = IsOwnClient(choice) ? parameters?.Profile : null;
        if (services.GetRequiredService<IClientCredentials>() is IOwnSources own)
        {
            return new SourceSupply(await own.Sources.SourceAsync(choice.Client ?? client, choice.Parameters, profile, cancellationToken).ConfigureAwait(false));
        }

        bool staysInProfile = profile is not null && choice.Parameters?.Profile is null;
        return Foreign(choice.Client ?? client, staysInProfile ? (choice.Parameters ?? new()).In(profile!) : choice.Parameters);
    }

    private ForeignSupply Foreign(string? asked, TokenParameters? askedParameters) => new(
        services.GetRequiredService<IClientCredentials>(),
        services.GetRequiredService<TokenSources>(),
        asked ?? services.GetRequiredService<ClientSettings>().Find(null).Client ?? "",
        askedParameters);
}
