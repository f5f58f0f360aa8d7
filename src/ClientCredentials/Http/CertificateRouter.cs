using ClientCredentials.Protocol;

namespace ClientCredentials.Http;

/// <summary>Sends each request over connections with the certificate that it asks for, and all others as the app's own handler does.</summary>
/// <remarks>
/// <para>
/// It is the primary handler of the token clients and of the HttpClients that call APIs. The factory replaces the two at moments of their own, and a certificate is renewed at another;
/// so nothing is decided when a handler is made. Each request brings the certificate: a token request the newest, a request to the API the one that its token was got with.
/// </para>
/// <para>
/// There is one socket handler per certificate, made like the app's own, because a connection keeps the certificate it began with. When a certificate is retired its handler is disposed of
/// as soon as no request is on its way; a body that is still being read is not cut off.
/// </para>
/// </remarks>
internal sealed class CertificateRouter(HttpMessageHandler usual, string httpClient) : DelegatingHandler(usual)
{
    // Tenants may have a certificate each. What is idle is made again when it is needed.
    private const int MostIdle = 100;

    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private long _uses;
    private bool _isDisposed;

    /// <summary>How many certificates have connections.</summary>
    public int Lanes
    {
        get
        {
            lock (_lanes)
            {
                return _lanes.Count;
            }
        }
    }

    /// <summary>Whether a request that enters a chain of handlers will come to one like this.</summary>
    public static bool IsBelow(HttpMessageHandler? handler)
    {
        while (handler is DelegatingHandler { InnerHandler: var inner } and not CertificateRouter)
        {
            handler = inner;
        }

        return handler is CertificateRouter;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Presentation.Of(request) is { } presentation
            ? SendAsync(request, presentation, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Presentation.Of(request) is not { } presentation)
        {
            return base.Send(request, cancellationToken);
        }

        Lane lane = Enter(presentation);
        try
        {
            return lane.Connections.Send(request, cancellationToken);
        }
        finally
        {
            Leave(lane);
        }
    }

    protected override void Dispose(bool disposing)
    {
        List<Lane> all = [];
        lock (_lanes)
        {
            if (disposing && !_isDisposed)
            {
                _isDisposed = true;
                all = [.. _lanes.Values];
                _lanes.Clear();
            }
        }

        all.ForEach(lane => lane.Connections.Dispose());
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Presentation presentation, CancellationToken cancellationToken)
    {
        Lane lane = Enter(presentation);
        try
        {
            return await lane.Connections.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(lane);
        }
    }

    private Lane Enter(Presentation presentation)
    {
        ClientCertificate certificate = presentation.Certificate;
        Lane? lane;
        List<Lane> ended = [];
        lock (_lanes)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_lanes.TryGetValue(certificate.Thumbprint, out lane))
            {
                lane = new Lane(new HttpMessageInvoker(Connections(presentation)), certificate);
                ended = RemoveIdle();
                _lanes.Add(certificate.Thumbprint, lane);
            }
            else if (lane.Certificate.IsRetired)
            {
                // The same certificate, come again with other settings.
                lane.Certificate = certificate;
            }

            lane.Requests++;
            lane.LastUse = ++_uses;
        }

        presentation.Take();
        ended.ForEach(one => one.Connections.Dispose());
        return lane;
    }

    private void Leave(Lane lane)
    {
        lock (_lanes)
        {
            lane.Requests--;
            if (lane.Requests > 0 || !lane.Certificate.IsRetired || _isDisposed)
            {
                return;
            }

            _lanes.Remove(lane.Certificate.Thumbprint);
        }

        lane.Connections.Dispose();
    }

    /// <summary>Those that nobody will use again, and those used least where there are too many.</summary>
    private List<Lane> RemoveIdle()
    {
        List<Lane> idle = [.. _lanes.Values.Where(lane => lane.Requests == 0).OrderByDescending(lane => lane.LastUse)];
        List<Lane> ended = [.. idle.Where((lane, index) => lane.Certificate.IsRetired || index >= MostIdle - 1)];
        ended.ForEach(lane => _lanes.Remove(lane.Certificate.Thumbprint));
        return ended;
    }

    private SocketsHttpHandler Connections(Presentation presentation)
    {
        return InnerHandler is SocketsHttpHandler model
            ? SocketsCopy.With(model, presentation.Certificate.Context)
            : throw presentation.Impossible(
                $"the primary handler of the HttpClient '{httpClient}' is a {InnerHandler?.GetType().Name}. Give it a SocketsHttpHandler by ConfigurePrimaryHttpMessageHandler; its other settings are kept.");
    }

    /// <summary>The connections with one certificate, and how many requests are on their way over them.</summary>
    private sealed class Lane(HttpMessageInvoker connections, ClientCertificate certificate)
    {
        public HttpMessageInvoker Connections => connections;

        public ClientCertificate Certificate { get; set; } = certificate;

        public int Requests { get; set; }

        public long LastUse { get; set; }
    }
}
