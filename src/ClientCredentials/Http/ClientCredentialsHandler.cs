using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Http;

/// <summary>Gives each request of an HttpClient its token: attach, send, and after a refusal once more with a new one.</summary>
/// <remarks>Made from names alone, because a failure to make it would be kept for ever; what it needs it finds at its first request.</remarks>
internal sealed partial class ClientCredentialsHandler(IServiceProvider services, string httpClient, string? client, TokenParameters? parameters) : DelegatingHandler
{
    private const string Authorization = "Authorization";

    private volatile Load? _last;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            if (RequestChoice.Of(request) is { } choice)
            {
                return SendChosenAsync(request, choice, cancellationToken);
            }

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
        Settings? settings;
        TokenSupply? supply;
        if (RequestChoice.Of(request) is { } choice)
        {
            (supply, settings) = Now(PrepareAsync(request, choice, cancellationToken), cancellationToken);
        }
        else
        {
            supply = Prepare(request, out settings);
        }

        if (supply is null)
        {
            return base.Send(request, cancellationToken);
        }

        bool hasKeptToken = false;
        Load load = Next();
        Uri sent = request.RequestUri!;
        HttpResponseMessage response = SendWith(load);
        if (!Renewal.IsRefusal(response, load.Settings) || !IsRejected(request, response, sent, hasKeptToken, load))
        {
            return response;
        }

        Load next;
        try
        {
            next = Next();
        }
        catch
        {
            response.Dispose();
            throw;
        }

        if (next.Token.IsSameAs(load.Token))
        {
            return response;
        }

        response.Dispose();
        return SendWith(next);

        Load Next()
        {
            AccessToken token = Now(supply.GetTokenAsync(cancellationToken), cancellationToken);
            settings = Rechecked(request, supply, settings);
            return LoadOf(supply, token, settings);
        }

