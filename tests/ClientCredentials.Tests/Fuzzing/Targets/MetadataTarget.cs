using System.Text;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tests.Fuzzing;

/// <summary>The metadata of an issuer: an endpoint that may be used, or a reason.</summary>
internal sealed class MetadataTarget : Target
{
    private static readonly string[] Issuers = ["https://login.example.com/", "https://login.example.com/tenant", "http://localhost:5000"];

    private static readonly byte[][] Documents = Bytes(
        [.. Issuers.Select(issuer => $$$"""{"issuer":"{{{issuer}}}","token_endpoint":"{{{issuer}}}/token","token_endpoint_auth_methods_supported":["client_secret_basic","private_key_jwt"],"mtls_endpoint_aliases":{"token_endpoint":"https://mtls.example.com/token"}}""")]);

    private static readonly byte[][] Words = Bytes(
        "\"", "{", "}", "[", "]", ",", "null", "1", "\\ud800", "\\u0000", "\"\\ud800\":1,", "\"issuer\":\"https://login.example.com/\",", "\"token_endpoint\":\"http://h/\",", "\"token_endpoint\":\"/t\",", "\"token_endpoint\":\"https://u:p@h/\",", "\"token_endpoint\":\"https://h/#f\",",
        "\"token_endpoint\":\"file:///etc\",", "\"token_endpoint\":\"https://xn--\\u00fc.example/\",", "\"token_endpoint\":\"https://\\u00df.example/\",", "\"token_endpoint\":\"https://[::1%25x]/\",", "\"mtls_endpoint_aliases\":[],", "\"mtls_endpoint_aliases\":{\"token_endpoint\":1},", "\u202e", "%", "xn--", "\u3002", "\\n", new string('[', 70));

    public override string Name => "metadata";

    public override int Everyday => 12_000;

    public override ValueTask<bool> TryAsync(Chance chance, List<string> shown)
    {
        byte[] document = chance.Bytes(Documents, Words);
        Uri issuer = new(chance.Pick(Issuers));
        bool allowsInsecureHttp = chance.OneIn(2);
        shown.Add($"{issuer} {allowsInsecureHttp} {Encoding.Latin1.GetString(document)}");

        (ServerMetadata? metadata, string problem) = ServerMetadata.Read(document, issuer, allowsInsecureHttp);

        ClaimFit(problem);
        Claim(metadata is null != (problem.Length == 0), "Neither metadata nor a problem, or both.");
        foreach (Uri url in new[] { metadata?.TokenUrl, metadata?.MutualTlsTokenUrl }.OfType<Uri>())
        {
            Claim(url.IsAbsoluteUri && url.Scheme is "https" or "http", "An endpoint that is no http URL.");
            Claim(url.Scheme == "https" || issuer.Scheme == "http", "An https issuer led to http.");
            Claim(url.UserInfo.Length == 0 && url.Fragment.Length == 0, "An endpoint with user information or a fragment.");
            _ = Settings.WithQuery(url, new Dictionary<string, string> { ["a"] = "b" });
            _ = Origin.Of(url).ToString() + Origin.Shown(url);
        }

        return new(metadata is not null);
    }

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
