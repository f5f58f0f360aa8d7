using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials;

/// <summary>An access token (RFC 6749 §1.4): a secret that opens an API until it expires. It never shows itself: ask <see cref="Reveal"/>.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AccessToken
{
    /// <summary>The type of a token that whoever holds it may use (RFC 6750).</summary>
    public const string Bearer = "Bearer";

    /// <summary>The type of a token that only who has its key may use (RFC 9449).</summary>
    public const string Dpop = "DPoP";

    private static readonly ReadOnlyDictionary<string, JsonElement> Nothing = new(new Dictionary<string, JsonElement>());

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private string? _revealed;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private string? _proofHash;

    private IReadOnlyDictionary<string, JsonElement>? _response;

    /// <summary>Makes a token; for fakes in tests, and for servers in front of which an app stands itself.</summary>
    /// <param name="token">The token's text: printable ASCII without spaces.</param>
    /// <param name="expiresAt">When it stops being good.</param>
    /// <param name="type">Its type, which is the scheme of the <c>Authorization</c> header. Defaults to Bearer.</param>
    /// <param name="scopes">The scopes it was granted. Defaults to none.</param>
    /// <param name="response">The rest of the server's answer. Defaults to nothing.</param>
    /// <exception cref="ArgumentException">The text is empty or has a character that no header can carry.</exception>
    public AccessToken(
        string token,
        DateTimeOffset expiresAt,
        string type = Bearer,
        IEnumerable<string>? scopes = null,
        IReadOnlyDictionary<string, JsonElement>? response = null)
    {
        if (!IsSendable(token) || !IsSendable(type))
        {
            throw new ArgumentException("A token and its type are printable ASCII without spaces.", nameof(token));
        }

        ExpiresAt = expiresAt;
        Type = type;
        Scopes = scopes is null ? [] : [.. scopes];
        _response = response is null ? null : new Dictionary<string, JsonElement>(response, StringComparer.Ordinal).AsReadOnly();
        Header = $"{type} {token}";
    }

    /// <summary>The token's type, which is the scheme of the <c>Authorization</c> header: <c>Bearer</c> or <c>DPoP</c>, in this casing, whatever the server wrote.</summary>
    public string Type { get; }

    /// <summary>The scopes granted (RFC 6749 §5.1): those the server named, else those asked for.</summary>
    public IReadOnlyList<string> Scopes { get; }

    /// <summary>When the token stops being good, by the clock of this machine.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>The other members of the server's answer, such as <c>instance_url</c>; never a token.</summary>
    public IReadOnlyDictionary<string, JsonElement> Response => _response ??= Read(Rest.Span);

    /// <summary>The value of the <c>Authorization</c> header, made once so that no request pays for it.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal string Header { get; }

    /// <summary>The key it is bound to; null where whoever holds it may use it.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal TokenBinding? Binding { get; init; }

    /// <summary>What a proof says of the token (RFC 9449 §4.2): the same each time.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal string ProofHash => _proofHash ??= DpopProof.Hash(Text);

    /// <summary>
    /// The value of the <c>DPoP</c> header of one request that carries this token (RFC 9449 §7.1): for gRPC, SignalR or a queue; an HttpClient with the handler needs
    /// none. Make a new one for each request, a repeated one included, and send <see cref="Type"/> and token in its <c>Authorization</c> header.
    /// </summary>
    /// <param name="method">The request's method.</param>
    /// <param name="url">Where the request goes; its query and fragment do not count.</param>
    /// <param name="nonce">The <c>DPoP-Nonce</c> of the API's last answer, kept for the next proofs too. Defaults to the last that is known for this origin.</param>
    /// <returns>The proof, or null where the token is not bound to a key.</returns>
    /// <exception cref="ArgumentException">The URL is not an absolute http or https one, or the nonce cannot be one.</exception>
    /// <exception cref="ClientCredentialsException">The key cannot sign.</exception>
    public string? CreateProof(HttpMethod method, Uri url, string? nonce = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (!Origin.IsHttp(url))
        {
            throw new ArgumentException("A proof is for an absolute http or https URL.", nameof(url));
        }

        if (Binding is not { } binding)
        {
            return null;
        }

        if (nonce is not null)
        {
            if (!DpopProof.IsNonce(nonce))
            {
                throw new ArgumentException("A nonce is printable ASCII without spaces, quotes and backslashes (RFC 9449 §8.1).", nameof(nonce));
            }

            binding.Keep(url, nonce);
        }

        return binding.Prove(this, method, url, nonce ?? binding.NonceOf(url));
    }

    /// <summary>The certificate that the token is bound to (RFC 8705 §3), and that must be presented wherever it goes; null where it is bound to none.</summary>
    internal ClientCertificate? Certificate { get; set; }

    /// <summary>The token's text. Keep it out of logs, messages and files.</summary>
    public string Reveal() => _revealed ??= Text;

    /// <summary>Type and end of life; never the token.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Type} token until {ExpiresAt:u}");

    /// <summary>A copy of the token's text. The header is what is kept: an app that never asks for the text holds it once.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal string Text => Header[(Type.Length + 1)..];

    /// <summary>The rest of the server's answer as it is kept until somebody reads it: a JSON object, or nothing.</summary>
    internal ReadOnlyMemory<byte> Rest { get; init; }

    internal bool IsSameAs(AccessToken other) =>
        ReferenceEquals(this, other) || Header.AsSpan(Type.Length + 1).SequenceEqual(other.Header.AsSpan(other.Type.Length + 1));

    // RFC 6750 §2.1 allows less, but real servers send more (eBay: '^' and '#'); what could break a header is refused.
    internal static bool IsSendable(string? text) => !string.IsNullOrEmpty(text) && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static ReadOnlyDictionary<string, JsonElement> Read(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            return Nothing;
        }

        Utf8JsonReader reader = new(rest);
        Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
        foreach (JsonProperty member in JsonElement.ParseValue(ref reader).EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        return members.AsReadOnly();
    }
}
