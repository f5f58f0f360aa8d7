using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Authentication;

/// <summary>The proof in a token request, the server's nonces, and what the server may answer.</summary>
public class DpopTokenRequests
{
    [Fact]
    public async Task A_token_request_brings_a_proof_and_gets_a_bound_token()
    {
        await using DpopApp app = await DpopApp.StartAsync(client => client.TokenRequest.Query["tenant"] = "1");

        AccessToken token = await app.TokenAsync();

        ReceivedRequest request = Assert.Single(app.Server.TokenEndpoint.Received);
        JsonElement header = DpopApp.Part(request.Header("DPoP")!, 0);
        JsonElement claims = DpopApp.Part(request.Header("DPoP")!, 1);
        Assert.Equal("/oauth2/token?tenant=1", request.Target);
        Assert.Equal("dpop+jwt", DpopApp.Text(header, "typ"));
        Assert.Equal("ES256", DpopApp.Text(header, "alg"));
        Assert.Equal(["crv", "kty", "x", "y"], header.GetProperty("jwk").EnumerateObject().Select(member => member.Name));
        Assert.Equal(["jti", "htm", "htu", "iat"], claims.EnumerateObject().Select(member => member.Name));
        Assert.Equal("POST", DpopApp.Text(claims, "htm"));
        Assert.Equal(app.Server.TokenUrl.AbsoluteUri, DpopApp.Text(claims, "htu"));
        Assert.Equal(app.Clock.GetUtcNow().ToUnixTimeSeconds(), claims.GetProperty("iat").GetInt64());
        Assert.Equal("DPoP", token.Type);
    }

    [Fact]
    public async Task Each_attempt_brings_a_proof_of_its_own_with_the_same_key()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        app.Server.TokenEndpoint.Fail(HttpStatusCode.ServiceUnavailable, times: 2);

        await app.TokenAsync();

