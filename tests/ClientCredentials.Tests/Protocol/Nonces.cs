using System.Net;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tests.Protocol;

public sealed class Nonces
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    [InlineData(0, false)]
    public void A_nonce_has_at_most_1024_characters(int length, bool isNonce)
    {
        Assert.Equal(isNonce, DpopProof.IsNonce(new string('n', length)));
    }

    [Theory]
    [InlineData(new[] { "one" }, "one")]
    [InlineData(new[] { "one", "two" }, null)]
    [InlineData(new[] { "one two" }, null)]
    [InlineData(new string[0], null)]
    public void Of_two_nonces_neither_is_meant(string[] headers, string? read)
    {
        using HttpResponseMessage response = new(HttpStatusCode.OK);
        foreach (string header in headers)
        {
            response.Headers.TryAddWithoutValidation("DPoP-Nonce", header);
        }

        Assert.Equal(read, DpopProof.NonceIn(response));
    }
}
