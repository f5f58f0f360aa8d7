using System.Net.Security;

namespace ClientCredentials.Http;

/// <summary>Makes a socket handler like another, for a certificate of its own.</summary>
internal static class SocketsCopy
{
    public static SocketsHttpHandler With(SocketsHttpHandler model, SslStreamCertificateContext certificate)
    {
        SocketsHttpHandler copy = new()
        {
            ActivityHeadersPropagator = model.ActivityHeadersPropagator,
            AllowAutoRedirect = model.AllowAutoRedirect,
            AutomaticDecompression = model.AutomaticDecompression,
            ConnectCallback = model.ConnectCallback,
            ConnectTimeout = model.ConnectTimeout,
            CookieContainer = model.CookieContainer,
            Credentials = model.Credentials,
            DefaultProxyCredentials = model.DefaultProxyCredentials,
            EnableMultipleHttp2Connections = model.EnableMultipleHttp2Connections,
            EnableMultipleHttp3Connections = model.EnableMultipleHttp3Connections,
            Expect100ContinueTimeout = model.Expect100ContinueTimeout,
            InitialHttp2StreamWindowSize = model.InitialHttp2StreamWindowSize,
            KeepAlivePingDelay = model.KeepAlivePingDelay,
            KeepAlivePingPolicy = model.KeepAlivePingPolicy,
            KeepAlivePingTimeout = model.KeepAlivePingTimeout,
            MaxAutomaticRedirections = model.MaxAutomaticRedirections,
            MaxConnectionsPerServer = model.MaxConnectionsPerServer,
            MaxResponseDrainSize = model.MaxResponseDrainSize,
            MaxResponseHeadersLength = model.MaxResponseHeadersLength,
            MeterFactory = model.MeterFactory,
            PlaintextStreamFilter = model.PlaintextStreamFilter,
            PooledConnectionIdleTimeout = model.PooledConnectionIdleTimeout,
            PooledConnectionLifetime = model.PooledConnectionLifetime,
            PreAuthenticate = model.PreAuthenticate,
            Proxy = model.Proxy,
            RequestHeaderEncodingSelector = model.RequestHeaderEncodingSelector,
            ResponseDrainTimeout = model.ResponseDrainTimeout,
            ResponseHeaderEncodingSelector = model.ResponseHeaderEncodingSelector,
            SslOptions = With(model.SslOptions, certificate),
            UseCookies = model.UseCookies,
            UseProxy = model.UseProxy,
        };
        foreach ((string key, object? value) in model.Properties)
        {
            copy.Properties[key] = value;
        }

        return copy;
    }

    // A context goes before any certificate or choice of one that the app has set.
    private static SslClientAuthenticationOptions With(SslClientAuthenticationOptions model, SslStreamCertificateContext certificate)
    {
        SslClientAuthenticationOptions copy = new()
        {
            AllowRenegotiation = model.AllowRenegotiation,
            AllowTlsResume = model.AllowTlsResume,
            ApplicationProtocols = model.ApplicationProtocols,
            CertificateChainPolicy = model.CertificateChainPolicy,
            CertificateRevocationCheckMode = model.CertificateRevocationCheckMode,
            CipherSuitesPolicy = model.CipherSuitesPolicy,
            ClientCertificateContext = certificate,
            EnabledSslProtocols = model.EnabledSslProtocols,
            EncryptionPolicy = model.EncryptionPolicy,
            RemoteCertificateValidationCallback = model.RemoteCertificateValidationCallback,
            TargetHost = model.TargetHost,
        };
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            copy.AllowRsaPkcs1Padding = model.AllowRsaPkcs1Padding;
            copy.AllowRsaPssPadding = model.AllowRsaPssPadding;
        }

        return copy;
    }
}
