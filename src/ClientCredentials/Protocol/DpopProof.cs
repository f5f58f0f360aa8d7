using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ClientCredentials.Protocol;

/// <summary>A JWT by which one request proves that its sender has a key (RFC 9449 §4.2), as yet unsigned. Good for that request only.</summary>
/// <param name="Method">The request's method.</param>
/// <param name="Url">Where the request goes.</param>
/// <param name="Id">Its <c>jti</c>, which a server takes once.</param>
/// <param name="IssuedAt">When it was made.</param>
internal sealed record DpopProof(HttpMethod Method, Uri Url, string Id, DateTimeOffset IssuedAt)
{
    /// <summary>The header that carries a proof.</summary>
    public const string HeaderName = "DPoP";

    /// <summary>The header by which a server names the nonce that it wants in the next proof (RFC 9449 §8).</summary>
    public const string NonceHeader = "DPoP-Nonce";

    /// <summary>The error of a server that wants a nonce (RFC 9449 §8).</summary>
    public const string NonceWanted = "use_dpop_nonce";

    /// <summary>The error of a server that does not take a proof (RFC 9449 §5).</summary>
    public const string NotTaken = "invalid_dpop_proof";

    private const int LongestNonce = 1024;

    /// <summary>The <c>ath</c> of the token that is sent beside it; null at the token endpoint, where there is none yet.</summary>
    public string? TokenHash { get; init; }

    /// <summary>The nonce that the server wants; null where none is known.</summary>
    public string? Nonce { get; init; }

    public static byte[] Header(JwsAlgorithm algorithm, PublicJwk key) => Jws.Json(writer =>
    {
        writer.WriteString("typ", "dpop+jwt");
        writer.WriteString("alg", algorithm.Name);
        writer.WritePropertyName("jwk");
        writer.WriteRawValue(key.Json, skipInputValidation: true);
    });

    public byte[] Claims() => Jws.Json(writer =>
    {
        writer.WriteString("jti", Id);
        // As the connection writes it: get, for one, is sent as GET.
        writer.WriteString("htm", HttpMethod.Parse(Method.Method).Method);
        writer.WriteString("htu", Target(Url));
        writer.WriteNumber("iat", IssuedAt.ToUnixTimeSeconds());
        if (TokenHash is not null)
        {
            writer.WriteString("ath", TokenHash);
        }

        if (Nonce is not null)
        {
            writer.WriteString("nonce", Nonce);
        }
    });

    /// <summary>A URL without query and fragment, as it is on the wire (RFC 9449 §4.2).</summary>
    public static string Target(Uri url)
    {
        string host = url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost;
        return url.IsDefaultPort ? $"{url.Scheme}://{host}{url.AbsolutePath}" : $"{url.Scheme}://{host}:{url.Port}{url.AbsolutePath}";
    }

    /// <summary>The <c>ath</c> of a token (RFC 9449 §4.2).</summary>
    public static string Hash(string token) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)));

    /// <summary>Whether a text can be a nonce (RFC 9449 §8.1), and is no longer than anyone needs.</summary>
    public static bool IsNonce(string? text) =>
        text is { Length: > 0 and <= LongestNonce } && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && !text.AsSpan().ContainsAny('"', '\\');

    /// <summary>The nonce that an answer names; null where it names none that could be one.</summary>
    public static string? NonceIn(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(NonceHeader, out var values) && values.Count == 1 && IsNonce(values.ToString()) ? values.ToString() : null;
}
