using System.IdentityModel.Tokens.Jwt;
using System.Net;
using System.Security.Cryptography;
using ClientCredentials.Testing;
using ClientCredentials.Tests.Testing;
using Microsoft.IdentityModel.Tokens;

namespace ClientCredentials.Tests.Authentication;

/// <summary>The test server as a judge of assertions, made here by hand with System.IdentityModel.Tokens.Jwt.</summary>
public sealed class AssertionJudge : OneServer, IDisposable
{
    private readonly RSA _key = KeysOfTests.Rsa();

    public void Dispose() => _key.Dispose();

    [Theory]
    [InlineData("issuer")]
    [InlineData("token url")]
    public async Task A_good_assertion_gets_a_token(string audience)
    {
        Register();

        HttpResponseMessage answer = await SendAsync(Assertion(audience == "issuer" ? Server.Issuer : Server.TokenUrl.AbsoluteUri));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_second_use_of_an_assertion_is_refused()
    {
        Register();
        string assertion = Assertion();
        await SendAsync(assertion);

        await AssertRefusedAsync(assertion, "The claim jti has been used before.");
    }

    [Fact]
    public async Task Each_claim_is_checked()
    {
        Register();
        string[] audiences = [Server.Issuer];
        long now = Clock.GetUtcNow().ToUnixTimeSeconds();
        const string aboutAudience = "The claim aud must be one string, ";
        const string aboutExpiry = "The claim exp is missing, past, or more than an hour away.";
        const string aboutIssue = "The claim iat is missing, or iat or nbf lies in the future.";

        await AssertRefusedAsync(Assertion("https://other.example.com"), aboutAudience);
        await AssertRefusedAsync(Assertion(change: claims => claims["aud"] = audiences), aboutAudience);
        await AssertRefusedAsync(Assertion(change: claims => claims["iss"] = "other"), "The claims iss and sub must both be the client_id.");
        await AssertRefusedAsync(Assertion(change: claims => claims["exp"] = now), aboutExpiry);
        await AssertRefusedAsync(Assertion(change: claims => claims.Remove("exp")), aboutExpiry);
        await AssertRefusedAsync(Assertion(change: claims => claims["exp"] = now + 7200), aboutExpiry);
        await AssertRefusedAsync(Assertion(change: claims => claims["iat"] = now + 60), aboutIssue);
        await AssertRefusedAsync(Assertion(change: claims => claims["nbf"] = now + 60), aboutIssue);
        await AssertRefusedAsync(Assertion(change: claims => claims.Remove("jti")), "The claim jti is missing.");
    }

    [Fact]
    public async Task Another_key_another_algorithm_and_no_signature_are_refused()
    {
        Register();
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string unsigned = new JwtSecurityTokenHandler().WriteToken(new JwtSecurityToken(new JwtHeader(), Claims(Server.Issuer)));

        await AssertRefusedAsync(Assertion(signing: new(new ECDsaSecurityKey(other), "ES256")), "The signature of the client_assertion is not one of the client's keys.");
        await AssertRefusedAsync(Assertion(signing: new(new RsaSecurityKey(_key), "RS256")), "The algorithm RS256 is not the one registered for the client.");
        await AssertRefusedAsync(unsigned, "The signature of the client_assertion is not one of the client's keys.");
        await AssertRefusedAsync("a.b.c", "The client_assertion is no JWT.", clientId: null, isKnown: false);
    }

    [Fact]
    public async Task An_assertion_beside_another_method_or_for_a_client_of_another_method_is_refused()
    {
        Register();
        HttpResponseMessage both = await SendAsync(Assertion(), more: "&client_secret=s3cret");
        HttpResponseMessage secret = await Caller.AskAsync();
        Server["billing"].Authentication = ClientAuthentication.Post;
        HttpResponseMessage other = await SendAsync(Assertion());

        Assert.Equal("invalid_request", await Caller.ErrorAsync(both));
        Assert.Equal("invalid_client", await Caller.ErrorAsync(secret));
        Assert.Equal("invalid_client", await Caller.ErrorAsync(other));
    }

    [Fact]
    public async Task The_form_must_name_the_right_type_and_the_same_client()
    {
        Register();
        HttpResponseMessage type = await Caller.PostAsync($"grant_type=client_credentials&client_assertion_type=urn%3Aother&client_assertion={Assertion()}");
        HttpResponseMessage client = await SendAsync(Assertion(), clientId: "other");
        HttpResponseMessage none = await SendAsync(Assertion(), clientId: null);

        Assert.Equal("invalid_request", await Caller.ErrorAsync(type));
        Assert.Equal("invalid_client", await Caller.ErrorAsync(client));
        Assert.Equal(HttpStatusCode.OK, none.StatusCode);
    }

    private void Register()
    {
        TestClient client = Server["billing"];
        (client.Authentication, client.PublicKeys, client.Algorithm) = (ClientAuthentication.PrivateKeyJwt, [_key], "PS256");
    }

    private async Task AssertRefusedAsync(string assertion, string description, string? clientId = "billing", bool isKnown = true)
    {
        HttpResponseMessage answer = await SendAsync(assertion, clientId);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        string said = (await Caller.JsonAsync(answer)).GetProperty("error_description").GetString()!;
        Assert.StartsWith(isKnown ? description : "The request does not say which client it is from.", said, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> SendAsync(string assertion, string? clientId = "billing", string more = "") => Caller.PostAsync(
        "grant_type=client_credentials"
        + (clientId is null ? "" : $"&client_id={clientId}")
        + $"&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={assertion}{more}");

    private string Assertion(string? audience = null, Action<JwtPayload>? change = null, SigningCredentials? signing = null)
    {
        JwtPayload claims = Claims(audience ?? Server.Issuer);
        change?.Invoke(claims);
        signing ??= new SigningCredentials(new RsaSecurityKey(_key), "PS256");
        signing.Key.CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false };
        return new JwtSecurityTokenHandler().WriteToken(new JwtSecurityToken(new JwtHeader(signing), claims));
    }

    private JwtPayload Claims(string audience)
    {
        long now = Clock.GetUtcNow().ToUnixTimeSeconds();
        return new JwtPayload { ["iss"] = "billing", ["sub"] = "billing", ["aud"] = audience, ["jti"] = Guid.NewGuid().ToString("N"), ["iat"] = now, ["exp"] = now + 60 };
    }
}
