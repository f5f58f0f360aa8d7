using System.Globalization;
using System.Net;
using System.Text;
using ClientCredentials.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Fuzzing;

/// <summary>The reader of <c>WWW-Authenticate</c>.</summary>
internal sealed class ChallengeTarget : Target
{
    internal static readonly string[] Lines =
    [
        "Bearer", "Bearer error=\"invalid_token\"", "Negotiate, Basic realm=\"a,b\", Bearer error=\"invalid_token\", error_description=\"x, \\\"y\\\"\"", "Negotiate YWJj==, Bearer realm=x, error=insufficient_scope",
        "DPoP algs=\"ES256 PS256\", error=\"use_dpop_nonce\"", "Bearer authorization_uri=https://h/x?a=b=c, resource_id=1", "", ",,,", "Basic realm=\"\\", "\"", "=", "Bearer error = \"invalid_token\"",
    ];

    internal static readonly string[] Words = ["Bearer", "bearer ", "DPoP ", "error=", "\"", "\\", "=", ",", " ", "\t", "\u00e9", "\u0000", "realm=\"", "==", "a=b", ", , ", "~", "error=\"invalid_request\"", new string(' ', 300), new string(',', 300)];

    public override string Name => "challenge";

    public override int Everyday => 12_000;

    public override ValueTask<bool> TryAsync(Chance chance, List<string> shown)
    {
        string[] lines = [.. Enumerable.Range(0, 1 + chance.Below(3)).Select(_ => chance.Text(Lines, Words))];
        shown.AddRange(lines);

        IReadOnlyList<Challenge> challenges = Challenge.Read(lines);

        int written = lines.Sum(line => line.Length);
        int found = challenges.Sum(challenge => challenge.Scheme.Length + challenge.Parameters.Sum(pair => pair.Key.Length + pair.Value.Length));
        Claim(found <= written, $"{found} characters were found in {written}.");
        Claim(challenges.All(challenge => challenge.Scheme.Length > 0 && !challenge.Scheme.Any(char.IsWhiteSpace)), "A scheme that is none.");
        Claim(challenges.Count(challenge => challenge.IsFor("Bearer")) <= lines.Sum(line => line.Split("bearer", StringSplitOptions.None).Length + line.ToUpperInvariant().Split("BEARER").Length), "Bearer out of nothing.");
        return new(challenges.Count > 0);
    }
}

/// <summary>An API that answers anything to a request with a token: sent twice at most, never twice with the same token.</summary>
internal sealed class ApiTarget : Target
{
    private readonly LeapClock _clock = new(TimeSpan.FromSeconds(1));
    private readonly Api _api = new();
    private readonly ServiceProvider _app;
    private readonly HttpClient _http;

    public ApiTarget()
    {
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddClientCredentials()
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => new TokenServer()))
            .AddClient("billing", client => (client.TokenUrl, client.ClientId, client.ClientSecret, client.ApiUrl) =
                (new Uri("https://login.example.com/token"), "billing", Secrecy.Canaries.Secret, new Uri("https://api.example.com/")));
        services.AddHttpClient("api").AddClientCredentialsHandler("billing").ConfigurePrimaryHttpMessageHandler(() => _api);
        _app = services.BuildServiceProvider();
        _http = _app.GetRequiredService<IHttpClientFactory>().CreateClient("api");
    }

    public override string Name => "api";

    public override int Everyday => 5000;

    public override async ValueTask<bool> TryAsync(Chance chance, List<string> shown)
    {
        (_api.Chance, _api.Shown) = (chance, shown);
        _api.Sent.Clear();
        // The brake lets go after a while.
        _clock.Advance(TimeSpan.FromSeconds(chance.Below(400)));
        using HttpRequestMessage request = new(chance.OneIn(2) ? HttpMethod.Get : HttpMethod.Post, "x");
        request.Content = request.Method == HttpMethod.Get ? null : new StringContent("body");

        using HttpResponseMessage response = await _http.SendAsync(request);

        Claim(_api.Sent.Count is 1 or 2, $"It was sent {_api.Sent.Count} times.");
        Claim(_api.Sent.Distinct(StringComparer.Ordinal).Count() == _api.Sent.Count, "The same token was sent twice.");
        Claim(_api.Sent.All(sent => sent?.StartsWith("Bearer token-", StringComparison.Ordinal) == true), "No token was sent.");
        Claim(request.Headers.Authorization is null, "The token was left on the request.");
        Claim(_api.Sent.Count == 1 || _api.First == HttpStatusCode.Unauthorized, $"It was sent again after {_api.First}.");
        return _api.Sent.Count == 2;
    }

    public override void Dispose()
    {
        base.Dispose();
        _http.Dispose();
        _app.Dispose();
        _api.Dispose();
    }

    private sealed class Api : HttpMessageHandler
    {
        public Chance Chance { get; set; } = new(0);

        public List<string> Shown { get; set; } = [];

        public List<string?> Sent { get; } = [];

        public HttpStatusCode First { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpStatusCode status = Chance.OneIn(3) ? (HttpStatusCode)(200 + Chance.Below(400)) : HttpStatusCode.Unauthorized;
            First = Sent.Count == 0 ? status : First;
            Sent.Add(request.Headers.NonValidated.TryGetValues("Authorization", out var values) ? values.ToString() : null);
            HttpResponseMessage response = new(status) { RequestMessage = request };
            for (int left = Chance.Below(3); left > 0; left--)
            {
                string line = string.Concat(Chance.Text(ChallengeTarget.Lines, ChallengeTarget.Words).Where(character => character is not ('\r' or '\n' or '\0')));
                response.Headers.TryAddWithoutValidation("WWW-Authenticate", line);
                Shown.Add(line);
            }

            return Task.FromResult(response);
        }
    }

    private sealed class TokenServer : HttpMessageHandler
    {
        private static int _count;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            RequestMessage = request,
            Content = new StringContent(string.Create(CultureInfo.InvariantCulture, $$"""{"access_token":"token-{{Interlocked.Increment(ref _count)}}","expires_in":3600,"token_type":"Bearer"}"""), Encoding.UTF8, "application/json"),
        });
    }
}
