using System.Net;
using System.Security.Cryptography;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Authentication;

public sealed class AssertionPerAttempt : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _key.Dispose();

    [Fact]
    [Trait("Scenario", "T39")]
    [Trait("Scenario", "T89")]
    public async Task Each_retry_carries_a_fresh_assertion()
    {
        await using AssertionApp app = await StartAsync();
        app.Configure(client => client.AuthenticationMethod = AuthenticationMethod.PrivateKeyJwt, builder => builder.UseKey("billing", _key));
        app.Server.TokenEndpoint.Fail(HttpStatusCode.InternalServerError, times: 2);

        await app.TokenAsync();

        Assert.Equal([500, 500, 200], app.Server.TokenEndpoint.Received.Select(request => request.StatusCode));
        Assert.Equal(3, Enumerable.Range(0, 3).Select(request => app.Claims(request).GetProperty("jti").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task The_code_that_signs_gets_the_algorithm_and_what_is_signed_for_each_attempt()
    {
        await using AssertionApp app = await StartAsync();
        List<string> asked = [];
        app.Configure(
            client => (client.AuthenticationMethod, client.Assertion.Algorithm) = (AuthenticationMethod.PrivateKeyJwt, "ES256"),
            builder => builder.UseSigner("billing", async (algorithm, data, _) =>
            {
                await Task.Yield();
                asked.Add(algorithm);
                return _key.SignData(data.Span, HashAlgorithmName.SHA256);
            }));
        app.Server.TokenEndpoint.Fail(HttpStatusCode.ServiceUnavailable);

        await app.TokenAsync();

        Assert.Equal(["ES256", "ES256"], asked);
        Assert.Equal(1, app.Server.TokenEndpoint.Succeeded);
    }

    [Fact]
    public async Task Code_that_fails_to_sign_once_is_asked_again()
    {
        await using AssertionApp app = await StartAsync();
        int calls = 0;
        app.Configure(
            client => (client.AuthenticationMethod, client.Assertion.Algorithm) = (AuthenticationMethod.PrivateKeyJwt, "ES256"),
            builder => builder.UseSigner("billing", (_, data, _) => ++calls == 1 ? throw new IOException("vault") : new(_key.SignData(data.Span, HashAlgorithmName.SHA256))));

        await app.TokenAsync();

        Assert.Equal(2, calls);
        Assert.Equal(1, app.Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task Code_that_cannot_sign_ends_in_a_failure_that_names_it()
    {
        await using AssertionApp app = await StartAsync();
        app.Configure(
            client => (client.AuthenticationMethod, client.Assertion.Algorithm, client.MaxRetries) = (AuthenticationMethod.PrivateKeyJwt, "ES256", 0),
            builder => builder.UseSigner("billing", (_, _, _) => throw new CryptographicException("no")));

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        Assert.Equal("Client 'billing': UseSigner could not sign with ES256 (CryptographicException).", error.Message);
        Assert.Equal(FailureReason.NotConfigured, error.Reason);
        Assert.True(error.IsTransient);
        Assert.Equal(0, app.Server.TokenEndpoint.Count);
    }

    [Fact]
    public async Task A_signature_in_DER_is_refused_before_it_is_sent()
    {
        await using AssertionApp app = await StartAsync();
        app.Configure(
            client => (client.AuthenticationMethod, client.Assertion.Algorithm) = (AuthenticationMethod.PrivateKeyJwt, "ES256"),
            builder => builder.UseSigner("billing", (_, _, _) => new(new byte[71])));

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        Assert.Equal("Client 'billing': UseSigner gave a signature of 71 bytes, and one of ES256 has 64: R and S one after the other (IEEE P1363), not DER (RFC 7518 §3.4).", error.Message);
        Assert.False(error.IsTransient);
        Assert.Equal(0, app.Server.TokenEndpoint.Count);
    }

    private Task<AssertionApp> StartAsync() =>
        AssertionApp.StartAsync(client => (client.Authentication, client.PublicKeys) = (ClientAuthentication.PrivateKeyJwt, [_key]));
}
