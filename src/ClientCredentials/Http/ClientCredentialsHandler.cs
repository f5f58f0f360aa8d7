using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Telemetry;
using ClientCredentials.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Http;

/// <summary>Gives each request of an HttpClient its token: attach, send, and after a refusal once more with a new one.</summary>
/// <remarks>Made from names alone, because a failure to make it would be kept for ever; what it needs it finds at its first request.</remarks>
internal sealed partial class ClientCredentialsHandler(IServiceProvider services, string httpClient, string? client, TokenParameters? parameters) : DelegatingHandler
{
    private const string Authorization = "Authorization";

    private ApiClient? _api;
    private TokenSupply? _usual;

    public bool IsFor(string? otherClient, TokenParameters? otherParameters) =>
        Names.Same(client, otherClient) && Equals(parameters, otherParameters);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            if (RequestChoice.Of(request) is { } choice)
            {
                return SendChosenAsync(request, choice, cancellationToken);
            }

            return Prepare(request) is { } supply
                ? SendAsync(request, supply, cancellationToken)
                : base.SendAsync(request, cancellationToken);
        }
        catch (ClientCredentialsException exception)
        {
            return Task.FromException<HttpResponseMessage>(exception);
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        TokenSupply? supply = RequestChoice.Of(request) is { } choice
            ? Now(PrepareAsync(request, choice, cancellationToken), cancellationToken)
            : Prepare(request);
        if (supply is null)
        {
            return base.Send(request, cancellationToken);
        }

        AccessToken token = Now(supply.GetTokenAsync(cancellationToken), cancellationToken);
        Uri sent = request.RequestUri!;
        HttpResponseMessage response = SendWith(token);
        if (!Renewal.IsRefusal(response, supply.Settings) || !IsRejected(request, response, sent, token, supply))
        {
            return response;
        }

        AccessToken next = OrDispose(response, () => Now(supply.GetTokenAsync(cancellationToken), cancellationToken));
        if (next.IsSameAs(token))
        {
            return response;
        }

        response.Dispose();
        return SendWith(next);

        HttpResponseMessage SendWith(AccessToken current)
        {
            Settings? settings = supply.Settings;
            if (current.Binding is not null)
            {
                return SendWithProof(request, current, settings, cancellationToken);
            }

            Attach(request, current, settings);
            try
            {
                return base.Send(request, cancellationToken);
            }
            finally
            {
                Detach(request, current, settings);
            }
        }
    }

    private async Task<HttpResponseMessage> SendChosenAsync(HttpRequestMessage request, RequestChoice choice, CancellationToken cancellationToken)
    {
        TokenSupply? supply = await PrepareAsync(request, choice, cancellationToken).ConfigureAwait(false);
        return await (supply is null ? base.SendAsync(request, cancellationToken) : SendAsync(request, supply, cancellationToken)).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TokenSupply supply, CancellationToken cancellationToken)
    {
        AccessToken token = await supply.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        if (token.Binding is not null)
        {
            return await SendBoundAsync(request, token, supply, cancellationToken).ConfigureAwait(false);
        }

        // The redirect handler below changes the request's own URL.
        Uri sent = request.RequestUri!;
        Settings? settings = supply.Settings;
        HttpResponseMessage response;
        Attach(request, token, settings);
        try
        {
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Detach(request, token, settings);
        }

        return Renewal.IsRefusal(response, settings) && IsRejected(request, response, sent, token, supply)
            ? await SendAgainAsync(request, response, token, supply, cancellationToken).ConfigureAwait(false)
            : response;
    }

    private async Task<HttpResponseMessage> SendAgainAsync(HttpRequestMessage request, HttpResponseMessage response, AccessToken refused, TokenSupply supply, CancellationToken cancellationToken)
    {
        AccessToken token;
        try
        {
            token = await supply.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }

        if (token.IsSameAs(refused))
        {
            // The server gives the same token again: the API would refuse it again.
            return response;
        }

        response.Dispose();
        Settings? settings = supply.Settings;
        if (token.Binding is not null)
        {
            return await SendWithProofAsync(request, token, settings, cancellationToken).ConfigureAwait(false);
        }

        Attach(request, token, settings);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Detach(request, token, settings);
        }
    }

    /// <summary>Where the request's token comes from, once it is sure that the request may have one; null where it goes as it is.</summary>
    private TokenSupply? Prepare(HttpRequestMessage request)
    {
        TokenSupply usual = _usual ?? FindUsual();
        if (HasOwnAuthorization(request, usual))
        {
            return null;
        }

        if (usual.Live is { Current: { } settings } live)
        {
            Destination.Check(request.RequestUri, live, settings, _api!.BaseOrigin);
        }

        return usual;
    }

    /// <summary>The same for a request that asks for something of its own.</summary>
    private async ValueTask<TokenSupply?> PrepareAsync(HttpRequestMessage request, RequestChoice choice, CancellationToken cancellationToken)
    {
        if (choice.Skips)
        {
            return null;
        }

        if (choice is { Client: null, Parameters: null })
        {
            return Prepare(request);
        }

        _api ??= services.GetRequiredService<ApiClients>().Get(httpClient);
        TokenSupply supply = await SupplyAsync(choice.Client ?? client, choice.Parameters, cancellationToken).ConfigureAwait(false);
        if (HasOwnAuthorization(request, supply))
        {
            return null;
        }

        if (supply.Live is { Current: { } own } live)
        {
            // The base address is that of the HttpClient's own client and profile: another's token has no business there.
            bool isUsualProfile = choice.Client is null && live == (_usual ?? FindUsual()).Live;
            if (choice.Client is null && !isUsualProfile && request.RequestUri is { IsAbsoluteUri: true } url)
            {
                request.RequestUri = Destination.Moved(url, _usual!.Settings, own);
            }

            Destination.Check(request.RequestUri, live, own, isUsualProfile ? _api.BaseOrigin : null);
        }

        return supply;
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
            ? new SourceSupply(own.Sources.Source(client, parameters))
            : Fake(client, parameters);
    }

    private async ValueTask<TokenSupply> SupplyAsync(string? asked, TokenParameters? askedParameters, CancellationToken cancellationToken) =>
        services.GetRequiredService<IClientCredentials>() is IOwnSources own
            ? new SourceSupply(await own.Sources.SourceAsync(asked, askedParameters, cancellationToken).ConfigureAwait(false))
            : Fake(asked, askedParameters);

    private FakeSupply Fake(string? asked, TokenParameters? askedParameters) =>
        new(services.GetRequiredService<IClientCredentials>(), asked ?? services.GetRequiredService<ClientSettings>().Find(null).Client ?? "", askedParameters);

    /// <summary>Rejects the token where the answer says that it is no longer good.</summary>
    /// <returns>Whether the request can and should be sent again with another.</returns>
    private bool IsRejected(HttpRequestMessage request, HttpResponseMessage response, Uri sent, AccessToken token, TokenSupply supply)
    {
        if (RequestChoice.Of(request) is { KeepsRefusal: true })
        {
            return false;
        }

        if (Renewal.WasRedirected(response, sent))
        {
            Log().RedirectDroppedToken(client ?? "", Origin.Shown(sent), (int)response.StatusCode, Origin.Shown(response.RequestMessage!.RequestUri!));
            return false;
        }

        return Renewal.IsWorthwhile(response, supply.Settings) && supply.Reject(token) && Replay.IsPossible(request.Content);
    }

    private void Attach(HttpRequestMessage request, AccessToken token, Settings? settings)
    {
        if (token.Certificate is { } certificate)
        {
            Present(request, certificate, settings!);
        }

        // Ready-made and unparsed: parsed, it would be formatted anew for each request.
        request.Headers.TryAddWithoutValidation(Authorization, token.Header);
        if (settings is { Options.ApiHeaders.Count: > 0 })
        {
            foreach ((string name, string value) in settings.Options.ApiHeaders)
            {
                if (!request.Headers.NonValidated.Contains(name))
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }
            }
        }
    }

    // No token stays on a request that the app keeps; and a retry outside of this handler finds it as the first try did.
    private static void Detach(HttpRequestMessage request, AccessToken token, Settings? settings)
    {
        if (token.Certificate is not null)
        {
            Presentation.TakeOff(request);
        }

        request.Headers.Remove(Authorization);
        if (settings is { Options.ApiHeaders.Count: > 0 })
        {
            foreach ((string name, string value) in settings.Options.ApiHeaders)
            {
                if (request.Headers.NonValidated.TryGetValues(name, out var values) && values.Count == 1 && values.ToString() == value)
                {
                    request.Headers.Remove(name);
                }
            }
        }
    }

    /// <summary>Sends the request over a connection with the token's certificate, or not at all (RFC 8705 §3).</summary>
    private void Present(HttpRequestMessage request, ClientCertificate certificate, Settings settings)
    {
        Presentation presentation = new(certificate, settings.Client, settings.Profile);
        if (request.RequestUri is { IsAbsoluteUri: true } url && url.Scheme != Uri.UriSchemeHttps)
        {
            throw presentation.Impossible($"the request goes to {Origin.Of(url)}, which is http.");
        }

        if (!CertificateRouter.IsBelow(InnerHandler))
        {
            throw presentation.Impossible($"something replaced the primary handler of the HttpClient '{_api!.Name}' after the app had configured it. Give it a SocketsHttpHandler by ConfigurePrimaryHttpMessageHandler.");
        }

        presentation.PutOn(request);
    }

    private ILogger Log() => services.GetRequiredService<ILogger<ClientCredentialsHandler>>();

    // The flight runs on the thread pool and needs nothing of this thread: waiting for it cannot deadlock.
    private static T Now<T>(ValueTask<T> pending, CancellationToken cancellationToken)
    {
        if (pending.IsCompleted)
        {
            return pending.GetAwaiter().GetResult();
        }

        Task<T> task = pending.AsTask();
        try
        {
            task.Wait(cancellationToken);
        }
        catch (AggregateException)
        {
            // What it holds is thrown below, as itself.
        }

        return task.GetAwaiter().GetResult();
    }

    private static T OrDispose<T>(HttpResponseMessage response, Func<T> get)
    {
        try
        {
            return get();
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
