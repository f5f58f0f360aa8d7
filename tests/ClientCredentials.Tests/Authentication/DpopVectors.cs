using System.Buffers.Text;
using System.IdentityModel.Tokens.Jwt;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClientCredentials.Protocol;
using Microsoft.IdentityModel.Tokens;

namespace ClientCredentials.Tests.Authentication;

/// <summary>The examples of RFC 9449 §4.1, §4.2, §6.1 and §7.1.</summary>
public class DpopVectors
{
    private const string TokenProof =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19"
        + ".eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ"
        + ".2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

    private const string ApiProof =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19"
        + ".eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9"
        + ".2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";

    private const string ApiToken = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";

    private static readonly ECPoint Point = new()
    {
        X = Base64Url.DecodeFromChars("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs"),
        Y = Base64Url.DecodeFromChars("9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"),
    };

    [Theory]
    [InlineData(TokenProof)]
    [InlineData(ApiProof)]
    public void The_examples_are_signed_with_the_key_they_carry(string proof)
    {
        using ECDsa key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = Point });

        new JwtSecurityTokenHandler().ValidateToken(
            proof,
            new TokenValidationParameters { IssuerSigningKey = new ECDsaSecurityKey(key), ValidateIssuer = false, ValidateAudience = false, ValidateLifetime = false },
            out SecurityToken token);

        Assert.Equal("ES256", ((JwtSecurityToken)token).Header.Alg);
    }

    [Fact]
    public void The_header_says_what_the_example_s_does()
    {
        byte[] header = DpopProof.Header(JwsAlgorithm.Find("ES256")!, PublicJwk.Of("P-256", Point));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Decoded(TokenProof, 0)), JsonNode.Parse(header)));
    }

    [Fact]
    public void The_claims_of_a_token_request_are_those_of_section_4_2_to_the_letter()
    {
        DpopProof proof = new(HttpMethod.Post, new Uri("https://server.example.com/token"), "-BwC3ESc6acc2lTc", DateTimeOffset.FromUnixTimeSeconds(1562262616));

        Assert.Equal(Decoded(TokenProof, 1), Encoding.UTF8.GetString(proof.Claims()));
    }

    [Fact]
    public void The_claims_of_an_API_call_are_those_of_section_7_1_to_the_letter()
    {
        DpopProof proof = new(HttpMethod.Get, new Uri("https://resource.example.org/protectedresource"), "e1j3V_bKic8-LAEB", DateTimeOffset.FromUnixTimeSeconds(1562262618)) { TokenHash = DpopProof.Hash(ApiToken) };

        Assert.Equal(Decoded(ApiProof, 1), Encoding.UTF8.GetString(proof.Claims()));
    }

    [Fact]
    public void The_hash_of_the_example_s_token_is_its_ath()
    {
        Assert.Equal("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo", DpopProof.Hash(ApiToken));
    }

    [Fact]
    public void The_thumbprint_of_the_example_s_key_is_the_jkt_of_section_6_1()
    {
        Assert.Equal("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", PublicJwk.Of("P-256", Point).Thumbprint);
    }

    [Theory]
    [InlineData("https://api.example.com/invoices?page=2#top", "https://api.example.com/invoices")]
    [InlineData("https://api.example.com", "https://api.example.com/")]
    [InlineData("HTTPS://API.Example.com:443/A", "https://api.example.com/A")]
    [InlineData("https://api.example.com:8443/a%2Fb/%C3%B6?x", "https://api.example.com:8443/a%2Fb/%C3%B6")]
    [InlineData("https://user@api.example.com/a", "https://api.example.com/a")]
    [InlineData("http://[::1]:5000/a", "http://[::1]:5000/a")]
    [InlineData("https://b\u00FCcher.example/a", "https://xn--bcher-kva.example/a")]
    public void The_htu_is_the_URL_of_the_wire_without_query_and_fragment(string url, string expected)
    {
        Assert.Equal(expected, DpopProof.Target(new Uri(url)));
    }

    [Theory]
    [InlineData("get", "GET")]
    [InlineData("PATCH", "PATCH")]
    [InlineData("Purge", "Purge")]
    public void The_htm_is_the_method_as_the_connection_writes_it(string method, string expected)
    {
        DpopProof proof = new(new HttpMethod(method), new Uri("https://api.example.com/"), "1", DateTimeOffset.UnixEpoch);

        Assert.Contains($"\"htm\":\"{expected}\"", Encoding.UTF8.GetString(proof.Claims()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eyJ7S_zG.eyJH0-Z.HX4w-7v", true)]
    [InlineData("a+b/c==", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a\"b", false)]
    [InlineData("a\\b", false)]
    [InlineData("\u00F6", false)]
    public void A_nonce_has_the_characters_of_section_8_1(string nonce, bool expected)
    {
        Assert.Equal(expected, DpopProof.IsNonce(nonce));
        Assert.False(DpopProof.IsNonce(new string('a', 1025)));
    }

    private static string Decoded(string jwt, int part) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(jwt.Split('.')[part]));
}
