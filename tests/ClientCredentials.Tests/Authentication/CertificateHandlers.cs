using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Reflection;
using ClientCredentials.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using RichardSzalay.MockHttp;

namespace ClientCredentials.Tests.Authentication;

/// <summary>The app's own primary handler lends its settings to the connections with a certificate; one that cannot is named in an error, and nothing is sent.</summary>
public sealed class CertificateHandlers
{
    [Fact]
    public async Task The_settings_of_the_app_s_own_handlers_are_kept()
    {
        List<int> connected = [];
        await using CertificateApp app = await CertificateApp.StartAsync();
        string pem = CertificateApp.Pem(app.Issue());
        app.Configure(
            client => client.Certificate.Pem = pem,
            builder => builder.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => Handler(app, connected, 1))),
            () => Handler(app, connected, 2));

        HttpStatusCode answer = await app.CallAsync();

        Assert.Equal(HttpStatusCode.OK, answer);
        Assert.Equal([1, 2], connected);
    }

    [Fact]
    public async Task A_token_client_that_cannot_present_a_certificate_is_an_error_that_says_so()
    {
        MockHttpMessageHandler mock = new();
        await using CertificateApp app = await CertificateApp.StartAsync();
        string pem = CertificateApp.Pem(app.Issue());
        app.Configure(client => client.Certificate.Pem = pem, builder => builder.ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => mock)));

        ClientCredentialsException error = await app.TokenFailsAsync();

        Assert.Equal((FailureReason.NotConfigured, false), (error.Reason, error.IsTransient));
        Assert.StartsWith("Client 'billing': the certificate 'CN=billing, O=Example' (x5t#S256 ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            ") cannot be presented: the primary handler of the HttpClient 'ClientCredentials:billing' is a MockHttpMessageHandler. Give it a SocketsHttpHandler by ConfigurePrimaryHttpMessageHandler; its other settings are kept.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_HttpClient_that_cannot_present_a_certificate_is_an_error_that_says_so()
    {
        MockHttpMessageHandler mock = new();
        await using CertificateApp app = await CertificateApp.StartAsync();
        string pem = CertificateApp.Pem(app.Issue());
        app.Configure(client => client.Certificate.Pem = pem, primary: () => mock);

        ClientCredentialsException error = await app.CallFailsAsync();

        Assert.Equal(FailureReason.NotConfigured, error.Reason);
        Assert.EndsWith("the primary handler of the HttpClient 'invoices' is a MockHttpMessageHandler. Give it a SocketsHttpHandler by ConfigurePrimaryHttpMessageHandler; its other settings are kept.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_HttpClient_whose_primary_handler_is_replaced_behind_our_back_sends_no_bound_token()
    {
        MockHttpMessageHandler mock = new();
        MockedRequest anything = mock.When("*").Respond(HttpStatusCode.OK);
        await using CertificateApp app = await CertificateApp.StartAsync();
        string pem = CertificateApp.Pem(app.Issue());
        app.Configure(client => client.Certificate.Pem = pem, builder => builder.Services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new Replace("invoices", mock)));

        ClientCredentialsException error = await app.CallFailsAsync();

        Assert.EndsWith("something replaced the primary handler of the HttpClient 'invoices' after the app had configured it. Give it a SocketsHttpHandler by ConfigurePrimaryHttpMessageHandler.", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, mock.GetMatchCount(anything));
    }

    [Fact]
    public async Task A_token_client_whose_primary_handler_is_replaced_behind_our_back_gives_no_token()
    {
        MockHttpMessageHandler mock = new();
        mock.When("*").Respond("application/json", """{"access_token":"abc","token_type":"Bearer"}""");
        await using CertificateApp app = await CertificateApp.StartAsync();
        string pem = CertificateApp.Pem(app.Issue());
        // Before that of the package, which has the last word on all that are registered after it.
        app.Configure(client => client.Certificate.Pem = pem, builder => builder.Services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter>(new Replace("ClientCredentials:billing", mock))));

        ClientCredentialsException error = await app.TokenFailsAsync();

        Assert.Equal(FailureReason.NotConfigured, error.Reason);
        Assert.EndsWith("something replaced the primary handler of the token client after the app had configured it. Give it a SocketsHttpHandler by ConfigureTokenClient.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_client_whose_primary_handler_is_replaced_by_a_filter_has_its_own_again()
    {
        MockHttpMessageHandler mock = new();
        MockedRequest anything = mock.When("*").Respond(HttpStatusCode.OK);
        await using CertificateApp app = await CertificateApp.StartAsync();
        string pem = CertificateApp.Pem(app.Issue());
        app.Configure(client => client.Certificate.Pem = pem, builder => builder.Services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new Replace("ClientCredentials:billing", mock)));

        HttpStatusCode answer = await app.CallAsync();

        Assert.Equal((HttpStatusCode.OK, 0, 1), (answer, mock.GetMatchCount(anything), app.Server.TokenEndpoint.Succeeded));
    }

    [Fact]
    public async Task Connections_with_a_certificate_follow_no_redirect_of_a_token_endpoint()
    {
        await using CertificateApp app = await CertificateApp.StartAsync("client.pem");
        app.Server.TokenEndpoint.Redirect(app.Server.ApiUrl);

        ClientCredentialsException error = await app.TokenFailsAsync();

        Assert.Equal((FailureReason.InvalidResponse, 0), (error.Reason, app.Server.Api.Count));
    }

    [Fact]
    public void Every_setting_of_a_socket_handler_is_copied()
    {
        using SocketsHttpHandler model = new() { SslOptions = new SslClientAuthenticationOptions() };
        PropertyInfo[] all = Settable(typeof(SocketsHttpHandler));
        PropertyInfo[] tls = Settable(typeof(SslClientAuthenticationOptions));
        Assert.All(all.Where(property => property.Name != nameof(SocketsHttpHandler.SslOptions)), property => property.SetValue(model, Other(property, model)));
        Assert.All(tls.Where(property => !IsCertificate(property)), property => property.SetValue(model.SslOptions, Other(property, model.SslOptions)));
        model.Properties["mark"] = "yes";

        using SocketsHttpHandler copy = SocketsCopy.With(model, null!);

        Assert.All(all.Where(property => property.Name != nameof(SocketsHttpHandler.SslOptions)), property => Assert.Equal(property.GetValue(model), property.GetValue(copy)));
        Assert.All(tls.Where(property => !IsCertificate(property)), property => Assert.Equal(property.GetValue(model.SslOptions), property.GetValue(copy.SslOptions)));
        Assert.Equal("yes", copy.Properties["mark"]);
    }

    private static PropertyInfo[] Settable(Type type) => [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property is { CanWrite: true, SetMethod.IsPublic: true })];

    private static bool IsCertificate(PropertyInfo property) =>
        property.Name is nameof(SslClientAuthenticationOptions.ClientCertificates) or nameof(SslClientAuthenticationOptions.ClientCertificateContext) or nameof(SslClientAuthenticationOptions.LocalCertificateSelectionCallback);

    /// <summary>Another value than the one that is there.</summary>
    private static object? Other(PropertyInfo property, object owner)
    {
        object? now = property.GetValue(owner);
        Type type = property.PropertyType;
        return now switch
        {
            bool isOn => !isOn,
            int number => number == int.MaxValue ? 7 : number + 65536,
            TimeSpan => TimeSpan.FromSeconds(77),
            Enum => Enum.GetValues(type).Cast<object>().First(value => !value.Equals(now)),
            _ when type == typeof(CookieContainer) => new CookieContainer(),
            _ when type == typeof(string) => "other",
            _ when type == typeof(IWebProxy) => new WebProxy(),
            _ when type == typeof(ICredentials) => new NetworkCredential(),
            _ when type == typeof(List<SslApplicationProtocol>) => new List<SslApplicationProtocol> { SslApplicationProtocol.Http11 },
            _ when type == typeof(CipherSuitesPolicy) => OperatingSystem.IsWindows() ? null : new CipherSuitesPolicy([TlsCipherSuite.TLS_AES_128_GCM_SHA256]),
            _ when type == typeof(System.Security.Cryptography.X509Certificates.X509ChainPolicy) => new System.Security.Cryptography.X509Certificates.X509ChainPolicy(),
            _ when type == typeof(RemoteCertificateValidationCallback) => (RemoteCertificateValidationCallback)((_, _, _, _) => false),
            _ when type == typeof(System.Diagnostics.DistributedContextPropagator) => System.Diagnostics.DistributedContextPropagator.CreateNoOutputPropagator(),
            _ when type == typeof(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>) => (Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>)((_, _) => default),
            _ when type == typeof(Func<SocketsHttpPlaintextStreamFilterContext, CancellationToken, ValueTask<Stream>>) => (Func<SocketsHttpPlaintextStreamFilterContext, CancellationToken, ValueTask<Stream>>)((_, _) => default),
            _ when type == typeof(HeaderEncodingSelector<HttpRequestMessage>) => (HeaderEncodingSelector<HttpRequestMessage>)((_, _) => null),
            _ when type == typeof(System.Diagnostics.Metrics.IMeterFactory) => null,
            _ => throw new NotSupportedException($"{property.Name} is new: copy it, and give this test a value for it."),
        };
    }

    private static SocketsHttpHandler Handler(CertificateApp app, List<int> connected, int mark)
    {
        SocketsHttpHandler handler = (SocketsHttpHandler)app.Server.CreateHandler();
        handler.ConnectCallback = async (context, cancellationToken) =>
        {
            connected.Add(mark);
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        };
        return handler;
    }

    private sealed class Replace(string name, HttpMessageHandler primary) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            if (builder.Name == name)
            {
                builder.PrimaryHandler = primary;
            }
        };
    }
}
