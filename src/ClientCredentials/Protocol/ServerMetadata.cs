using System.Text.Json;
using ClientCredentials.Clients;

namespace ClientCredentials.Protocol;

/// <summary>What an authorization server says of itself (RFC 8414 §2, OpenID Connect Discovery 1.0 §3), as far as a client needs it.</summary>
internal sealed record ServerMetadata(Uri TokenUrl, Uri? MutualTlsTokenUrl, IReadOnlyList<string> AuthenticationMethods)
{
    private const string OAuthPath = "/.well-known/oauth-authorization-server";
    private const string NoJson = "is no JSON";
    private const string NoObject = "is no JSON object";
    private const string OpenIdPath = "/.well-known/openid-configuration";

    /// <summary>Where the document may be: RFC 8414 puts the well-known path before the issuer's own (§3), OpenID behind it.</summary>
    public static IReadOnlyList<Uri> Addresses(Uri issuer)
    {
        string path = issuer.AbsolutePath.TrimEnd('/');
        string origin = issuer.GetLeftPart(UriPartial.Authority);
        return [new Uri(origin + OAuthPath + path), new Uri(origin + path + OpenIdPath)];
    }

    /// <summary>Whether a problem with a document is that there is none.</summary>
    public static bool IsNoDocument(string problem) => problem is NoJson or NoObject;

    /// <summary>Reads a document, and believes it only if it is the issuer's own.</summary>
    /// <returns>The metadata, or what is wrong.</returns>
    public static (ServerMetadata? Metadata, string Problem) Read(ReadOnlyMemory<byte> body, Uri issuer, bool allowsInsecureHttp)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return (null, NoObject);
            }

            return Read(document.RootElement, issuer, allowsInsecureHttp);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (null, NoJson);
        }
    }

    private static (ServerMetadata? Metadata, string Problem) Read(JsonElement document, Uri issuer, bool allowsInsecureHttp)
    {
        // Compared as text (RFC 8414 §3.3): a document that names another issuer may be an attack on this one.
        if (Text(document, "issuer") is not { } named || named != issuer.OriginalString)
        {
            string advice = Text(document, "issuer")?.TrimEnd('/') == issuer.OriginalString.TrimEnd('/') ? "; write Issuer as the server does, to the slash at its end" : "";
            return (null, $"names the issuer '{ServerText.Clean(Text(document, "issuer"), []) ?? "(none)"}' and not '{issuer.OriginalString}' (RFC 8414 §3.3){advice}");
        }

        if (Endpoint(document, "token_endpoint") is not { } token)
        {
            return (null, "has no token_endpoint that is an absolute http URL");
        }

        Uri? alias = document.TryGetProperty("mtls_endpoint_aliases", out JsonElement aliases) && aliases.ValueKind == JsonValueKind.Object
            ? Endpoint(aliases, "token_endpoint")
            : null;
        Uri? insecure = new[] { token, alias }.OfType<Uri>().FirstOrDefault(url => !MayBeUsed(url, issuer, allowsInsecureHttp));
        return insecure is null
            ? (new(token, alias, Words(document, "token_endpoint_auth_methods_supported")), "")
            : (null, $"leads to {Origin.Of(insecure)}, which is not secure");
    }

    // An https issuer never leads to http, whatever is allowed for one that is http itself.
    private static bool MayBeUsed(Uri url, Uri issuer, bool allowsInsecureHttp) =>
        url.Scheme == Uri.UriSchemeHttps || (issuer.Scheme != Uri.UriSchemeHttps && (allowsInsecureHttp || Origin.IsSecure(url)));

    private static Uri? Endpoint(JsonElement document, string name) =>
        Uri.TryCreate(Text(document, name), UriKind.Absolute, out Uri? url) && Origin.IsHttp(url) && url.Fragment.Length == 0 && url.UserInfo.Length == 0 ? url : null;

    private static string? Text(JsonElement document, string name) => document.TryGetProperty(name, out JsonElement value) ? JsonText.Of(value) : null;

    private static string[] Words(JsonElement document, string name) =>
        document.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(JsonText.Of).OfType<string>()]
            : [];
}
