using System.Diagnostics;
using System.Text.Json.Serialization;

namespace ClientCredentials;

/// <summary>What else goes into a token request, beyond the client, its scopes, its audience and its resources.</summary>
public sealed class TokenRequestOptions
{
    /// <summary>The <c>grant_type</c> (RFC 6749 §4.4.2). Defaults to <c>client_credentials</c>; Zoom wants <c>account_credentials</c>.</summary>
    public string GrantType { get; set; } = "client_credentials";

    /// <summary>Parameters added to the query of the token URL. Never put a credential here. Empty values are not sent. Defaults to none.</summary>
    public IDictionary<string, string> Query { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Parameters added to the form that is posted. Empty values are not sent. Defaults to none.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IDictionary<string, string> Form { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Headers added to the token request. Defaults to none.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
