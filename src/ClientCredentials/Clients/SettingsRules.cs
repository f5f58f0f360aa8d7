using System.Net;

namespace ClientCredentials.Clients;

/// <summary>What the settings of a client must satisfy. Each problem is a sentence that says what is wrong and what would be right, and never holds a secret.</summary>
internal sealed class SettingsRules(IEnumerable<SecretRegistration> secrets, IEnumerable<SecretStore> stores, KeyRules keys)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(1);

    public IEnumerable<string> Problems(string client, string? profile, bool isActive, ClientCredentialsOptions options) =>
        TokenUrl(options)
            .Concat(Id(options))
            .Concat(Secret(client, profile, isActive, options))
            .Concat(keys.Problems(client, profile, isActive, options))
            .Concat(ScopeRules.Problems(options))
            .Concat(ParameterRules.Problems(options))
            .Concat(Fapi2Rules.Problems(options))
            .Concat(Times(options))
            .Concat(Api(options));

    /// <summary>What is odd but may be meant.</summary>
    public static IEnumerable<string> Warnings(ClientCredentialsOptions options)
    {
        if (options.ClientId is { } id && id.Any(character => character is < ' ' or > '~'))
        {
            yield return "ClientId has characters outside the printable ASCII that RFC 6749 Appendix A.1 allows; many servers refuse it.";
        }

        if (options.ClientSecret is { } secret && secret.Any(character => character is < ' ' or > '~'))
        {
            yield return "ClientSecret has characters outside the printable ASCII that RFC 6749 Appendix A.2 allows; many servers refuse it.";
        }

        if (options.ClientId is { } spaced && spaced.Contains(' ', StringComparison.Ordinal))
        {
            yield return "ClientId has white space inside; was something else copied with it?";
        }
    }

    private static IEnumerable<string> TokenUrl(ClientCredentialsOptions options)
    {
        if (options is { TokenUrl: null or { OriginalString.Length: 0 }, Issuer: null or "" })
        {
            yield return "TokenUrl is missing; it is the https URL of the server's token endpoint. With an Issuer it is found by itself.";
            yield break;
        }

        foreach (string problem in TokenUrl("TokenUrl", options.TokenUrl, options).Concat(TokenUrl("MutualTlsTokenUrl", options.MutualTlsTokenUrl, options)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> TokenUrl(string setting, Uri? url, ClientCredentialsOptions options)
    {
        if (url is null or { OriginalString.Length: 0 })
        {
            yield break;
        }

        foreach (string problem in HttpUrl(setting, url, options))
        {
            yield return problem;
        }

        if (url.IsAbsoluteUri && QueryKeys(url).FirstOrDefault(ParameterRules.IsCredential) is { } credential)
        {
            yield return $"{setting} has '{credential}' in its query, where credentials must never be (RFC 6749 §2.3.1).";
        }

        if (url.IsAbsoluteUri && QueryKeys(url).FirstOrDefault(options.TokenRequest.Query.ContainsKey) is { } twice)
        {
            yield return $"TokenRequest:Query has '{twice}', which the query of {setting} has too; a parameter may be there once (RFC 6749 §3.2).";
        }
    }

    private static IEnumerable<string> Id(ClientCredentialsOptions options)
    {
        if (string.IsNullOrEmpty(options.ClientId))
        {
            yield return "ClientId is missing; the server's operator gives it to you.";
            yield break;
        }

        if (options.ClientId.AsSpan().Trim().Length != options.ClientId.Length)
        {
            yield return "ClientId begins or ends with white space.";
        }

        if (options.ClientId.Any(char.IsControl))
        {
            yield return "ClientId has a control character.";
        }

        bool isRawBasic = options is { AuthenticationMethod: AuthenticationMethod.ClientSecretBasic, BasicEncoding: BasicEncoding.Raw };
        if (isRawBasic && options.ClientId.Contains(':', StringComparison.Ordinal))
        {
            yield return "ClientId has a ':', which a Basic header cannot carry when BasicEncoding is Raw (RFC 7617 §2); use FormUrlEncoded, or client_secret_post.";
        }
    }

    private IEnumerable<string> Secret(string client, string? profile, bool isActive, ClientCredentialsOptions options)
    {
        bool isWanted = AuthenticationWords.WantsSecret(options.AuthenticationMethod);
        bool isHandedOut = secrets.Any(secret => secret.Serves(client, profile, isActive));
        string[] given =
        [
            .. string.IsNullOrEmpty(options.ClientSecret) ? Array.Empty<string>() : ["ClientSecret"],
            .. string.IsNullOrEmpty(options.ClientSecretName) ? Array.Empty<string>() : ["ClientSecretName"],
            .. isHandedOut ? ["UseSecret"] : Array.Empty<string>(),
        ];
        if (!Enum.IsDefined(options.AuthenticationMethod) || !Enum.IsDefined(options.BasicEncoding))
        {
            yield return "AuthenticationMethod or BasicEncoding has a value that does not exist.";
        }

        if (given.Length > 1)
        {
            yield return $"{string.Join(" and ", given)} are both set, and only one can be the secret; an empty value in a later layer clears an earlier one.";
        }

        if (isWanted && given.Length == 0 && isActive)
        {
            yield return "a secret is missing: set ClientSecret (by user secrets, an environment variable or a vault, not in a file that is checked in), or ClientSecretName with UseSecretStore, or call UseSecret.";
        }

        if (!isWanted && given.Length > 0)
        {
            yield return $"{given[0]} is set, but AuthenticationMethod is {AuthenticationWords.Of(options.AuthenticationMethod)}, which sends no secret.";
        }

        if (!string.IsNullOrEmpty(options.ClientSecretName) && !stores.Any())
        {
            yield return "ClientSecretName is set, but there is no secret store; call UseSecretStore.";
        }

        if (!string.IsNullOrEmpty(options.AlternateClientSecret) && !isWanted)
        {
            yield return "AlternateClientSecret is set, but the AuthenticationMethod has no use for a secret.";
        }

        if (options.AlternateClientSecret is { } alternate && alternate.AsSpan().Trim().Length != alternate.Length)
        {
            yield return "AlternateClientSecret begins or ends with white space, which was probably copied with it.";
        }

        if (options.ClientSecret is { } text && text.AsSpan().Trim().Length != text.Length)
        {
            yield return "ClientSecret begins or ends with white space, which was probably copied with it.";
        }
    }

    private static IEnumerable<string> Times(ClientCredentialsOptions options)
    {
        if (options.MaxRetries is < 0 or > 10)
        {
            yield return $"MaxRetries is {options.MaxRetries}; it must be 0 to 10.";
        }

        string?[] problems =
        [
            Outside("RetryDelay", options.RetryDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            Outside("AttemptTimeout", options.AttemptTimeout, ShortestWait, LongestWait),
            Outside("MaxWait", options.MaxWait, ShortestWait, LongestWait),
            Outside("RefreshBefore", options.RefreshBefore, TimeSpan.Zero, TimeSpan.FromHours(1)),
            Outside("MaxTokenLifetime", options.MaxTokenLifetime, ShortestLife, TimeSpan.FromDays(30)),
            Outside("DefaultTokenLifetime", options.DefaultTokenLifetime, ShortestLife, TimeSpan.FromDays(30)),
        ];
        foreach (string problem in problems.OfType<string>())
        {
            yield return problem;
        }

        if (options.AttemptTimeout > options.MaxWait)
        {
            yield return $"AttemptTimeout ({options.AttemptTimeout}) must not be longer than MaxWait ({options.MaxWait}).";
        }

        if (options.DefaultTokenLifetime > options.MaxTokenLifetime)
        {
            yield return $"DefaultTokenLifetime ({options.DefaultTokenLifetime}) must not be longer than MaxTokenLifetime ({options.MaxTokenLifetime}).";
        }
    }

    private static IEnumerable<string> Api(ClientCredentialsOptions options)
    {
        if (options.ApiUrl is { OriginalString.Length: > 0 } url)
        {
            foreach (string problem in HttpUrl("ApiUrl", url, options))
            {
                yield return problem;
            }

            if (url.IsAbsoluteUri && url.Query.Length > 0)
            {
                yield return "ApiUrl has a query, which a base address cannot have.";
            }
        }

        foreach (string text in options.AllowedOrigins)
        {
            if (Origin.Parse(text, out Origin? origin) is { } problem)
            {
                // What a user information holds may be a password.
                string shown = text.Contains('@', StringComparison.Ordinal) ? "a value" : $"'{text}'";
                yield return $"AllowedOrigins has {shown}, which {problem}.";
            }
            else if (origin!.IsInsecure && !options.AllowInsecureHttp)
            {
                yield return $"AllowedOrigins has '{text}', which is http beyond loopback; use https, or set AllowInsecureHttp.";
            }
        }

        foreach (HttpStatusCode status in options.RenewOn)
        {
            if ((int)status is < 400 or > 599)
            {
                yield return $"RenewOn has {(int)status}; only an error, 400 to 599, can mean that a token was refused.";
            }
        }
    }

    private static IEnumerable<string> HttpUrl(string setting, Uri url, ClientCredentialsOptions options)
    {
        if (!Origin.IsHttp(url))
        {
            yield return $"{setting} is not an absolute https URL.";
            yield break;
        }

        if (!Origin.IsSecure(url) && !options.AllowInsecureHttp)
        {
            yield return $"{setting} ({Origin.Shown(url)}) is http, so that what is sent there could be read on the way; use https, or set AllowInsecureHttp for a network you trust.";
        }

        if (url.Fragment.Length > 0)
        {
            yield return $"{setting} ({Origin.Shown(url)}) has a fragment ('#…'), which is never sent (RFC 6749 §3.2).";
        }

        if (url.UserInfo.Length > 0)
        {
            yield return $"{setting} ({Origin.Shown(url)}) has user information before the host; id and secret have settings of their own.";
        }
    }

    private static IEnumerable<string> QueryKeys(Uri url) =>
        url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => Uri.UnescapeDataString(pair.Split('=')[0]));

    private static string? Outside(string setting, TimeSpan value, TimeSpan least, TimeSpan most) =>
        value < least || value > most ? $"{setting} is {value}; it must be {least} to {most}." : null;
}
