using ClientCredentials.Authentication;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tokens;

/// <summary>Joins a token with the certificate that it was got with (RFC 8705 §3).</summary>
internal static class CertificateBinding
{
    public static TokenReply Bind(TokenReply reply, Settings settings, Presentation presentation)
    {
        ClientCertificate certificate = presentation.Certificate;
        if (!presentation.IsTaken)
        {
            string problem = presentation.Impossible("something replaced the primary handler of the token client after the app had configured it. Give it a SocketsHttpHandler by ConfigureTokenClient.").Message;
            return new Failure(FailureReason.NotConfigured, problem);
        }

        if (reply.Failure is { } failure)
        {
            return reply with { Failure = Certificates.Hinted(failure, certificate, settings) };
        }

        AccessToken token = reply.Token!;
        JwtClaims? claims = JwtClaims.Read(token.Text, []);
        if (claims?.CertificateThumbprint is { } thumbprint && thumbprint != certificate.Thumbprint)
        {
            return new Failure(
                FailureReason.InvalidResponse,
                $"the server gave a token that is bound to another certificate (x5t#S256 {ServerText.Clean(thumbprint, [])}) than the one presented, {certificate.Name}; no API would take it.")
            {
                Hint = "Does something between this machine and the server present a certificate of its own?",
            };
        }

        certificate.Prove();
        bool isBound = settings.Options.CertificateBoundTokens || claims?.CertificateThumbprint is not null;
        token.Certificate = isBound ? certificate : null;
        bool isDoubtful = isBound && claims is { CertificateThumbprint: null };
        return reply with
        {
            Certificate = certificate,
            Oddities = isDoubtful ? [.. reply.Oddities, "CertificateBoundTokens is set, but the token is a JWT that is bound to no certificate (RFC 8705 §3.1)."] : reply.Oddities,
        };
    }
}
