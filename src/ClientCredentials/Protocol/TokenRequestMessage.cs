using System.Diagnostics;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials;

/// <summary>A token request that an authentication of the app's own adds its proof to. It can add, and change nothing that is there.</summary>
public sealed class TokenRequestMessage
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly TokenRequest _request;

    internal TokenRequestMessage(TokenRequest request, string client, string? profile, string clientId, DateTimeOffset now) =>
        (_request, Client, Profile, ClientId, Now) = (request, client, profile, clientId, now);

    /// <summary>The client's name.</summary>
    public string Client { get; }

    /// <summary>The profile; null where the client has none.</summary>
    public string? Profile { get; }

    /// <summary>The client identifier of the settings. It is not sent unless it is added.</summary>
    public string ClientId { get; }

    /// <summary>Where the request goes.</summary>
    public Uri Url => _request.Url;

    /// <summary>The time by the server's clock, as far as its last answer told it; else by the app's <see cref="TimeProvider"/>.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Adds a form field. Its value is taken for a secret, and never shown.</summary>
    /// <param name="name">The field's name, such as <c>client_assertion</c>.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The request has this field already (RFC 6749 §3.2), or a setting is there for it.</exception>
    public void AddFormField(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (ParameterRules.IsOfSettings(name) || _request.HasFormField(name))
        {
            throw new ArgumentException($"The token request has the form field '{name}' already, or a setting is there for it, and a field may be there once (RFC 6749 §3.2).", nameof(name));
        }

        Conceal(value);
        _request.AddCredential(name, value);
    }

    /// <summary>Adds a header. Its value is taken for a secret, and never shown.</summary>
    /// <param name="name">The header's name, such as <c>Authorization</c>.</param>
    /// <param name="value">The value: printable ASCII.</param>
    /// <exception cref="ArgumentException">The request has this header already, the connection sets it, or it cannot be one.</exception>
    public void AddHeader(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (ParameterRules.ProblemWithProof(name, value) is { } problem)
        {
            throw new ArgumentException(problem, nameof(name));
        }

        if (_request.HasHeader(name))
        {
            throw new ArgumentException($"The token request has the header '{name}' already.", nameof(name));
        }

        Conceal(value);
        _request.AddHeader(name, value);
    }

    /// <summary>Where it goes; nothing of what is in it.</summary>
    public override string ToString() => $"POST {Origin.Shown(Url)}";

    private void Conceal(string value)
    {
        // The client's id may be shown: it is no secret, and without it a server's answer would say nothing.
        if (value != ClientId)
        {
            _request.Conceal(value);
        }
    }
}
