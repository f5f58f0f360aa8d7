using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RichardSzalay.MockHttp;

namespace ClientCredentials.Tests.Protocol;

/// <summary>The client 'billing', a token endpoint that answers as the test says, and an API that always says yes. Retries have no pause.</summary>
internal sealed class OneClient : IAsyncDisposable
{
    public const string Id = "my client:1";
    public const string Secret = "p@ss:w/ö rd+%";
    public const string Token = """{"access_token":"t0ken","token_type":"Bearer","expires_in":3600}""";

    private readonly List<Sent> _asked = [];
    private readonly List<Sent> _called = [];
    private readonly ServiceProvider _app;

    public OneClient(Action<ClientCredentialsOptions> configure)
        : this(() => Answer(Token), configure)
    {
    }

    public OneClient(string answer, Action<ClientCredentialsOptions>? configure = null)
        : this(() => Answer(answer), configure)
    {
    }

    public OneClient(Func<HttpResponseMessage> answer, Action<ClientCredentialsOptions>? configure = null)
        : this(Keeping(answer, out List<Sent> asked), configure) => _asked = asked;

    public OneClient(HttpMessageHandler tokenEndpoint, Action<ClientCredentialsOptions>? configure = null, Action<ClientCredentialsBuilder>? more = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddFilter("System", LogLevel.None).AddProvider(Log));
        var builder = services.AddClientCredentials()
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => tokenEndpoint))
            .AddClient("billing", client =>
            {
                client.TokenUrl = new Uri("https://login.example.com/oauth2/token?tenant=hidden");
                client.ClientId = Id;
                client.ClientSecret = Secret;
                client.ApiUrl = new Uri("https://api.example.com/");
                client.RetryDelay = TimeSpan.Zero;
                configure?.Invoke(client);
            });
        more?.Invoke(builder);
        services.AddHttpClient("api").AddClientCredentialsHandler("billing")
            .ConfigurePrimaryHttpMessageHandler(() => Keeping(() => new HttpResponseMessage(HttpStatusCode.OK), _called));
        _app = services.BuildServiceProvider();
        Credentials = _app.GetRequiredService<IClientCredentials>();
    }

    public ManualClock Clock { get; } = new();

    public LogLines Log { get; } = new();

    public IClientCredentials Credentials { get; }

    /// <summary>What the token endpoint received.</summary>
    public IReadOnlyList<Sent> Asked => _asked;

    /// <summary>What the API received.</summary>
    public IReadOnlyList<Sent> Called => _called;

    public static HttpResponseMessage Answer(string body, HttpStatusCode status = HttpStatusCode.OK, string? type = "application/json")
        => Answer(Encoding.UTF8.GetBytes(body), status, type);

    public static HttpResponseMessage Answer(byte[] body, HttpStatusCode status = HttpStatusCode.OK, string? type = "application/json")
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return new HttpResponseMessage(status) { Content = content };
    }

    /// <summary>Gets a token once and shows what was sent for it.</summary>
    public static async Task<Sent> AskAsync(Action<ClientCredentialsOptions> configure, TokenParameters? parameters = null)
    {
        await using var client = new OneClient(configure);
        await client.TokenAsync(parameters);
        return Assert.Single(client.Asked);
    }

    public async Task<AccessToken> TokenAsync(TokenParameters? parameters = null) => await Credentials.GetTokenAsync("billing", parameters);

    public Task<ClientCredentialsException> FailureAsync(TokenParameters? parameters = null)
        => Assert.ThrowsAsync<ClientCredentialsException>(() => TokenAsync(parameters));

    public Task<HttpResponseMessage> CallAsync() => _app.GetRequiredService<IHttpClientFactory>().CreateClient("api").GetAsync("invoices");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static MockHttpMessageHandler Keeping(Func<HttpResponseMessage> answer, out List<Sent> sent) => Keeping(answer, sent = []);

    private static MockHttpMessageHandler Keeping(Func<HttpResponseMessage> answer, List<Sent> sent)
    {
        var mock = new MockHttpMessageHandler();
        mock.Fallback.Respond(async request =>
        {
            var body = request.Content is null ? "" : Encoding.Latin1.GetString(await request.Content.ReadAsByteArrayAsync());
            sent.Add(new Sent(request.Method.Method, request.RequestUri!.AbsoluteUri, [.. Lines(request.Headers), .. Lines(request.Content?.Headers)], body));
            return answer();
        });
        return mock;
    }

    private static IEnumerable<string> Lines(HttpHeaders? headers)
        => headers?.NonValidated.Where(header => header.Key != "Content-Length").Select(header => $"{header.Key}: {header.Value}") ?? [];
}

/// <summary>One request as it left: its headers as lines, its body byte by byte.</summary>
internal sealed record Sent(string Method, string Url, string[] Headers, string Body)
{
    public string? Header(string name) => Headers.SingleOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];
}
