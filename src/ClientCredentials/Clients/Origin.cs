using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace ClientCredentials.Clients;

/// <summary>Where a token may go: scheme, host and port (RFC 6454 §4), a family of hosts, or every https origin. A path is not part of an origin.</summary>
internal sealed record Origin
{
    private const string AnyHttps = "*";
    private const string SubdomainPrefix = "*.";

    private readonly string _scheme;
    private readonly string _host;
    private readonly int _port;
    private readonly bool _subdomains;
    private readonly bool _any;

    private Origin(string scheme, string host, int port, bool subdomains = false, bool any = false) =>
        (_scheme, _host, _port, _subdomains, _any, IsInsecure) = (scheme, host, port, subdomains, any, !any && scheme != Uri.UriSchemeHttps && !IsLoopbackHost(host));

    public bool IsInsecure { get; }

    public static Origin Of(Uri url) => new(url.Scheme, url.IdnHost, url.Port);

    /// <summary>Reads <c>*</c>, <c>https://host[:port]</c> or <c>https://*.host[:port]</c>.</summary>
    /// <returns>What is wrong with the text, or null.</returns>
    public static string? Parse(string text, out Origin? origin)
    {
        origin = null;
        if (text == AnyHttps)
        {
            origin = new(Uri.UriSchemeHttps, "", -1, any: true);
            return null;
        }

        int hostAt = text.IndexOf("://", StringComparison.Ordinal) + 3;
        bool subdomains = hostAt > 2 && text.AsSpan(hostAt).StartsWith(SubdomainPrefix);
        string plain = subdomains ? text.Remove(hostAt, SubdomainPrefix.Length) : text;
        if (!Uri.TryCreate(plain, UriKind.Absolute, out Uri? url) || !IsHttp(url) || plain.Contains('*', StringComparison.Ordinal))
        {
            return "is not an origin; write https://host, https://host:port, https://*.example.com, or * for every https origin";
        }

        if (url.UserInfo.Length > 0)
        {
            return "holds user information, which has no place in an origin";
        }

        if (url.PathAndQuery != "/" || url.Fragment.Length > 0)
        {
            return "has a path, and a path is not part of an origin: a token that may go to a host may go to all of it";
        }

        if (subdomains && !IsSpecificEnough(url.IdnHost))
        {
            return "is too wide; a wildcard stands for labels over at least two fixed ones, as in https://*.example.com";
        }

        origin = new(url.Scheme, url.IdnHost, url.Port, subdomains);
        return null;
    }

    public bool Matches(Uri url)
    {
        if (_any)
        {
            return url.Scheme == Uri.UriSchemeHttps;
        }

        if (url.Port != _port || url.Scheme != _scheme)
        {
            return false;
        }

        if (HostOf(url) is not { } host)
        {
            return false;
        }

        return _subdomains
            ? host.Length > _host.Length + 1 && host[^(_host.Length + 1)] == '.' && host.EndsWith(_host, StringComparison.OrdinalIgnoreCase)
            : host == _host || host.Equals(_host, StringComparison.OrdinalIgnoreCase);
    }

    public static bool IsHttp([NotNullWhen(true)] Uri? url) =>
        url is { IsAbsoluteUri: true } && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) && HostOf(url) is not null;

    /// <summary>https, or http that does not leave the machine.</summary>
    public static bool IsSecure(Uri url) => url.Scheme == Uri.UriSchemeHttps || IsLoopbackHost(url.IdnHost);

    /// <summary>Scheme, host, port and path: what of a URL may be shown.</summary>
    public static string Shown(Uri url) => url.IsAbsoluteUri ? url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : "a relative URL";

    public override string ToString()
    {
        if (_any)
        {
            return AnyHttps;
        }

        string host = _host.Contains(':', StringComparison.Ordinal) ? $"[{_host}]" : _host;
        string port = (_scheme, _port) is ("https", 443) or ("http", 80) ? "" : $":{_port}";
        return $"{_scheme}://{(_subdomains ? SubdomainPrefix : "")}{host}{port}";
    }

    // .NET takes "https://xn--ü.example.com" for a URL, and fails when it is to name the host.
    private static string? HostOf(Uri url)
    {
        try
        {
            return url.IdnHost;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    // Only literal addresses and the one name that every system keeps to itself: any other name is looked up, and could lead anywhere.
    private static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static bool IsSpecificEnough(string host) =>
        host.Split('.') is { Length: >= 2 } labels && labels.All(label => label.Length > 0) && !IPAddress.TryParse(host, out _);
}