        HttpResponseMessage SendWith(Load current)
        {
            if (current.Token.Binding is not null)
            {
                (HttpResponseMessage answer, hasKeptToken) = SendWithProof(request, current, cancellationToken);
                return answer;
            }

            Attach(request, current);
            try
            {
                return SendOn(request, current, cancellationToken);
            }
            finally
            {
                hasKeptToken = Detach(request, current);
            }
        }
    }

    private async Task<HttpResponseMessage> SendChosenAsync(HttpRequestMessage request, RequestChoice choice, CancellationToken cancellationToken)
    {
        (TokenSupply? supply, Settings? settings) = await PrepareAsync(request, choice, cancellationToken).ConfigureAwait(false);
        return await (supply is null ? base.SendAsync(request, cancellationToken) : SendAsync(request, supply, settings, cancellationToken)).ConfigureAwait(false);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TokenSupply supply, Settings? settings, CancellationToken cancellationToken)
    {
        ValueTask<AccessToken> pending = supply.GetTokenAsync(cancellationToken);
        return pending.IsCompletedSuccessfully
            ? SendAsync(request, LoadOf(supply, pending.Result, settings), cancellationToken)
            : WaitAndSendAsync(request, supply, settings, pending.AsTask(), cancellationToken);
    }

    private async Task<HttpResponseMessage> WaitAndSendAsync(
        HttpRequestMessage request,
        TokenSupply supply,
        Settings? settings,
        Task<AccessToken> pending,
        CancellationToken cancellationToken)
    {
        AccessToken token = await pending.ConfigureAwait(false);
        Load load = LoadOf(supply, token, Rechecked(request, supply, settings));
        return await SendAsync(request, load, cancellationToken).ConfigureAwait(false);
    }

    // What is kept while the API is waited for is paid for by every request: the load is one reference to all that they share.
    private static async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Load load, CancellationToken cancellationToken)
    {
        if (load.Token.Binding is not null)
        {
            return await load.Handler.SendBoundAsync(request, load, cancellationToken).ConfigureAwait(false);
        }

        // The redirect handler below changes the request's own URL.
        Uri sent = request.RequestUri!;
        HttpResponseMessage response;
        Attach(request, load);
        try
        {
            response = await load.Handler.SendOnAsync(request, load, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Detach(request, load);
            throw;
        }

        bool hasKeptToken = Detach(request, load);
        return Renewal.IsRefusal(response, load.Settings) && load.Handler.IsRejected(request, response, sent, hasKeptToken, load)
            ? await load.Handler.SendAgainAsync(request, response, load, cancellationToken).ConfigureAwait(false)
            : response;
    }

    private async Task<HttpResponseMessage> SendAgainAsync(HttpRequestMessage request, HttpResponseMessage response, Load refused, CancellationToken cancellationToken)
    {
        Load load;
        try
        {
            AccessToken token = await refused.Supply.GetTokenAsync(cancellationToken).ConfigureAwait(false);
            load = LoadOf(refused.Supply, token, Rechecked(request, refused.Supply, refused.Settings));
        }
        catch
        {
            response.Dispose();
            throw;
        }

        if (load.Token.IsSameAs(refused.Token))
        {
            // The server gives the same token again: the API would refuse it again.
            return response;
        }

        response.Dispose();
        if (load.Token.Binding is not null)
        {
            (response, _) = await SendWithProofAsync(request, load, cancellationToken).ConfigureAwait(false);
            return response;
        }

        Attach(request, load);
        try
        {
            return await SendOnAsync(request, load, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Detach(request, load);
        }
    }

    private Task<HttpResponseMessage> SendOnAsync(HttpRequestMessage request, Load load, CancellationToken cancellationToken) =>
        AddApiHeaders(request, load.Settings) is { } added
            ? SendWithApiHeadersAsync(request, added, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    // By itself, so that only clients that have such headers pay for it.
    private async Task<HttpResponseMessage> SendWithApiHeadersAsync(HttpRequestMessage request, List<string> added, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            RemoveApiHeaders(request, added);
        }
    }

    private HttpResponseMessage SendOn(HttpRequestMessage request, Load load, CancellationToken cancellationToken)
    {
        List<string>? added = AddApiHeaders(request, load.Settings);
        try
        {
            return base.Send(request, cancellationToken);
        }
        finally
        {
            RemoveApiHeaders(request, added);
        }
    }

    /// <summary>Rejects the token where the answer says that it is no longer good.</summary>
    /// <returns>Whether the request can and should be sent again with another.</returns>
    private bool IsRejected(HttpRequestMessage request, HttpResponseMessage response, Uri sent, bool hasKeptToken, Load load)
    {
        if (RequestChoice.Of(request) is { KeepsRefusal: true })
        {
            return false;
        }

        if (Renewal.WasRedirected(response, request, sent, hasKeptToken))
        {
            Log().RedirectDroppedToken(load.Settings?.Client ?? client ?? "", Origin.Shown(sent), (int)response.StatusCode, Origin.Shown(response.RequestMessage!.RequestUri!));
            return false;
        }

        return Renewal.IsWorthwhile(response, load.Settings) && load.Supply.Reject(load.Token) && Replay.IsPossible(request.Content);
    }

    private static void Attach(HttpRequestMessage request, Load load)
    {
        if (load.Token.Certificate is { } certificate)
        {
            load.Handler.Present(request, certificate, load.Settings);
        }

        // Ready-made and unparsed: parsed, it would be formatted anew for each request.
        request.Headers.TryAddWithoutValidation(Authorization, load.Token.Header);
    }

    /// <returns>The names of the API headers that are ours to take away again; a header of the caller's own wins.</returns>
    private List<string>? AddApiHeaders(HttpRequestMessage request, Settings? settings)
    {
        if (settings is not { Options.ApiHeaders: { Count: > 0 } headers })
        {
            return null;
        }

        SeeApiHeaders(settings);
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

    // No lambda over the request: it would be paid for by every send, whether there are such headers or not.
    private static void RemoveApiHeaders(HttpRequestMessage request, List<string>? added)
    {
        if (added is null)
        {
            return;
        }

        foreach (string name in added)
        {
            request.Headers.Remove(name);
        }
    }

    // No token stays on a request that the app keeps; and a retry outside of this handler finds it as the first try did.
    /// <returns>Whether the token was still on it.</returns>
    private static bool Detach(HttpRequestMessage request, Load load)
    {
        if (load.Token.Certificate is not null)
        {
            Presentation.TakeOff(request);
        }

        return request.Headers.Remove(Authorization);
    }

    /// <summary>Sends the request over a connection with the token's certificate, or not at all (RFC 8705 §3).</summary>
    private void Present(HttpRequestMessage request, ClientCertificate certificate, Settings? settings)
    {
        // An implementation of the app's own may hand out a token under a name that has no settings.
        Presentation presentation = new(certificate, settings?.Client ?? client ?? "", settings?.Profile);
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

    private Load LoadOf(TokenSupply supply, AccessToken token, Settings? settings) =>
        _last is { } last && last.Token == token && last.Supply == supply && last.Settings == settings
            ? last
            : _last = new Load(this, supply, token, settings);

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

    /// <summary>What all requests with the same token have in common.</summary>
    private sealed record Load(ClientCredentialsHandler Handler, TokenSupply Supply, AccessToken Token, Settings? Settings);
}
