using ClientCredentials.Clients;
using ClientCredentials.Telemetry;
using ClientCredentials.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Http;

/// <summary>Gives each request of an HttpClient its token: attach, send, and after a refusal once more with a new one.</summary>
/// <remarks>Made from names alone, because a failure to make it would be kept for ever; what it needs it finds at its first request.</remarks>
internal sealed class ClientCredentialsHandler(IServiceProvider services, string httpClient, string? client, TokenParameters? parameters) : DelegatingHandler
{
    private const string Authorization = "Authorization";

    // Volatile: whoever sees the supply sees what was set before it.
    private volatile TokenSupply? _usual;
    private ApiClient? _api;

    public bool IsFor(string? otherClient, TokenParameters? otherParameters) =>
        Names.Same(client, otherClient) && Equals(parameters, otherParameters);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Prepare(request, out Settings? settings) is { } supply
                ? SendAsync(request, supply, settings, cancellationToken)
                : base.SendAsync(request, cancellationToken);
        }
        catch (ClientCredentialsException exception)
        {
            return Task.FromException<HttpResponseMessage>(exception);
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Prepare(request, out Settings? settings) is not { } supply)
        {
            return base.Send(request, cancellationToken);
        }

        bool hasKeptToken = false;
        AccessToken token = Next();
        Uri sent = request.RequestUri!;
        HttpResponseMessage response = SendWith(token);
        if (!Renewal.IsRefusal(response, settings) || !IsRejected(request, response, sent, hasKeptToken, token, supply))
        {
            return response;
        }

        AccessToken next = OrDispose(response, Next);
        if (next.IsSameAs(token))
        {
            return response;
        }

        response.Dispose();
        return SendWith(next);

        AccessToken Next()
        {
            AccessToken current = Now(supply.GetTokenAsync(cancellationToken), cancellationToken);
            settings = Rechecked(request, supply, settings);
            return current;
        }

        HttpResponseMessage SendWith(AccessToken current)
        {
            List<string>? added = Attach(request, current, settings);
            try
            {
                return base.Send(request, cancellationToken);
            }
            finally
            {
                hasKeptToken = Detach(request, added);
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TokenSupply supply, Settings? settings, CancellationToken cancellationToken)
    {
        AccessToken token = await supply.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        settings = Rechecked(request, supply, settings);
        // The redirect handler below changes the request's own URL.
        Uri sent = request.RequestUri!;
        HttpResponseMessage response;
        bool hasKeptToken = false;
        List<string>? added = Attach(request, token, settings);
        try
        {
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            hasKeptToken = Detach(request, added);
        }

        return Renewal.IsRefusal(response, settings) && IsRejected(request, response, sent, hasKeptToken, token, supply)
            ? await SendAgainAsync(request, response, token, supply, settings, cancellationToken).ConfigureAwait(false)
            : response;
    }

    private async Task<HttpResponseMessage> SendAgainAsync(HttpRequestMessage request, HttpResponseMessage response, AccessToken refused, TokenSupply supply, Settings? settings, CancellationToken cancellationToken)
    {
        AccessToken token;
        try
        {
            token = await supply.GetTokenAsync(cancellationToken).ConfigureAwait(false);
            settings = Rechecked(request, supply, settings);
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
        List<string>? added = Attach(request, token, settings);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Detach(request, added);
        }
    }

    /// <summary>Where the request's token comes from, once it is sure that the request may have one; null where it goes as it is.</summary>
    private TokenSupply? Prepare(HttpRequestMessage request, out Settings? settings)
    {
        settings = null;
        RequestChoice? choice = RequestChoice.Of(request);
        if (choice is { Skips: true })
        {
            return null;
        }

        TokenSupply usual = _usual ?? FindUsual();
        if (request.Headers.NonValidated.Contains(Authorization))
        {
            WarnOfOwnAuthorization(usual);
            return null;
        }

        TokenSupply supply = choice?.Parameters is { } asked ? Supply(asked) : usual;
        settings = supply.Settings;
        if (settings is not null && choice is not null && !IsUsualProfile(settings))
        {
            Move(request, choice, usual.Settings, settings);
        }

        Check(request, settings);
        return supply;
    }

    // They may have changed while the token was on its way, and with them where it may go.
    private Settings? Rechecked(HttpRequestMessage request, TokenSupply supply, Settings? known)
    {
        Settings? now = supply.Settings;
        if (!ReferenceEquals(now, known))
        {
            Check(request, now);
        }

        return now;
    }

    private void Check(HttpRequestMessage request, Settings? settings)
    {
        if (settings is not null)
        {
            // The base address is the usual profile's: another profile's token has no business there.
            Destination.Check(request.RequestUri, settings, IsUsualProfile(settings) ? _api!.BaseOrigin : null);
        }
    }

    private bool IsUsualProfile(Settings settings) => Names.Same(settings.Profile, _usual!.Settings?.Profile);

    private static void Move(HttpRequestMessage request, RequestChoice choice, Settings? usual, Settings asked)
    {
        if (request.RequestUri is { IsAbsoluteUri: true } url && !ReferenceEquals(url, choice.MovedTo))
        {
            request.RequestUri = choice.MovedTo = Destination.Moved(url, usual, asked);
        }
    }

    private TokenSupply FindUsual()
    {
        _api = services.GetRequiredService<ApiClients>().Get(httpClient);
        return _usual = Supply(parameters);
    }

    private TokenSupply Supply(TokenParameters? asked) =>
        services.GetRequiredService<IClientCredentials>() switch
        {
            IOwnSources own => new SourceSupply(own.Sources.Source(client, asked, parameters?.Profile)),
            { } fake => new FakeSupply(fake, client ?? services.GetRequiredService<ClientSettings>().Find(null).Client ?? "", asked),
        };

    /// <summary>Rejects the token where the answer says that it is no longer good.</summary>
    /// <returns>Whether the request can and should be sent again with another.</returns>
    private bool IsRejected(HttpRequestMessage request, HttpResponseMessage response, Uri sent, bool hasKeptToken, AccessToken token, TokenSupply supply)
    {
        if (Renewal.WasRedirected(response, request, sent, hasKeptToken))
        {
            Log().RedirectDroppedToken(client ?? "", Origin.Shown(sent), (int)response.StatusCode, Origin.Shown(response.RequestMessage!.RequestUri!));
            return false;
        }

        return Renewal.IsWorthwhile(response, supply.Settings) && supply.Reject(token) && Replay.IsPossible(request.Content);
    }

    /// <returns>The names of the API headers that are ours to take away again; a header of the caller's own wins.</returns>
    private static List<string>? Attach(HttpRequestMessage request, AccessToken token, Settings? settings)
    {
        // Ready-made and unparsed: parsed, it would be formatted anew for each request.
        request.Headers.TryAddWithoutValidation(Authorization, token.Header);
        if (settings is not { Options.ApiHeaders: { Count: > 0 } headers })
        {
            return null;
        }

        List<string> added = new(headers.Count);
        foreach ((string name, string value) in headers)
        {
            if (!request.Headers.NonValidated.Contains(name) && request.Headers.TryAddWithoutValidation(name, value))
            {
                added.Add(name);
            }
        }

        return added;
    }

    // No token stays on a request that the app keeps; and a retry outside of this handler finds it as the first try did.
    /// <returns>Whether the token was still on it.</returns>
    private static bool Detach(HttpRequestMessage request, List<string>? added)
    {
        added?.ForEach(name => request.Headers.Remove(name));
        return request.Headers.Remove(Authorization);
    }

    private void WarnOfOwnAuthorization(TokenSupply usual)
    {
        if (usual.Settings is { Options.KeepOwnAuthorization: false } settings && _api!.WarnsNow())
        {
            Log().OwnAuthorizationKept(_api.Name, settings.Client);
        }
    }

    private ILogger Log() => services.GetRequiredService<ILogger<ClientCredentialsHandler>>();

    // The flight runs on the thread pool and needs nothing of this thread: waiting for it cannot deadlock.
    private static AccessToken Now(ValueTask<AccessToken> pending, CancellationToken cancellationToken)
    {
        if (pending.IsCompleted)
        {
            return pending.GetAwaiter().GetResult();
        }

        Task<AccessToken> task = pending.AsTask();
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
