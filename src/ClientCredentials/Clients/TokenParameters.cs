using System.Collections.Frozen;
using System.Diagnostics;
using System.Text.Json.Serialization;

namespace ClientCredentials;

/// <summary>Asks for another token than the client's settings do: what is set here goes instead of the settings' own. Make it once and use it often.</summary>
public sealed class TokenParameters : IEquatable<TokenParameters>
{
    internal static readonly IReadOnlyDictionary<string, string> NoForm = FrozenDictionary<string, string>.Empty;

    private readonly string[]? _scopes;
    private readonly string[]? _resources;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly FrozenDictionary<string, string>? _form;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string? _details;

    private int _hash;

    /// <summary>The profile whose settings are used. Defaults to the active one.</summary>
    public string? Profile { get; init; }

    /// <summary>The scopes to ask for, instead of the settings' (RFC 6749 §3.3); empty asks for none. Their order does not matter. Defaults to the settings'.</summary>
    public IReadOnlyList<string>? Scopes
    {
        get => _scopes;
        init => _scopes = value is null ? null : [.. value.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The audience to ask for, instead of the settings'. Defaults to the settings'.</summary>
    public string? Audience { get; init; }

    /// <summary>The resources to ask for, instead of the settings' (RFC 8707 §2). Defaults to the settings'.</summary>
    public IReadOnlyList<string>? Resources
    {
        get => _resources;
        init => _resources = value is null ? null : [.. value];
    }

    /// <summary>
    /// The <c>authorization_details</c> to ask for, instead of the settings' (RFC 9396): a JSON array of objects, each with a <c>type</c>, as text; empty asks for none. How it is written, and the order of names
    /// in its objects, do not matter. Defaults to the settings'.
    /// </summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? AuthorizationDetails
    {
        get => _details;
        init => _details = value is null ? null : Clients.AuthorizationDetails.Canonical(value);
    }

    /// <summary>Further parameters of the form, over the settings'; an empty value leaves one out. Defaults to none.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IReadOnlyDictionary<string, string>? Form
    {
        get => _form;
        init => _form = value?.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Whether it asks for nothing but a profile's usual token.</summary>
    internal bool IsUsual => _scopes is null && _resources is null && _form is null && _details is null && Audience is null;

    /// <summary>The same, of a profile.</summary>
    internal TokenParameters In(string profile) => new() { Profile = profile, Scopes = _scopes, Audience = Audience, Resources = _resources, AuthorizationDetails = _details, Form = _form };

    /// <summary>Whether both ask for the same token.</summary>
    public bool Equals(TokenParameters? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && GetHashCode() == other.GetHashCode()
            && string.Equals(Profile, other.Profile, StringComparison.OrdinalIgnoreCase)
            && string.Equals(Audience, other.Audience, StringComparison.Ordinal)
            && string.Equals(_details, other._details, StringComparison.Ordinal)
            && SameSet(_scopes, other._scopes)
            && SameList(_resources, other._resources)
            && SameForm(_form, other._form));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TokenParameters);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // Computed once: a lookup by the same parameters costs the same however long their lists are.
        if (_hash == 0)
        {
            int hash = HashCode.Combine(
                Profile?.GetHashCode(StringComparison.OrdinalIgnoreCase),
                Audience,
                _details,
                Mixed(_scopes),
                Mixed(_resources),
                Mixed(_form?.Select(pair => $"{pair.Key}={pair.Value}")));
            _hash = hash == 0 ? 1 : hash;
        }

        return _hash;
    }

    private static int Mixed(IEnumerable<string>? texts) => texts?.Aggregate(1, (hash, text) => hash ^ text.GetHashCode(StringComparison.Ordinal)) ?? 0;

    private static bool SameSet(string[]? a, string[]? b) =>
        a is null || b is null ? a == b : a.Length == b.Length && a.ToHashSet(StringComparer.Ordinal).SetEquals(b);

    private static bool SameList(string[]? a, string[]? b) =>
        a is null || b is null ? a == b : a.AsSpan().SequenceEqual(b);

    private static bool SameForm(FrozenDictionary<string, string>? a, FrozenDictionary<string, string>? b) =>
        a is null || b is null ? a == b : a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out string? value) && value == pair.Value);
}
