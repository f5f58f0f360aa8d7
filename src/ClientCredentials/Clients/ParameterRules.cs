namespace ClientCredentials.Clients;

/// <summary>The rules for what an app adds to a token request and to the calls of its API.</summary>
internal static class ParameterRules
{
    private static readonly Dictionary<string, string> Reserved = new(StringComparer.Ordinal)
    {
        ["grant_type"] = "TokenRequest:GrantType",
        ["scope"] = "Scopes",
        ["audience"] = "Audience",
        ["resource"] = "Resources",
        ["authorization_details"] = "AuthorizationDetails",
        ["client_id"] = "ClientId",
        ["client_secret"] = "ClientSecret with AuthenticationMethod client_secret_post",
        ["client_assertion"] = "AuthenticationMethod",
        ["client_assertion_type"] = "AuthenticationMethod",
    };

    private static readonly string[] OwnHeaders =
        ["Authorization", "DPoP", "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Cookie", "Proxy-Authorization"];

    public static bool IsCredential(string parameter) => parameter is "client_secret" or "client_assertion";

    /// <summary>Whether a form field follows from settings other than the authentication's.</summary>
    public static bool IsOfSettings(string parameter) => parameter is "grant_type" or "scope" or "audience" or "resource" or "authorization_details";

    /// <summary>What is wrong with a header that an authentication of the app's own adds, or null. It may use the one that is there for it.</summary>
    public static string? ProblemWithProof(string name, string value) => HeaderProblem("UseAuthentication", name, value, OwnHeaders.Except(["Authorization"]));

    public static IEnumerable<string> Problems(ClientCredentialsOptions options)
    {
        if (options.TokenRequest.GrantType is not { Length: > 0 } grant || grant.Any(character => character is <= ' ' or > '~'))
        {
            yield return "TokenRequest:GrantType is empty or has characters that no grant type has; the usual one is 'client_credentials'.";
        }

        IEnumerable<string> rest = Form("TokenRequest:Form", options.TokenRequest.Form, options)
            .Concat(options.TokenRequest.Query.Keys.Where(IsCredential).Select(key =>
                $"TokenRequest:Query has '{key}', which must never be in a URL (RFC 6749 §2.3.1); use ClientSecret."))
            .Concat(options.TokenRequest.Query.Keys.Where(key => key.Length == 0).Select(_ => "TokenRequest:Query has a parameter without a name."))
            .Concat(Headers("TokenRequest:Headers", options.TokenRequest.Headers))
            .Concat(Headers("ApiHeaders", options.ApiHeaders))
            .Concat(new[] { AuthorizationDetails.Problem(nameof(options.AuthorizationDetails), options.AuthorizationDetails) }.OfType<string>())
            .Concat(options.ApiHeaders.Keys.Where(IsOfBody).Select(name => $"ApiHeaders has '{name}', which tells of a body and goes with a body only; set it on the content of the request."))
            .Concat(options.TokenTypeAliases.Where(string.IsNullOrWhiteSpace).Select(_ => "TokenTypeAliases has an empty value; a missing token_type is taken for Bearer anyway."));
        foreach (string problem in rest)
        {
            yield return problem;
        }
    }

    public static IEnumerable<string> Problems(TokenParameters asked) =>
        ScopeRules.Scopes("TokenParameters.Scopes", asked.Scopes ?? [])
            .Concat(ScopeRules.Resources(asked.Resources ?? []))
            .Concat(ScopeRules.Audience(asked.Audience))
            .Concat(new[] { AuthorizationDetails.Problem("TokenParameters.AuthorizationDetails", asked.AuthorizationDetails) }.OfType<string>())
            .Concat(Form("TokenParameters.Form", asked.Form ?? TokenParameters.NoForm));

    /// <summary>Two ways to say one thing would end in a parameter sent twice, or in two ways of authentication (RFC 6749 §2.3 and §3.2).</summary>
    public static IEnumerable<string> Form(string setting, IEnumerable<KeyValuePair<string, string>> form, ClientCredentialsOptions? options = null)
    {
        foreach ((string key, string value) in form)
        {
            if (key.Length == 0)
            {
                yield return $"{setting} has a parameter without a name.";
            }
            else if (IsOwnIdBesideBasic(key, value, options))
            {
                continue;
            }
            else if (Reserved.TryGetValue(key, out string? own))
            {
                yield return $"{setting} has '{key}', which has a setting of its own: {own}.";
            }
        }
    }

    // Some servers (SAP IAS among them) want the id in the form beside the Basic header; the same id twice is tolerated.
    private static bool IsOwnIdBesideBasic(string key, string value, ClientCredentialsOptions? options) =>
        key == "client_id" && options is { AuthenticationMethod: AuthenticationMethod.ClientSecretBasic } && value == options.ClientId;

    private static IEnumerable<string> Headers(string setting, IEnumerable<KeyValuePair<string, string>> headers) =>
        headers.Select(header => HeaderProblem(setting, header.Key, header.Value, OwnHeaders)).OfType<string>();

    private static string? HeaderProblem(string setting, string name, string value, IEnumerable<string> taken)
    {
        if (name.Length == 0 || !name.All(IsTokenCharacter))
        {
            return $"{setting} has a header whose name is empty or has characters that no header name has (RFC 9110 §5.6.2).";
        }

        if (taken.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return $"{setting} has '{name}', which this package or the connection sets itself.";
        }

        return value.Any(character => character is < ' ' or > '~')
            ? $"{setting}:{name} has a control character or one beyond ASCII, which a header cannot carry."
            : null;
    }

    // .NET takes these for no header of a request, and says so by not adding them. Those that have a problem of their own are told of already.
    private static bool IsOfBody(string name)
    {
        using HttpRequestMessage request = new();
        return name.Length > 0
            && name.All(IsTokenCharacter)
            && !OwnHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)
            && !request.Headers.TryAddWithoutValidation(name, "");
    }

    private static bool IsTokenCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal);
}
