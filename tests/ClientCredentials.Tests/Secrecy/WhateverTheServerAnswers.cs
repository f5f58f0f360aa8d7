using System.Net;
using System.Text;
using System.Text.Json;
using ClientCredentials.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Secrecy;

public class WhateverTheServerAnswers
{
    private static readonly Dictionary<string, Func<Arrival, HttpResponseMessage>> Answers = new()
    {
        ["a token"] = _ => Wire.Json(HttpStatusCode.OK, Token()),
        ["a refusal that echoes the secret"] = _ => Refusal(HttpStatusCode.Unauthorized, "invalid_client", $"no client with secret {Canaries.Secret}."),
        ["a refusal that echoes the secret as it was sent"] = _ => Refusal(HttpStatusCode.Unauthorized, "invalid_client", $"no client with secret {Canaries.Form(Canaries.Secret)}."),
        ["a refusal that echoes the secret in lower-case percents"] = _ => Refusal(HttpStatusCode.Unauthorized, "invalid_client", Uri.EscapeDataString(Canaries.Secret).ToLowerInvariant()),
        ["a refusal that echoes the beginning of the secret"] = _ => Refusal(HttpStatusCode.Unauthorized, "invalid_client", $"no client with secret {Canaries.Secret[..15]}…"),
        ["a refusal that echoes the secret as HTML"] = _ => Refusal(HttpStatusCode.Unauthorized, "invalid_client", $"no client with secret <b>{WebUtility.HtmlEncode(Canaries.Secret)}</b>."),
        ["a refusal that echoes the header"] = arrival => Refusal(HttpStatusCode.BadRequest, "invalid_request", arrival.Header("Authorization") ?? "none"),
        ["a refusal that echoes the body"] = arrival => Refusal(HttpStatusCode.BadRequest, "invalid_request", Encoding.UTF8.GetString(arrival.Body)),
        ["a refusal that echoes a parameter"] = _ => Refusal(HttpStatusCode.BadRequest, "invalid_request", Canaries.Password),
        ["a refusal that echoes a header of the app's"] = arrival => Refusal(HttpStatusCode.BadRequest, "invalid_request", arrival.Header("X-Token-Header")!),
        ["a refusal whose code is the secret"] = _ => Refusal(HttpStatusCode.BadRequest, Canaries.Secret, "no"),
        ["a refusal with status 200"] = _ => Refusal(HttpStatusCode.OK, "incorrect_client_credentials", Canaries.Secret),
        ["a refusal of a gateway"] = _ => Wire.Json(HttpStatusCode.Forbidden, JsonSerializer.Serialize(new { fault = new { faultstring = Canaries.Secret } })),
        ["an outage that echoes"] = _ => Refusal(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable", Canaries.Secret),
        ["text"] = _ => new(HttpStatusCode.BadGateway) { Content = new StringContent(Canaries.Secret) },
        ["a page"] = _ => new(HttpStatusCode.OK) { Content = new StringContent($"<html>{Canaries.Secret}", Encoding.UTF8, "text/html") },
        ["a redirect"] = _ => new(HttpStatusCode.TemporaryRedirect) { Headers = { Location = new Uri($"https://elsewhere.example.com/{Uri.EscapeDataString(Canaries.Secret)}?token={Uri.EscapeDataString(Canaries.Token)}") } },
        ["a token that no header can carry"] = _ => Wire.Json(HttpStatusCode.OK, JsonSerializer.Serialize(new { access_token = Canaries.Token + "\r\nX-Evil: 1", token_type = "Bearer" })),
        ["two tokens"] = _ => Wire.Json(HttpStatusCode.OK, $$"""{"access_token":"{{Canaries.Token}}","access_token":"{{Canaries.Token}}","token_type":"Bearer"}"""),
        ["half a token"] = _ => Wire.Json(HttpStatusCode.OK, $$"""{"access_token":"{{Canaries.Token}}"""),
        ["a token of a type that is the token"] = _ => Wire.Json(HttpStatusCode.OK, $$"""{"access_token":"{{Canaries.Token}}","token_type":"{{Canaries.Token}}"}"""),
        ["a token of a type that is the secret"] = _ => Wire.Json(HttpStatusCode.OK, $$"""{"access_token":"{{Canaries.Token}}","token_type":"{{Canaries.Secret}}"}"""),
        ["a token of a life that is the secret"] = _ => Wire.Json(HttpStatusCode.OK, $$"""{"access_token":"{{Canaries.Token}}","token_type":"Bearer","expires_in":"{{Canaries.Secret}}"}"""),
        ["a token of scopes that are the secrets"] = _ => Wire.Json(HttpStatusCode.OK, JsonSerializer.Serialize(new { access_token = Canaries.Token, token_type = "Bearer", scope = new[] { "a", Canaries.Secret, $"x{Canaries.Token}" } })),
        ["a token of one text of scopes that are the secrets"] = _ => Wire.Json(HttpStatusCode.OK, JsonSerializer.Serialize(new { access_token = Canaries.Token, token_type = "Bearer", scope = $"a {Canaries.Secret} {Canaries.Token}" })),
        ["a token in a form"] = _ => new(HttpStatusCode.OK) { Content = new StringContent($"access_token={Uri.EscapeDataString(Canaries.Token)}&token_type=bearer", Encoding.UTF8, "application/x-www-form-urlencoded") },
        ["a broken connection"] = _ => throw new HttpRequestException("The server hung up."),
        ["a handler that gives up"] = _ => throw new TaskCanceledException(),
    };

    public static TheoryData<string, AuthenticationMethod> Cases
    {
        get
        {
            TheoryData<string, AuthenticationMethod> cases = [];
            foreach (string answer in Answers.Keys)
            {
                cases.Add(answer, AuthenticationMethod.ClientSecretBasic);
                cases.Add(answer, AuthenticationMethod.ClientSecretPost);
            }

            return cases;
        }
    }

    [Theory]
    [Trait("Scenario", "T68")]
    [MemberData(nameof(Cases))]
    public async Task No_secret_is_in_anything_that_is_written(string answer, AuthenticationMethod method)
    {
        using Evidence evidence = new();
        await using App app = new(client => WithCanaries(client, method), http => http.RedactLoggedHeaders(_ => false));
        app.Tokens.Otherwise = Answers[answer];
        app.Credentials.StatusChanged += (_, status) => evidence.AddObject(status);
        HttpRequestMessage request = new(HttpMethod.Get, "x");

        // The first is the server's answer, the second what is remembered of it.
        evidence.AddException(await Record.ExceptionAsync(() => app.Caller.SendAsync(request)));
        evidence.AddException(await Record.ExceptionAsync(() => app.Caller.GetAsync("y")));
        evidence.Add(request.ToString());
        await evidence.AddAppAsync(app);

        Assert.True(evidence.Count > 10);
        evidence.AssertClean();
    }

    [Theory]
    [Trait("Scenario", "T68")]
    [InlineData(200)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(500)]
    public async Task Nor_is_it_whatever_the_api_answers(int status)
    {
        using Evidence evidence = new();
        await using App app = new(client => WithCanaries(client, AuthenticationMethod.ClientSecretBasic), http => http.RedactLoggedHeaders(_ => false));
        int token = 0;
        app.Tokens.Otherwise = _ => Wire.Json(HttpStatusCode.OK, Token((++token).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        app.Api.Otherwise = _ => new((HttpStatusCode)status);

        HttpResponseMessage response = await app.Caller.GetAsync("x");
        await app.Caller.GetAsync("y");
        evidence.AddObject(await app.Credentials.GetTokenAsync("billing"));
        evidence.Add(response.ToString());
        evidence.Add(response.RequestMessage!.ToString());
        await evidence.AddAppAsync(app);

        Assert.All(app.Api.Tokens, sent => Assert.StartsWith($"Bearer {Canaries.Token}", sent, StringComparison.Ordinal));
        evidence.AssertClean();
    }

    [Fact]
    [Trait("Scenario", "T68")]
    public async Task Nor_is_it_when_a_request_must_not_be_sent()
    {
        using Evidence evidence = new();
        await using App app = new(client => WithCanaries(client, AuthenticationMethod.ClientSecretBasic));
        app.Tokens.Otherwise = Answers["a token"];
        string user = Uri.EscapeDataString(Canaries.Password);

        evidence.AddException(await Record.ExceptionAsync(() => app.Caller.GetAsync($"https://user:{user}@api.example.com/")));
        evidence.AddException(await Record.ExceptionAsync(() => app.Caller.GetAsync($"https://other.example.com/?key={user}")));
        await app.Caller.SendAsync(new HttpRequestMessage(HttpMethod.Get, "x") { Headers = { Authorization = new("Bearer", Canaries.Token) } });
        await evidence.AddAppAsync(app);

        evidence.AssertClean();
    }

    [Fact]
    public async Task A_scope_that_the_server_names_cannot_forge_a_line_of_the_log()
    {
        await using App app = new();
        app.Tokens.Otherwise = _ => Wire.Json(HttpStatusCode.OK, """{"access_token":"t","token_type":"Bearer","expires_in":60,"scope":"a\nERROR: forged \u202e"}""");

        await app.Caller.GetAsync("x");

        Assert.Contains("scopes 'a ERROR: forged'", Assert.Single(app.Log.Of(10)).Message, StringComparison.Ordinal);
    }

    private static void WithCanaries(ClientCredentialsOptions client, AuthenticationMethod method)
    {
        client.ClientId = Canaries.ClientId;
        client.ClientSecret = Canaries.Secret;
        client.AuthenticationMethod = method;
        client.MaxRetries = 0;
        client.ApiHeaders["X-Api-Key"] = Canaries.ApiKey;
        client.TokenRequest.Form["password"] = Canaries.Password;
        client.TokenRequest.Headers["X-Token-Header"] = Canaries.TokenHeader;
    }

    private static string Token(string suffix = "") =>
        $$"""{"access_token":"{{Canaries.Token + suffix}}","refresh_token":"{{Canaries.RefreshToken}}","id_token":"{{Canaries.IdToken}}","token_type":"Bearer","expires_in":3600,"instance_url":"https://instance.example.com"}""";

    private static HttpResponseMessage Refusal(HttpStatusCode status, string error, string description) =>
        Wire.Json(status, JsonSerializer.Serialize(new { error, error_description = description }));
}
