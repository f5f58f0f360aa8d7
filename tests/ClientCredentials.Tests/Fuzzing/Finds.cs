using System.Net;
using ClientCredentials.Authentication;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Tests.Http;
using ClientCredentials.Tests.Protocol;
using ClientCredentials.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Fuzzing;

/// <summary>What the fuzzing found, each find once.</summary>
public sealed class Finds
{
    // .NET takes it for a URL, and fails when it is to name the host: "xn--" announces what is pure ASCII.
    private const string HostWithoutName = "https://xn--\u00fc.example.com/";

    [Fact]
    public void A_jwk_with_half_of_a_surrogate_pair_is_no_valid_JSON()
    {
        (SigningKey? key, string? problem) = JwkKey.Read("{\"kty\":\"EC\ud800\"}");

        Assert.Null(key);
        Assert.Equal("is no valid JSON, which a JWK is", problem);
    }

    [Fact]
    public void A_pem_with_a_key_on_a_curve_that_this_machine_does_not_know_is_damaged_or_of_another_kind()
    {
        byte[] key = Convert.FromBase64String(string.Concat(KeyCorpus.Pems[0].Split('\n')[1..^1]));
        byte[] curve = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
        key[key.AsSpan().IndexOf(curve) + 4] = 0x3f;

        (SigningKey? read, string? problem) = PemKey.Read(new string(System.Security.Cryptography.PemEncoding.Write("PRIVATE KEY", key)), password: null);

        Assert.Null(read);
        Assert.Equal("has a private key that is damaged, or neither RSA nor EC (Ed25519 is not supported)", problem);
    }

    [Fact]
    public async Task Of_a_body_without_end_no_more_is_read_than_tells_that_it_is_too_much()
    {
        await using App app = new(client => client.MaxRetries = 0);
        using EndlessBody body = new();
        app.Tokens.Otherwise = _ => new(HttpStatusCode.OK) { Content = new StreamContent(body) };

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync("x"));

        Assert.Equal("Client 'billing': the answer of https://login.example.com/token is larger than 1048576 bytes.", exception.Message);
        Assert.Equal(TokenEndpoint.MaxBytes + 1, body.Taken);
    }

    [Fact]
    public async Task A_request_to_a_host_without_a_name_is_not_sent()
    {
        await using App app = new(client => client.AllowedOrigins.Add("*"));

        ClientCredentialsException exception = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.GetAsync(HostWithoutName));

        Assert.Equal(FailureReason.OriginNotAllowed, exception.Reason);
        Assert.StartsWith("Client 'billing': the request to an address that is no http URL was not sent: ", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, app.Api.Count);
    }

    [Theory]
    [InlineData("TokenUrl", "TokenUrl is not an absolute https URL.")]
    [InlineData("ApiUrl", "ApiUrl is not an absolute https URL.")]
    public void A_setting_that_is_a_host_without_a_name_is_refused(string setting, string problem)
    {
        using App app = new(client =>
        {
            client.TokenUrl = setting == "TokenUrl" ? new Uri(HostWithoutName) : client.TokenUrl;
            client.ApiUrl = setting == "ApiUrl" ? new Uri(HostWithoutName) : client.ApiUrl;
        });

        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() => app.Provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_origin_that_is_a_host_without_a_name_is_refused()
    {
        Assert.StartsWith("is not an origin", Origin.Parse(HostWithoutName, out _), StringComparison.Ordinal);
    }

    [Fact]
    public void A_redirect_to_a_host_without_a_name_is_a_redirect_like_any_other()
    {
        ServerAnswer answer = new(HttpStatusCode.Found, MediaType: null, Body: default, Location: new Uri(HostWithoutName));

        Failure failure = Assert.IsType<Failure>(Reading.Read(answer).Failure);

        Assert.StartsWith("the token endpoint https://login.example.com/t redirects (302), and a redirect is not followed", failure.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Metadata_that_lead_to_a_host_without_a_name_are_not_believed()
    {
        byte[] document = System.Text.Encoding.UTF8.GetBytes($$"""{"issuer":"https://login.example.com","token_endpoint":"{{HostWithoutName}}"}""");

        (ServerMetadata? metadata, string problem) = ServerMetadata.Read(document, new Uri("https://login.example.com"), allowsInsecureHttp: false);

        Assert.Null(metadata);
        Assert.Equal("has no token_endpoint that is an absolute http URL", problem);
    }

    /// <summary>Fills whatever is held out, and counts.</summary>
    private sealed class EndlessBody : Stream
    {
        public long Taken { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Taken += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
