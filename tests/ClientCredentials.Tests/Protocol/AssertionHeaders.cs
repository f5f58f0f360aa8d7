using System.Text;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tests.Protocol;

public sealed class AssertionHeaders
{
    [Theory]
    [InlineData(null, null, """{"alg":"ES256","typ":"JWT"}""")]
    [InlineData("", null, """{"alg":"ES256","typ":"JWT"}""")]
    [InlineData("k1", null, """{"alg":"ES256","typ":"JWT","kid":"k1"}""")]
    [InlineData("k1", "abc", """{"alg":"ES256","typ":"JWT","kid":"k1","x5t#S256":"abc"}""")]
    public void A_key_is_named_only_where_it_has_a_name(string? keyId, string? thumbprint, string header)
    {
        Assert.Equal(header, Encoding.UTF8.GetString(ClientAssertion.Header(JwsAlgorithm.Find("es256")!, "JWT", keyId, thumbprint)));
    }
}
