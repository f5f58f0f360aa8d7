using ClientCredentials.Clients;

namespace ClientCredentials.Protocol;

/// <summary>Understands a token endpoint's no: what it says, whether it can pass, and what may help.</summary>
internal static class Refusals
{
    // Whatever status they come with, asking again the same way brings the same answer.
    private static readonly string[] PermanentErrors =
    [
        "invalid_client", "unauthorized_client", "invalid_scope", "invalid_grant", "invalid_request", "invalid_target",
        "unsupported_grant_type", "invalid_authorization_details", "access_denied",
        DpopProof.NonceWanted, DpopProof.NotTaken,
    ];

    public static Failure Of(ServerAnswer answer, OAuthError error, TokenRequest request, Settings settings)
    {
        string? code = ServerText.Clean(error.Code, request.Secrets);
        string? description = ServerText.Clean(error.Description, request.Secrets);
        bool mayPass = answer.MayPass && !PermanentErrors.Contains(code, StringComparer.Ordinal);
        string said = (code, description) switch
        {
            (null, null) => "",
            (null, _) => $": {description}",
            (_, null) => $": {code}",
            _ => $": {code} ({description})",
        };
        string verdict = mayPass ? "cannot serve now" : "refused the request";
        return new Failure(mayPass ? FailureReason.Unreachable : FailureReason.Refused, $"the token endpoint {Origin.Shown(request.Url)} {verdict} with status {(int)answer.Status}{ServerText.Sentence(said)}")
        {
            Error = code,
            Description = description,
            Status = answer.Status,
            RetryAfter = answer.RetryAfter,
            IsTransient = mayPass,
            IsOfOneRequest = Failure.SaysOneRequest(code),
            Hint = mayPass ? null : Hint((int)answer.Status, code, settings),
        };
    }

    private static string? Hint(int status, string? code, Settings settings) => (status, code) switch
    {
        (_, "invalid_client" or "invalid_client_id") => Credentials(settings.Options),
        (403, null) => $"{Credentials(settings.Options)} Some servers answer like this to a scope that the client may not have.",
        // Keycloak says so to a wrong secret as well.
        (401, "unauthorized_client") => $"{Credentials(settings.Options)} Or the server does not let the client use this grant type; its operator must allow it.",
        (_, "unauthorized_client") => "The server knows the client but does not let it use this grant type; its operator must allow it.",
        (_, "unsupported_grant_type") => "Set TokenRequest:GrantType to what the server wants.",
        (_, "invalid_scope") => "Compare Scopes with what the server's operator granted; IncludeScope: false asks for none.",
        (_, "invalid_authorization_details") => "Compare AuthorizationDetails with the types and fields that the server knows.",
        (_, "invalid_target") => "Compare Resources and Audience with what the server knows.",
        (_, DpopProof.NonceWanted or DpopProof.NotTaken) when !settings.Options.Dpop.Enabled => "The server wants a proof of having a key: set Dpop:Enabled.",
        (_, DpopProof.NonceWanted) => "The server does not take the nonces that it gives; a proxy between may answer for several servers.",
        (_, DpopProof.NotTaken) => "Check this machine's clock, that the server knows itself by the TokenUrl, and that it supports Dpop:Algorithm.",
        (401, _) => Credentials(settings.Options),
        (404 or 405, _) => "Compare TokenUrl with the server's documentation, a slash at its end included.",
        _ => null,
    };

    private static string Credentials(ClientCredentialsOptions options)
    {
        string other = options.AuthenticationMethod switch
        {
            AuthenticationMethod.ClientSecretBasic when options.BasicEncoding == BasicEncoding.FormUrlEncoded =>
                " The server may also want the credentials in the body (AuthenticationMethod: client_secret_post), or a Basic header that is not form-encoded (BasicEncoding: Raw).",
            AuthenticationMethod.ClientSecretBasic =>
                " The server may also want the credentials in the body (AuthenticationMethod: client_secret_post), or a Basic header that is form-encoded (BasicEncoding: FormUrlEncoded).",
            AuthenticationMethod.ClientSecretPost =>
                " The server may also want the credentials in a Basic header (AuthenticationMethod: client_secret_basic).",
            _ => " The server may want a secret.",
        };
        return options.AuthenticationMethod switch
        {
            AuthenticationMethod.ClientSecretJwt or AuthenticationMethod.PrivateKeyJwt =>
                "Check ClientId, that the server knows the key and its algorithm, what audience it expects (Issuer, Assertion:Audience), and this machine's clock.",
            AuthenticationMethod.TlsClientAuth or AuthenticationMethod.SelfSignedTlsClientAuth => "Check ClientId.",
            AuthenticationMethod.FederatedAssertion => "Check ClientId, and that the server trusts the issuer, subject and audience of the assertion.",
            AuthenticationMethod.Custom => "Check ClientId, and what UseAuthentication adds.",
            _ => $"Check ClientId and the secret, and that they are of this server and environment.{other}",
        };
    }
}
