using ClientCredentials.Clients;

namespace ClientCredentials.Http;

/// <summary>Where a request may go with a token.</summary>
internal static class Destination
{
    /// <summary>The base of relative addresses that have none; a name that never exists (RFC 6761 §6.4).</summary>
    public static readonly Uri Nowhere = new("https://not-configured.invalid/");

    /// <summary>Fails a request that would carry the token to where it must not go (RFC 9700 §4.9.1).</summary>
    /// <param name="url">Where the request goes.</param>
    /// <param name="live">Whose token it would carry.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="baseOrigin">The origin of the HttpClient's base address, where it counts.</param>
    /// <exception cref="ClientCredentialsException">It is not allowed there.</exception>
    public static void Check(Uri? url, LiveSettings live, Settings settings, Origin? baseOrigin)
    {
        if (url is { IsAbsoluteUri: true, UserInfo.Length: > 0 })
        {
            throw NotAllowed(url, settings, "its URL has user information before the host, which a request with a token must not have.");
        }

        bool isApi = url is not null && settings.ApiOrigin?.Matches(url) == true;
        if (isApi && !settings.ApiOrigin!.IsInsecure)
        {
            // Where nearly every request goes; all that follows is for the others.
            return;
        }

        if (!isApi && Origin.IsHttp(url) && live.ProfileBehind(url) is { } other)
        {
            throw NotAllowed(url, settings, $"it is the API of profile '{other}', and the token is one of profile '{settings.Profile}'. Ask for that profile, or correct ApiUrl.");
        }

        if (url is null || !IsAllowed(url, settings, baseOrigin))
        {
            if (url?.Host == Nowhere.Host)
            {
                throw NotAllowed(url, settings, "its address was relative, and the HttpClient has no BaseAddress. Give it one, or send the request to a whole URL.");
            }

            throw NotAllowed(url, settings, $"tokens may go to {Allowed(settings, baseOrigin)}. Add the origin to AllowedOrigins, or set ApiUrl.");
        }

        if (!Origin.IsSecure(url) && !settings.Options.AllowInsecureHttp)
        {
            throw NotAllowed(url, settings, "it is http, and the token could be read on the way. Use https, or set AllowInsecureHttp for a network you trust.");
        }
    }

    /// <summary>The same path below the API of the profile asked for, where a request goes below that of another.</summary>
    public static Uri Moved(Uri url, Settings? other, Settings asked)
    {
        string? from = other?.ApiBase?.AbsoluteUri;
        string? to = asked.ApiBase?.AbsoluteUri;
        if (from is null || to is null || !url.AbsoluteUri.StartsWith(from, StringComparison.Ordinal))
        {
            return url;
        }

        // One API may lie below the other: what was moved stays, or a retry outside of the handler would move it again.
        bool isThere = to.StartsWith(from, StringComparison.Ordinal) && url.AbsoluteUri.StartsWith(to, StringComparison.Ordinal);
        return isThere ? url : new Uri(string.Concat(to, url.AbsoluteUri.AsSpan(from.Length)));
    }

    private static bool IsAllowed(Uri url, Settings settings, Origin? baseOrigin)
    {
        if (!Origin.IsHttp(url))
        {
            return false;
        }

        foreach (Origin origin in settings.Origins)
        {
            if (origin.Matches(url))
            {
                return true;
            }
        }

        return baseOrigin is not null && baseOrigin.Matches(url);
    }

    private static string Allowed(Settings settings, Origin? baseOrigin)
    {
        string[] all = [.. settings.Origins.Append(baseOrigin).OfType<Origin>().Select(origin => origin.ToString()).Distinct(StringComparer.Ordinal)];
        return all.Length == 0 ? "no origin, because none is set" : string.Join(", ", all);
    }

    private static ClientCredentialsException NotAllowed(Uri? url, Settings settings, string rule)
    {
        string to = url?.Host == Nowhere.Host ? "nowhere" : Origin.IsHttp(url) ? Origin.Of(url).ToString() : "an address that is no http URL";
        return new(
            settings.Client,
            FailureReason.OriginNotAllowed,
            ClientSettings.Sentence(settings.Client, settings.Profile, $"the request to {to} was not sent: {rule}"))
        {
            Profile = settings.Profile,
        };
    }
}
