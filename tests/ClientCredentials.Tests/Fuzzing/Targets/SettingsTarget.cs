using System.Globalization;
using System.Net;
using System.Text;
using ClientCredentials.Clients;
using ClientCredentials.Tests.Secrecy;
using ClientCredentials.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Fuzzing;

/// <summary>Settings of any kind: valid as a whole, or refused with reasons that show no secret. In both cases the app starts and every call is answered.</summary>
internal sealed class SettingsTarget : Target
{
    // Where a secret belongs, or seems to: no value of these may ever be shown.
    private static readonly string[] SecretKeys =
    [
        "ClientSecret", "AlternateClientSecret", "ClientSecert", "ClientSecret:0", "Key:Pem", "Key:Jwk", "Key:Password", "Key:Passwort", "TokenRequest:Form:password", "TokenRequest:Headers:X-Key", "ApiHeaders:X-Key", "TokenRequest:Form:client_secret", "Secret",
    ];

    private static readonly string[] Values =
    [
        "", "0", "-1", "true", "60", "00:01:00", "-00:00:01", "10675199.02:48:05.4775807", "1e9", "2147483648", "client_secret_post", "private_key_jwt", "none", "Raw", "a b", "a:b", "https://login.example.com/token", "https://login.example.com/t?a=b#f", "http://h", "https://u:p@h/",
        "//h", "https://xn--a.example/", "https://xn--\u00fc.example/", "https://\u00df.example/", "https://[::1]:0/", "https://h:99999", "file:///x", "*", "https://*.example.com", "401", "600", "OK", "urn:x", "Production", "/nowhere", "HS256", "{}", "[]",
    ];

    private static readonly string[] Words = ["\0", "\r\n", " ", ":", ";", "=", "%", "%zz", "\u00e9", "\ud800", "https://", "@", "#", "?", "[", "]", "*", "0", "9", "-", ".", "\u202e", new string('x', 300)];

    private static readonly string[] Keys = [.. ClientSchema.Rows.Select(row => row.Key), "Profiles:Production:TokenUrl", "Profiles:Production:MaxWait", "Profiles:Test:ClientId", "Profiles", "TokenRequest:Query:a", "TokenRequest:Form:b", "Scopes:0", "Scopes:1", "RenewOn:0", "ApiHeaders:X-A", "AllowedOrigins:0", "Resources:0", "TokenRequest"];

    public override string Name => "settings";

    public override int Everyday => 500;

    public override async ValueTask<bool> TryAsync(Chance chance, List<string> shown)
    {
        Dictionary<string, string?> settings = Settings(chance);
        shown.AddRange(settings.Select(pair => $"{pair.Key}={pair.Value}"));
        await using ServiceProvider app = App(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());

        try
        {
            app.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException exception)
        {
            Claim(exception.Failures.Any(), "Refused without a reason.");
            ClaimNoSecret(exception.ToString());
        }

        return await JudgeAsync(app, "billing");
    }

    private static async Task<bool> JudgeAsync(ServiceProvider app, string client)
    {
        IClientCredentials credentials = app.GetRequiredService<IClientCredentials>();
        bool isToken = false;
        try
        {
            ClaimGood(await credentials.GetTokenAsync(client));
            isToken = true;
        }
        catch (ClientCredentialsException exception)
        {
            ClaimNoSecret(exception.ToString());
            Claim(exception.Message.StartsWith("Client '", StringComparison.Ordinal), $"A message without its subject: {exception.Message}");
        }

        ClaimNoSecret((await credentials.ConnectAsync(client)).ToString());
        ClaimNoSecret(string.Join(' ', credentials.Statuses));
        return isToken;
    }

    private static Dictionary<string, string?> Settings(Chance chance)
    {
        const string Client = "ClientCredentials:Clients:billing";
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase)
        {
            [$"{Client}:TokenUrl"] = "https://login.example.com/token",
            [$"{Client}:ClientId"] = "billing-app",
            [$"{Client}:ClientSecret"] = Canaries.Secret,
        };
        for (int left = chance.Below(4); left > 0; left--)
        {
            string key = chance.OneIn(8) ? chance.Text(Keys, Words) : chance.Pick(Keys);
            settings[$"{Client}:{key}"] = IsSecret(key) ? Canaries.Secret : chance.Text(Values, Words);
        }

        for (int left = chance.Below(2); left > 0; left--)
        {
            settings[$"{Client}:{chance.Pick(SecretKeys)}"] = chance.Pick("", Canaries.Secret, $" {Canaries.Secret}", $"{Canaries.Secret}\n{chance.Character()}");
        }

        if (chance.OneIn(8))
        {
            settings[$"ClientCredentials:{chance.Text(["Profile", "ValidateOnStart", "Clients", "Clients:x", "Clients:Billing:TokenUrl", "Clients:y:Enabled"], Words)}"] = chance.Text(Values, Words);
        }

        return settings;
    }

    private static bool IsSecret(string key) => SecretKeys.Contains(key, StringComparer.OrdinalIgnoreCase);

    private static ServiceProvider App(IConfiguration configuration)
    {
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(new LeapClock(TimeSpan.FromMinutes(11)));
        services.AddSingleton(new Jitter(() => 0.5));
        services.AddClientCredentials(configuration).ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => new Server()));
        return services.BuildServiceProvider();
    }

    /// <summary>Gives a token to whoever sends something that another reader takes for a request.</summary>
    private sealed class Server : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            byte[] body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
            bool isForm = body.All(part => part is > 0x20 and < 0x7f);
            return new(isForm ? HttpStatusCode.OK : HttpStatusCode.BadRequest)
            {
                RequestMessage = request,
                Content = new StringContent(string.Create(CultureInfo.InvariantCulture, $$"""{"access_token":"t{{body.Length}}","token_type":"Bearer","expires_in":60}"""), Encoding.UTF8, "application/json"),
            };
        }
    }
}
