using System.Security.Cryptography;
using System.Text.Json;
using ClientCredentials.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Authentication;

/// <summary>Neither the key nor a proof gets into what is logged, thrown, printed or serialized.</summary>
public class DpopSecrecy
{
    [Fact]
    public async Task Nothing_of_the_key_or_of_a_proof_is_logged_or_thrown()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string pem = key.ExportPkcs8PrivateKeyPem();
        LinesAndScopes lines = new();
        await using DpopApp app = await DpopApp.StartAsync(
            client => client.Dpop.Key.Pem = pem,
            builder => builder.Services.AddLogging(log => log.SetMinimumLevel(LogLevel.Trace).AddProvider(lines)));
        app.Server.Api.DpopNonces.IsRequired = app.Server.TokenEndpoint.DpopNonces.IsRequired = true;
        await app.Api.GetAsync("invoices");
        app.Server.TokenEndpoint.Do(async context =>
        {
            context.Response.StatusCode = 400;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsJsonAsync(new { error = "invalid_dpop_proof", error_description = $"not {context.Request.Headers["DPoP"]}" });
            return true;
        });

        ConnectResult refused = await app.Credentials.ConnectAsync("billing");

        AccessToken token = await app.TokenAsync();
        string all = string.Join('\n', [.. lines.All, refused.Problem, token.ToString(), JsonSerializer.Serialize(token), JsonSerializer.Serialize(app.Credentials.Statuses)]);
        string[] secrets =
        [
            pem.Split('\n')[1],
            System.Buffers.Text.Base64Url.EncodeToString(key.ExportParameters(includePrivateParameters: true).D),
            token.Reveal(),
            .. app.Server.TokenEndpoint.Received.Concat(app.Server.Api.Received).Select(request => request.Header("DPoP")!.Split('.')[2]),
        ];
        Assert.Contains("invalid_dpop_proof (not ***)", refused.Problem, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_of_the_settings_is_in_no_JSON_of_the_options()
    {
        ClientCredentialsOptions options = new();
        (options.Dpop.Key.Pem, options.Dpop.Key.Jwk, options.Dpop.Key.Password) = ("pem-text", "jwk-text", "pass-text");

        string json = JsonSerializer.Serialize(options);

        Assert.DoesNotContain("-text", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_was_made_shows_nothing_of_itself()
    {
        await using DpopApp app = await DpopApp.StartAsync();

        DpopKey key = app.Service<DpopKeys>().Get(DpopKeyChoice.SettingsOf(app, "billing")).Key!;

        Assert.DoesNotContain(key.GetType().GetProperties(), property => typeof(AsymmetricAlgorithm).IsAssignableFrom(property.PropertyType));
        Assert.Equal("ClientCredentials.Authentication.DpopKey", key.ToString());
    }
}
