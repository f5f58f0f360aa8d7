using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ClientCredentials.Testing.Server;

/// <summary>What the server says of itself (RFC 8414 §2), at the paths of RFC 8414 and of OpenID Connect Discovery.</summary>
internal sealed class MetadataDocument(TestAuthorizationServer server)
{
    private static readonly string[] Paths = ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"];
    private static readonly string[] Methods = ["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"];
    private static readonly string[] MethodsByCertificate = ["tls_client_auth", "self_signed_tls_client_auth"];
    private static readonly string[] SigningAlgorithms = ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public static bool IsAt(PathString path) => Array.Exists(Paths, known => path.Equals(known, StringComparison.Ordinal));

    public Task AnswerAsync(HttpContext context, ReceivedRequest request)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            return Answer.WriteAsync(context, HttpStatusCode.MethodNotAllowed, contentType: null, default);
        }

        var document = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["issuer"] = server.Issuer,
            ["token_endpoint"] = server.TokenUrl.AbsoluteUri,
            ["grant_types_supported"] = new[] { "client_credentials" },
            ["token_endpoint_auth_methods_supported"] = server.MutualTlsTokenUrl is null ? Methods : [.. Methods, .. MethodsByCertificate],
            ["token_endpoint_auth_signing_alg_values_supported"] = SigningAlgorithms,
            ["dpop_signing_alg_values_supported"] = SigningAlgorithms.Where(algorithm => !algorithm.StartsWith("HS", StringComparison.Ordinal)).ToArray(),
        };
        if (server.MutualTlsTokenUrl is { } alias)
        {
            document["mtls_endpoint_aliases"] = new Dictionary<string, string>(StringComparer.Ordinal) { ["token_endpoint"] = alias.AbsoluteUri };
        }

        return Answer.WriteJsonAsync(context, HttpStatusCode.OK, JsonSerializer.SerializeToUtf8Bytes(document));
    }
}
