using ClientCredentials.Testing.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ClientCredentials.Testing;

/// <summary>A request as an endpoint of the <see cref="TestAuthorizationServer"/> received it, and the status it was answered with.</summary>
public sealed class ReceivedRequest
{
    private IReadOnlyList<KeyValuePair<string, string>>? _form;
    private string? _thumbprint;

    internal ReceivedRequest(string method, string target, IReadOnlyDictionary<string, StringValues> headers, DateTimeOffset at)
    {
        Method = method;
        Target = target;
        Headers = headers;
        At = at;
    }

    /// <summary>The method, such as <c>POST</c>.</summary>
    public string Method { get; }

    /// <summary>Path and query exactly as they were on the wire.</summary>
    public string Target { get; }

    /// <summary>The headers by their name, which ignores case; a repeated header has several values.</summary>
    public IReadOnlyDictionary<string, StringValues> Headers { get; }

    /// <summary>The body as text, its first 64 KiB at most; empty when there was none.</summary>
    public string Body { get; internal set; } = "";

    /// <summary>The length of the whole body in bytes.</summary>
    public long BodyLength { get; internal set; }

    /// <summary>The decoded form in order, repeated names kept; empty when the body is not a well-formed form.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Form
        => _form ??= (HasForm ? Server.Form.Read(Body) : null) ?? [];

    /// <summary>The client that the request says it is from: at the token endpoint by its Basic header, form or assertion, whether or not it could prove it;
    /// at the API by a token of this server. Null when it does not say.</summary>
    public string? ClientId { get; internal set; }

    /// <summary>The token presented to the API, known or not. Null when there was none, and at the token endpoint.</summary>
    public string? Token { get; internal set; }

    /// <summary>The <c>x5t#S256</c> (RFC 8705 §3.1) of the client certificate of the connection; null when there was none.</summary>
    public string? CertificateThumbprint => Certificate is null ? null : _thumbprint ??= CertificateCheck.Thumbprint(Certificate);

    /// <summary>The status of the answer; 0 until there is one, and for good if the connection ended without.</summary>
    public int StatusCode { get; internal set; }

    /// <summary>When the request arrived, by the server's <see cref="TestServerOptions.TimeProvider"/>.</summary>
    public DateTimeOffset At { get; }

    internal bool HasForm => Header("Content-Type") is { } type
        && type.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    internal byte[]? Certificate { get; init; }

    internal PresentedCredentials? Credentials { get; set; }

    internal int Generation { get; set; }

    internal bool IsDropped { get; private set; }

    internal bool HasLeft { get; set; }

    internal Action? Dropping { get; set; }

    internal string Path => Target.Split('?')[0];

    /// <summary>The value of a header, its values joined by commas if it is repeated; null when it is absent.</summary>
    /// <param name="name">The header's name, which ignores case.</param>
    public string? Header(string name) => Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>The first value of a form parameter; null when it is absent.</summary>
    /// <param name="name">The parameter's name, which is case-sensitive.</param>
    public string? FormValue(string name)
    {
        foreach (var (key, value) in Form)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>Method, path and status; neither query, headers nor body, which may hold secrets.</summary>
    public override string ToString() => $"{Method} {Path} -> {StatusCode}";

    internal void Drop(HttpContext context)
    {
        IsDropped = true;
        // Counted before the client can notice.
        Dropping?.Invoke();
        context.Abort();
    }
}
