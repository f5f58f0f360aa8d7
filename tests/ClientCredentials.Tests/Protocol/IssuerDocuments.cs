using System.Text;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tests.Protocol;

/// <summary>The metadata document by itself: bytes in, addresses or a problem out.</summary>
public sealed class IssuerDocuments
{
    private const string Issuer = "https://login.example.com";

    [Theory]
    [InlineData("""["private_key_jwt", 7, null, "tls_client_auth"]""", new[] { "private_key_jwt", "tls_client_auth" })]
    [InlineData("\"private_key_jwt\"", new string[0])]
    [InlineData("null", new string[0])]
    public void What_is_no_list_of_methods_is_overlooked(string methods, string[] read)
    {
        var (metadata, _) = Read(Issuer, $$""" "token_endpoint": "https://login.example.com/t", "token_endpoint_auth_methods_supported": {{methods}} """);

        Assert.Equal(read, metadata?.AuthenticationMethods);
    }

    [Theory]
    [InlineData("""{ "token_endpoint": "https://mtls.example.com/t" }""", "https://mtls.example.com/t")]
    [InlineData("""{ "other_endpoint": "https://mtls.example.com/t" }""", null)]
    [InlineData("\"https://mtls.example.com/t\"", null)]
    [InlineData("null", null)]
    public void Aliases_are_an_object_or_are_overlooked(string aliases, string? alias)
    {
        var (metadata, _) = Read(Issuer, $$""" "token_endpoint": "https://login.example.com/t", "mtls_endpoint_aliases": {{aliases}} """);

        Assert.Equal(("https://login.example.com/t", alias), (metadata?.TokenUrl.OriginalString, metadata?.MutualTlsTokenUrl?.OriginalString));
    }

    [Theory]
    [InlineData("http://localhost:8080", "http://localhost:8080/t", false, true)]
    [InlineData("http://login.internal", "http://login.internal/t", true, true)]
    [InlineData("http://login.internal", "http://login.internal/t", false, false)]
    [InlineData("https://login.example.com", "http://login.example.com/t", true, false)]
    [InlineData("https://login.example.com", "http://localhost:8080/t", true, false)]
    public void To_http_leads_only_an_issuer_that_is_http_itself(string issuer, string tokenUrl, bool allowsInsecureHttp, bool isRead)
    {
        var (metadata, problem) = Read(issuer, $$""" "token_endpoint": "{{tokenUrl}}" """, allowsInsecureHttp);

        Assert.Equal(isRead ? "" : $"leads to {tokenUrl[..^2]}, which is not secure", problem);
        Assert.Equal(isRead, metadata is not null);
    }

    [Theory]
    [InlineData("https://login.example.com/t#here")]
    [InlineData("https://user@login.example.com/t")]
    [InlineData("ftp://login.example.com/t")]
    public void What_is_no_plain_address_is_no_endpoint(string tokenUrl)
    {
        Assert.Equal((null, "has no token_endpoint that is an absolute http URL"), Read(Issuer, $$""" "token_endpoint": "{{tokenUrl}}" """));
    }

    [Theory]
    [InlineData("[]", "is no JSON object")]
    [InlineData("{", "is no JSON")]
    [InlineData("", "is no JSON")]
    [InlineData("{}", "names the issuer '(none)' and not 'https://login.example.com' (RFC 8414 §3.3)")]
    [InlineData("""{ "issuer": 7 }""", "names the issuer '(none)' and not 'https://login.example.com' (RFC 8414 §3.3)")]
    public void What_is_no_document_of_the_issuer_says_what_it_is(string body, string problem)
    {
        Assert.Equal((null, problem), ServerMetadata.Read(Encoding.UTF8.GetBytes(body), new Uri(Issuer), allowsInsecureHttp: false));
    }

    private static (ServerMetadata? Metadata, string Problem) Read(string issuer, string members, bool allowsInsecureHttp = false) =>
        ServerMetadata.Read(Encoding.UTF8.GetBytes($$"""{ "issuer": "{{issuer}}", {{members}} }"""), new Uri(issuer), allowsInsecureHttp);
}
