using System.Net;
using System.Text;
using ClientCredentials.Authentication;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Tests.Secrecy;

namespace ClientCredentials.Tests.Fuzzing;

/// <summary>The response parser: what a token endpoint answers is a good token or a failure.</summary>
internal sealed class AnswerTarget : Target
{
    private static readonly DateTimeOffset SentAt = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Settings[] Clients = [Client(_ => { }), Client(options => options.RequiredScopes.Add("a")), Client(options => options.TokenTypeAliases.Add("BearerToken"))];

    public override string Name => "answer";

    public override int Everyday => 5000;

    public override async ValueTask<bool> TryAsync(Chance chance, List<string> shown)
    {
        ServerAnswer answer = new(Status(chance), MediaType(chance), Body(chance), Location: Location(chance));
        shown.Add($"{(int)answer.Status} {answer.MediaType} {Encoding.Latin1.GetString(answer.Body.Span)}");
        Settings settings = chance.Pick(Clients);
        TokenRequest request = new(settings, asked: null);
        await new BasicCredential(settings.Options.ClientId!, Canaries.Secret, BasicEncoding.FormUrlEncoded).AddToAsync(request, SentAt, CancellationToken.None);

        TokenReply reply = TokenResponse.Read(answer, request, settings, SentAt);

        Claim(reply.Token is null != reply.Failure is null, "Neither a token nor a failure, or both.");
        Array.ForEach([.. reply.Oddities], oddity => ClaimNoSecret(oddity));
        if (reply.Failure is { } failure)
        {
            ClaimFit(failure.ToException("billing", profile: null));
            return false;
        }

        Claim(answer.IsSuccess, "A token of an answer that is no success.");
        Claim(reply.Lifetime >= TimeSpan.Zero && reply.Lifetime <= settings.Options.MaxTokenLifetime, $"A life of {reply.Lifetime}.");
        ClaimEqual(SentAt + reply.Lifetime, reply.Token!.ExpiresAt);
        ClaimGood(reply.Token);
        return true;
    }

    // Every other one well-formed in this, or too little would get any further.
    internal static HttpStatusCode Status(Chance chance) => chance.Below(40) switch
    {
        < 20 => HttpStatusCode.OK,
        < 22 => (HttpStatusCode)(200 + chance.Below(400)),
        _ => chance.Pick(HttpStatusCode.Created, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.TooManyRequests, HttpStatusCode.ServiceUnavailable, HttpStatusCode.Found),
    };

    internal static string? MediaType(Chance chance) =>
        chance.OneIn(2) ? "application/json" : chance.Pick("application/problem+json", "text/plain", null, "application/x-www-form-urlencoded", "text/html", "", "APPLICATION/JSON");

    internal static byte[] Body(Chance chance) => chance.Bytes(AnswerCorpus.Bodies, AnswerCorpus.Words);

    private static Uri? Location(Chance chance) => chance.OneIn(4) && Uri.TryCreate(chance.Text(HostileServer.Addresses, HostileServer.Words), UriKind.RelativeOrAbsolute, out Uri? location) ? location : null;

    private static Settings Client(Action<ClientCredentialsOptions> configure)
    {
        ClientCredentialsOptions options = new() { TokenUrl = new Uri("https://login.example.com/t"), ClientId = Canaries.ClientId, ClientSecret = Canaries.Secret };
        configure(options);
        return new Settings("billing", profile: null, isActive: true, options);
    }
}

