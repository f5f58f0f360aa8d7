using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Authentication;

public sealed class AssertionContents : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _key.Dispose();

    [Fact]
    [Trait("Scenario", "T58")]
    public async Task With_a_known_issuer_the_request_carries_an_assertion_for_it_alone_and_nothing_else_that_proves()
    {
        await using AssertionApp app = await StartAsync();
        app.Configure(client =>
        {
            client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt;
            client.Issuer = app.Server.Issuer;
            client.Key.KeyId = "2026-01";
        }, builder => builder.UseKey("billing", _key));

        await app.TokenAsync();
        await app.Credentials.ConnectAsync("billing");

        ReceivedRequest request = app.Server.TokenEndpoint.Received[0];
        Assert.Equal(["grant_type", "client_id", "client_assertion_type", "client_assertion"], request.Form.Select(field => field.Key));
        Assert.Equal("billing-app", request.FormValue("client_id"));
        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", request.FormValue("client_assertion_type"));
        Assert.Null(request.Header("Authorization"));
        Assert.Equal("""{"alg":"ES256","typ":"JWT","kid":"2026-01"}""", app.Header().GetRawText());
        JsonElement claims = app.Claims();
        Assert.Equal(JsonValueKind.String, claims.GetProperty("aud").ValueKind);
        Assert.Equal(app.Server.Issuer, claims.GetProperty("aud").GetString());
        Assert.Equal("billing-app", claims.GetProperty("iss").GetString());
        Assert.Equal("billing-app", claims.GetProperty("sub").GetString());
        Assert.Equal(60, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.False(claims.TryGetProperty("nbf", out _));
        Assert.Equal(16, Base64Url.DecodeFromChars(claims.GetProperty("jti").GetString()).Length);
        Assert.NotEqual(claims.GetProperty("jti").GetString(), app.Claims(1).GetProperty("jti").GetString());
        Assert.Equal(2, app.Server.TokenEndpoint.Succeeded);
    }

    [Fact]
    [Trait("Scenario", "T59")]
    public async Task A_certificate_signs_with_PS256_is_named_by_its_thumbprint_and_is_for_the_token_url()
    {
        using RSA key = KeysOfTests.Rsa();
        await using AssertionApp app = await AssertionApp.StartAsync(client => (client.Authentication, client.PublicKeys) = (ClientAuthentication.PrivateKeyJwt, [key]));
        using X509Certificate2 certificate = new CertificateRequest("CN=billing", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(app.Clock.GetUtcNow(), app.Clock.GetUtcNow().AddYears(1));
        app.Configure(client =>
        {
            client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt;
            client.Key.Pkcs12File = app.File("billing.pfx", certificate.Export(X509ContentType.Pkcs12, "pass"));
            client.Key.Password = "pass";
        });

        await app.TokenAsync();

        string thumbprint = Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));
        Assert.Equal($$"""{"alg":"PS256","typ":"JWT","x5t#S256":"{{thumbprint}}"}""", app.Header().GetRawText());
        Assert.Equal(app.Server.TokenUrl.AbsoluteUri, app.Claims().GetProperty("aud").GetString());
        Assert.Equal(1, app.Server.TokenEndpoint.Succeeded);
    }

    [Fact]
    public async Task A_configured_audience_goes_before_the_issuer()
    {
        await using AssertionApp app = await StartAsync();
        app.Configure(client =>
        {
            client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt;
            client.Issuer = "https://login.example.com/tenant/";
            client.Assertion.Audience = app.Server.Issuer;
        }, builder => builder.UseKey("billing", _key));

        await app.TokenAsync();

        Assert.Equal(app.Server.Issuer, app.Claims().GetProperty("aud").GetString());
    }

    [Fact]
    public async Task The_issuer_is_sent_as_it_is_written()
    {
        await using AssertionApp app = await StartAsync();
        app.Configure(client =>
        {
            client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt;
            client.Issuer = "https://Login.example.com/tenant/";
        }, builder => builder.UseKey("billing", _key));

        await app.Credentials.ConnectAsync("billing");

        Assert.Equal("https://Login.example.com/tenant/", app.Claims().GetProperty("aud").GetString());
    }

    [Fact]
    public async Task It_is_issued_five_seconds_ago_by_the_apps_clock()
    {
        await using AssertionApp app = await StartAsync();
        app.Configure(client => client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt, builder => builder.UseKey("billing", _key));

        await app.TokenAsync();

        Assert.Equal(app.Clock.GetUtcNow().AddSeconds(-5).ToUnixTimeSeconds(), app.Claims().GetProperty("iat").GetInt64());
    }

    [Fact]
    public async Task It_is_issued_by_the_server_s_clock_once_that_is_known()
    {
        await using AssertionApp app = await StartAsync();
        DateTimeOffset ahead = app.Clock.GetUtcNow() + TimeSpan.FromHours(2);
        app.Server.TokenEndpoint.Answer(HttpStatusCode.ServiceUnavailable, "", headers: [("Date", ahead.ToString("R"))]);
        app.Server.TokenEndpoint.Answer(HttpStatusCode.OK, """{"access_token":"one","token_type":"Bearer"}""", headers: [("Date", ahead.ToString("R"))]);
        app.Configure(client => client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt, builder => builder.UseKey("billing", _key));

        await app.TokenAsync();

        Assert.Equal(
            new[] { app.Clock.GetUtcNow(), ahead }.Select(now => now.AddSeconds(-5).ToUnixTimeSeconds()),
            Enumerable.Range(0, 2).Select(request => app.Claims(request).GetProperty("iat").GetInt64()));
    }

    [Fact]
    public async Task Lifetime_backdate_not_before_and_type_are_as_configured()
    {
        await using AssertionApp app = await StartAsync();
        app.Configure(client =>
        {
            client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt;
            client.Assertion.Lifetime = TimeSpan.FromMinutes(5);
            client.Assertion.BackdateIssuedAt = TimeSpan.FromSeconds(30);
            client.Assertion.IncludeNotBefore = true;
            client.Assertion.Type = "client-authentication+jwt";
        }, builder => builder.UseKey("billing", _key));

        await app.TokenAsync();

        long now = app.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal([now - 30, now - 30, now + 270], new[] { "iat", "nbf", "exp" }.Select(claim => app.Claims().GetProperty(claim).GetInt64()));
        Assert.Equal("client-authentication+jwt", app.Header().GetProperty("typ").GetString());
    }

    [Fact]
    public async Task A_server_that_does_not_know_the_key_gets_a_hint_about_keys_and_the_assertion_is_not_shown()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using AssertionApp app = await StartAsync();
        app.Configure(client => client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt, builder => builder.UseKey("billing", other));

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        Assert.Equal("invalid_client", error.Error);
        Assert.Equal("Check ClientId, that the server knows the key and its algorithm, what audience it expects (Issuer, Assertion:Audience), and this machine's clock.", error.Hint);
        Assert.DoesNotContain(app.Server.TokenEndpoint.Received[0].FormValue("client_assertion")!, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_echoes_the_assertion_does_not_get_it_into_the_message()
    {
        await using AssertionApp app = await StartAsync();
        app.Configure(client => client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt, builder => builder.UseKey("billing", _key));
        app.Server.TokenEndpoint.Do(async context =>
        {
            using StreamReader reader = new(context.Request.Body);
            string body = await reader.ReadToEndAsync();
            context.Response.StatusCode = 400;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(new { error = "invalid_client", error_description = body[^100..] + " in " + body }));
            return true;
        });

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        Assert.Contains("client_assertion=***", error.ErrorDescription, StringComparison.Ordinal);
    }

    private Task<AssertionApp> StartAsync() =>
        AssertionApp.StartAsync(client => (client.Authentication, client.PublicKeys) = (ClientAuthentication.PrivateKeyJwt, [_key]));
}