        Assert.Equal(3, DpopApp.Claims(app.Server.TokenEndpoint).Select(claims => DpopApp.Text(claims, "jti")).Distinct().Count());
        Assert.Single(app.Server.TokenEndpoint.Received.Select(request => request.Header("DPoP")!.Split('.')[0]).Distinct());
    }

    [Fact]
    [Trait("Scenario", "T60")]
    public async Task A_nonce_is_taken_up_at_once_and_the_one_of_the_retried_answer_serves_the_next_request()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        app.Server.TokenEndpoint.Answer(HttpStatusCode.BadRequest, """{"error":"use_dpop_nonce"}""", headers: [("DPoP-Nonce", "A")]);
        app.Server.TokenEndpoint.Answer(HttpStatusCode.OK, """{"access_token":"one","token_type":"DPoP","expires_in":60}""", headers: [("DPoP-Nonce", "B")]);

        await app.TokenAsync();
        await app.Credentials.ConnectAsync("billing");

        JsonElement[] proofs = DpopApp.Claims(app.Server.TokenEndpoint);
        Assert.Equal([null, "A", "B"], proofs.Select(claims => DpopApp.Text(claims, "nonce")));
        Assert.Equal(3, proofs.Select(claims => DpopApp.Text(claims, "jti")).Distinct().Count());
    }

    [Fact]
    [Trait("Scenario", "T60")]
    public async Task A_server_whose_nonces_are_good_once_is_asked_once_a_token_after_the_first()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        (app.Server.TokenEndpoint.DpopNonces.IsRequired, app.Server.TokenEndpoint.DpopNonces.IsOneTime) = (true, true);

        await app.TokenAsync();
        ConnectResult second = await app.Credentials.ConnectAsync("billing");

        Assert.Equal([400, 200, 200], app.Server.TokenEndpoint.Received.Select(request => request.StatusCode));
        Assert.Equal(1, second.Attempts);
    }

    [Fact]
    public async Task A_nonce_of_an_answer_that_is_an_error_counts_too()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        app.Server.TokenEndpoint.Answer(HttpStatusCode.ServiceUnavailable, "", headers: [("DPoP-Nonce", "A")]);

        await app.TokenAsync();

        Assert.Equal([null, "A"], DpopApp.Claims(app.Server.TokenEndpoint).Select(claims => DpopApp.Text(claims, "nonce")));
    }

    [Fact]
    public async Task The_request_with_the_nonce_is_no_retry()
    {
        await using DpopApp app = await DpopApp.StartAsync(client => client.MaxRetries = 0);
        app.Server.TokenEndpoint.DpopNonces.IsRequired = true;

        AccessToken token = await app.TokenAsync();

        Assert.Equal("DPoP", token.Type);
        Assert.Equal(2, app.Server.TokenEndpoint.Count);
    }

    [Fact]
    [Trait("Scenario", "T61")]
    public async Task A_server_that_never_has_enough_of_nonces_gets_two_requests()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        int count = 0;
        app.Server.TokenEndpoint.Do(async context =>
        {
            context.Response.StatusCode = 400;
            context.Response.ContentType = "application/json";
            context.Response.Headers["DPoP-Nonce"] = $"nonce-{++count}";
            await context.Response.Body.WriteAsync("""{"error":"use_dpop_nonce"}"""u8.ToArray());
            return true;
        }, times: int.MaxValue);

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        Assert.Equal([null, "nonce-1"], DpopApp.Claims(app.Server.TokenEndpoint).Select(claims => DpopApp.Text(claims, "nonce")));
        Assert.Equal((FailureReason.Refused, "use_dpop_nonce", false, 2), (error.Reason, error.Error, error.IsTransient, error.Attempts));
        Assert.Equal(
            $"Client 'billing': the token endpoint {app.Server.TokenUrl} refused the request with status 400: use_dpop_nonce. The server does not take the nonces that it gives; a proxy between may answer for several servers.",
            error.Message);
    }

    [Fact]
    [Trait("Scenario", "T61")]
    public async Task A_server_that_names_the_nonce_again_that_the_proof_had_gets_no_further_request()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        app.Server.TokenEndpoint.Answer(HttpStatusCode.BadRequest, """{"error":"use_dpop_nonce"}""", times: int.MaxValue, headers: [("DPoP-Nonce", "A")]);
        await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        ConnectResult again = await app.Credentials.ConnectAsync("billing");

        Assert.Equal([null, "A", "A"], DpopApp.Claims(app.Server.TokenEndpoint).Select(claims => DpopApp.Text(claims, "nonce")));
        Assert.Equal(("use_dpop_nonce", 1), (again.Error, again.Attempts));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "invalid_client")]
    [InlineData(HttpStatusCode.BadRequest, "invalid_dpop_proof")]
    public async Task A_nonce_beside_another_refusal_is_no_reason_to_ask_once_more(HttpStatusCode status, string error)
    {
        await using DpopApp app = await DpopApp.StartAsync();
        app.Server.TokenEndpoint.Answer(status, $$"""{"error":"{{error}}"}""", headers: [("DPoP-Nonce", "A")]);

        ClientCredentialsException refused = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        Assert.Equal((error, 1), (refused.Error, app.Server.TokenEndpoint.Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    public async Task A_nonce_that_cannot_be_one_is_asked_for_no_further(string nonce)
    {
        await using DpopApp app = await DpopApp.StartAsync();
        app.Server.TokenEndpoint.Answer(HttpStatusCode.BadRequest, """{"error":"use_dpop_nonce"}""", headers: [("DPoP-Nonce", nonce)]);

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        Assert.Equal("use_dpop_nonce", error.Error);
        Assert.Equal(1, app.Server.TokenEndpoint.Count);
    }

    [Fact]
    [Trait("Scenario", "T89")]
    public async Task The_request_with_the_nonce_brings_a_new_assertion_too()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using DpopApp app = await DpopApp.StartAsync(
            client => client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt,
            builder => builder.UseKey("billing", key),
            client => (client.Authentication, client.PublicKeys) = (ClientAuthentication.PrivateKeyJwt, [key]),
            secret: null);
        app.Server.TokenEndpoint.DpopNonces.IsRequired = true;

        await app.TokenAsync();

        string?[] assertions = [.. app.Server.TokenEndpoint.Received.Select(request => DpopApp.Text(DpopApp.Part(request.FormValue("client_assertion")!, 1), "jti"))];
        Assert.Equal([400, 200], app.Server.TokenEndpoint.Received.Select(request => request.StatusCode));
        Assert.Equal(2, assertions.Distinct().Count());
    }

    [Theory]
    [InlineData("\"Bearer\"", "type 'Bearer'")]
    [InlineData("\"MAC\"", "type 'MAC'")]
    [InlineData("null", "type 'something that is no text'")]
    [Trait("Scenario", "T63")]
    public async Task A_token_that_is_not_bound_is_thrown_away(string type, string named)
    {
        await using DpopApp app = await DpopApp.StartAsync(register: client => client.ExtraResponse = new Dictionary<string, object?> { ["token_type"] = JsonSerializer.Deserialize<JsonElement>(type) });

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Api.GetAsync("invoices"));

        Assert.Equal(
            $"Client 'billing': the server gave a token of {named}, and one of type 'DPoP' was asked for (RFC 9449 §5). Its operator must let it bind the tokens of this client; Dpop:AllowBearer takes tokens that are not bound.",
            error.Message);
        Assert.Equal((FailureReason.UnsupportedTokenType, false), (error.Reason, error.IsTransient));
        Assert.Equal((1, 0), (app.Server.TokenEndpoint.Count, app.Server.Api.Count));
    }

    [Fact]
    public async Task A_token_without_a_type_is_thrown_away()
    {
        await using DpopApp app = await DpopApp.StartAsync(register: client => client.TokenType = null);

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        Assert.Equal(FailureReason.UnsupportedTokenType, error.Reason);
        Assert.Contains("a token of no type, and one of type 'DPoP'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dpop")]
    [InlineData("DPOP")]
    public async Task The_casing_of_the_type_does_not_matter(string type)
    {
        await using DpopApp app = await DpopApp.StartAsync(register: client => client.TokenType = type);

        HttpResponseMessage answer = await app.Api.GetAsync("invoices");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("DPoP ", app.Server.Api.Received[0].Header("Authorization"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_option_a_token_that_is_not_bound_is_sent_as_Bearer_and_without_a_proof()
    {
        await using DpopApp app = await DpopApp.StartAsync(client => client.Dpop.AllowBearer = true, register: client => client.Dpop = ClientDpop.Ignored);

        HttpResponseMessage answer = await app.Api.GetAsync("invoices");

        ReceivedRequest call = Assert.Single(app.Server.Api.Received);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("Bearer ", call.Header("Authorization"), StringComparison.Ordinal);
        Assert.Null(call.Header("DPoP"));
        Assert.NotNull(app.Server.TokenEndpoint.Received[0].Header("DPoP"));
    }

    [Fact]
    public async Task By_option_a_token_that_is_bound_is_bound_all_the_same()
    {
        await using DpopApp app = await DpopApp.StartAsync(client => client.Dpop.AllowBearer = true);

        AccessToken token = await app.TokenAsync();

        Assert.Equal("DPoP", token.Type);
        Assert.NotNull(token.CreateProof(HttpMethod.Get, app.Server.ApiUrl));
    }

    [Fact]
    public async Task A_client_that_did_not_ask_for_a_bound_token_takes_none()
    {
        await using DpopApp app = await DpopApp.StartAsync(
            client => client.Dpop.Enabled = false,
            register: client => (client.Dpop, client.TokenType) = (ClientDpop.Accepted, "DPoP"));

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        Assert.Equal(
            "Client 'billing': the server gave a token of type 'DPoP', which this client does not understand (RFC 6749 §7.1). Only who proves to have its key may use it: set Dpop:Enabled.",
            error.Message);
        Assert.Null(app.Server.TokenEndpoint.Received[0].Header("DPoP"));
    }

    [Fact]
    public async Task A_server_that_wants_a_proof_is_named_with_the_setting_that_brings_it()
    {
        await using DpopApp app = await DpopApp.StartAsync(client => client.Dpop.Enabled = false);

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        Assert.EndsWith("status 400: invalid_dpop_proof (The client must prove that it has a key.) The server wants a proof of having a key: set Dpop:Enabled.", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, app.Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_proof_is_dated_by_the_server_s_clock_once_that_is_known()
    {
        await using DpopApp app = await DpopApp.StartAsync();
        DateTimeOffset ahead = app.Clock.GetUtcNow() + TimeSpan.FromHours(2);
        app.Server.TokenEndpoint.Answer(HttpStatusCode.ServiceUnavailable, "", headers: [("Date", ahead.ToString("R"))]);
        app.Server.TokenEndpoint.Answer(HttpStatusCode.OK, """{"access_token":"one","token_type":"DPoP"}""", headers: [("Date", ahead.ToString("R"))]);

        AccessToken token = await app.TokenAsync();
        JsonElement call = DpopApp.Part(token.CreateProof(HttpMethod.Get, app.Server.ApiUrl)!, 1);

        Assert.Equal(
            [app.Clock.GetUtcNow().ToUnixTimeSeconds(), ahead.ToUnixTimeSeconds(), ahead.ToUnixTimeSeconds()],
            DpopApp.Claims(app.Server.TokenEndpoint).Append(call).Select(claims => claims.GetProperty("iat").GetInt64()));
    }
}