/// <summary>What servers say, and what parsers dislike.</summary>
internal static class AnswerCorpus
{
    public static byte[][] Bodies { get; } = Bytes(
        """{"access_token":"t0ken","token_type":"Bearer","expires_in":3600,"scope":"a b"}""",
        """{"access_token":"e30.eyJpYXQiOjEwMDAsImV4cCI6MTkwMH0.c2ln","scope":["a","b c"],"x":{"y":[1,null,true]}}""",
        """{"access_token":"t","token_type":"bEaReR","expires_in":"3599.9","scope":"a b","refresh_token":"r","id_token":null}""",
        """{"access_token":"t","token_type":"BearerToken","expires_in":0,"instance_url":"https://i.example.com"}""",
        """{"error":{"code":401,"message":"no","status":"s"}}""",
        $$"""{"error":"invalid_client","error_description":{{Secret}}}""",
        $$"""{"error":"invalid_client","error_description":"no client {{Canaries.Form(Canaries.Secret)}} here","error_uri":"https://login.example.com/help"}""",
        """{"errorCode":"c","errorSummary":"s","ErrorCode":"d","Error":"e","fault":{"faultstring":"f"},"message":"m"}""",
        "access_token=a%2Bb&token_type=bearer&expires_in=60&scope=a+b&error=");

    public static byte[][] Words { get; } = Bytes(
        "\\ud800", "\\udc00", "\\u0000", "\\u000a", "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "true", "-1", "1e400", "-0", "1e-400", "99999999999999999999", "\u202e", "ö", "%", "%zz", "%c3", "&", "=", "\ufeff", " ", "\r\n",
        "\"access_token\":\"t\",", "\"error\":{},", "\"error\":\"\",", "\"error\":\" \",", "\"expires_in\":\"\\ud800\",", "\"expires_in\":\"Infinity\",", "\"expires_in\":\"NaN\",", "\"expires_in\":1e308,", "\"\\ud800\":1,", "\"error\":{\"\\ud800\":{}},", "\"access_token\\u0000\":1,",
        "\"scope\":[[]],", "\"token_type\":\"\\ud800\",", "\"token_type\":[],", Secret, new string('[', 70), new string('a', 600));

    private static string Secret => System.Text.Json.JsonSerializer.Serialize(Canaries.Secret);

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}

/// <summary><c>expires_in</c>, and the claims of a token that is a JWT: a life that is positive, and no longer than is believed.</summary>
internal sealed class LifetimeTarget : Target
{
    private static readonly string[] Numbers = ["3600", "\"3600\"", "3599.9", "\"3600.0\"", "0", "-1", "1438315200000", "9223372036854775808", "1e400", "null", "{}", "\"soon\"", "5e-324", "\"1,000\"", "\" 60 \"", "\"0x10\""];
    private static readonly string[] Claims = ["""{"iat":1000,"exp":1900}""", """{"iat":0,"exp":1e400}""", """{"iat":-1e308,"exp":1e308,"aud":["a"]}""", """{"exp":1,"iat":1,"iss":"\ud800"}"""];
    private static readonly string[] Words = ["0", "9", "-", "+", ".", "e", "E", "\"", "1e308", "-1e308", "Infinity", "NaN", "(5)", "\u0660", " ", "\t", ",", "null", "{", "[", "_", "00"];

    public override string Name => "lifetime";

    public override int Everyday => 12_000;

    public override ValueTask<bool> TryAsync(Chance chance, List<string> shown)
    {
        string written = chance.Text(Numbers, Words);
        string token = $"e30.{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(chance.Text(Claims, Words)))}.x";
        shown.Add($"{written} {token}");
        ClientCredentialsOptions options = new() { MaxTokenLifetime = TimeSpan.FromHours(1 + chance.Below(720)) };
        List<string> oddities = [];

        TimeSpan life = Lifetimes.Of(Json(written), token, options, oddities);

        Claim(life >= TimeSpan.Zero && life <= options.MaxTokenLifetime, $"A life of {life}.");
        Claim(Lifetimes.Margin(life) <= life && Lifetimes.RefreshWindow(life, options.RefreshBefore) <= life, "A margin longer than the life.");
        oddities.ForEach(oddity => ClaimFit(oddity));
        return new(oddities.Count == 0);
    }

    private static System.Text.Json.JsonElement? Json(string written)
    {
        try
        {
            return System.Text.Json.JsonDocument.Parse(Encoding.UTF8.GetBytes(written)).RootElement;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
