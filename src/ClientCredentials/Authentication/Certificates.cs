using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Authentication;

/// <summary>Gives each client the certificate it presents, in its newest version, and says in plain words what is wrong with one.</summary>
/// <remarks>
/// A certificate is looked at once per token fetch, and never when a handler is made: a failure there would be kept for ever. The version that a token was got with goes with the
/// token to the API, however the two HttpClients come and go.
/// </remarks>
internal sealed class Certificates(IEnumerable<CredentialRegistration> registrations, ILogger<Certificates> log, IHostEnvironment? host = null)
{
    // By the identity of the settings: it ends where another certificate is set, and where a tenant is forgotten.
    private readonly ConditionalWeakTable<Identity, Holder> _holders = [];

    /// <summary>The certificate that a client presents now.</summary>
    public async ValueTask<(ClientCertificate? Certificate, Failure? Failure)> GetAsync(Settings settings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Holder holder = _holders.GetOrCreateValue(settings.Identity);
        (ClientCertificate? certificate, Failure? failure) = Registered(settings) is { } registered
            ? await AskAsync(registered, settings, holder, cancellationToken).ConfigureAwait(false)
            : Load(settings, holder);
        return certificate is not null && Lapse(certificate, now) is { } lapse
            ? (null, new Failure(FailureReason.NotConfigured, $"the certificate {certificate.Name} {lapse}.") { IsTransient = !IsFixed(settings) })
            : (certificate, failure);
    }

    /// <summary>What is wrong with a certificate that the settings hold themselves. Files and stores are another matter: they change without the settings.</summary>
    public static IEnumerable<string> Problems(ClientCredentialsOptions options)
    {
        CertificateSource? source = CertificateRules.IsWanted(options) ? CertificateSource.Of(options.Certificate) : null;
        return source is { IsText: true } && source.Read([], []).Problem is { } problem ? [$"{source.Name} {problem}."] : [];
    }

    /// <summary>What is wrong with a client's certificate, at start; or null. Code of the app is not called just to see.</summary>
    public string? ProblemAtStart(Settings settings, DateTimeOffset now)
    {
        if (!settings.PresentsCertificate || Registered(settings) is not null)
        {
            return null;
        }

        (ClientCertificate? certificate, Failure? failure) = Load(settings, _holders.GetOrCreateValue(settings.Identity));
        return certificate is null ? failure!.Problem : Lapse(certificate, now) is { } lapse ? $"the certificate {certificate.Name} {lapse}." : null;
    }

    /// <summary>What may help where the server did not take the client.</summary>
    public static Failure Hinted(Failure failure, ClientCertificate certificate, Settings settings)
    {
        bool isOfConnection = failure is { Reason: FailureReason.Unreachable, Cause: HttpRequestException { HttpRequestError: not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError) } };
        if (!failure.BlamesCredential && !isOfConnection)
        {
            return failure;
        }

        string known = settings.Options.AuthenticationMethod switch
        {
            AuthenticationMethod.TlsClientAuth => "that the server trusts its issuer and knows its subject",
            AuthenticationMethod.SelfSignedTlsClientAuth => "that the server knows this very certificate",
            _ => "that the server takes it",
        };
        return failure with { Hint = $"{failure.Hint} The certificate presented was {certificate.Name}: check {known}.".TrimStart() };
    }

    private (ClientCertificate? Certificate, Failure? Failure) Load(Settings settings, Holder holder)
    {
        if (CertificateSource.Of(settings.Options.Certificate) is not { } source)
        {
            return (null, new Failure(FailureReason.NotConfigured, settings.IsActive || settings.Profile is null
                ? "there is no certificate."
                : "there is no certificate: what the client itself has serves its active profile only. Give this profile a certificate of its own."));
        }

        lock (holder)
        {
            if (holder.Source == source && !source.IsFile)
            {
                return (holder.Current, null);
            }

            (byte[]? file, byte[]? keyFile, string? unreadable) = Files(source);
            if (unreadable is not null)
            {
                return Wrong(source, unreadable);
            }

            byte[] digest = SHA256.HashData([.. file!, .. keyFile!]);
            if (holder.Source == source && digest.AsSpan().SequenceEqual(holder.Digest))
            {
                return (holder.Current, null);
            }

            (X509Certificate2? read, X509Certificate2Collection chain, string? problem) = source.Read(file!, keyFile!);
            ClientCertificate? certificate = null;
            if (read is not null)
            {
                (certificate, problem) = Take(holder, settings, read, chain);
            }

            if (certificate is null)
            {
                return Wrong(source, $"{source.Name} {problem}");
            }

            (holder.Source, holder.Digest) = (source, digest);
            return (certificate, null);
        }
    }

    private (byte[]? File, byte[]? KeyFile, string? Problem) Files(CertificateSource source)
    {
        if (!source.IsFile)
        {
            return ([], [], null);
        }

        (_, byte[]? file, string? problem) = WatchedFile.Read(FullPath(source.Value));
        if (file is null || source.KeyFile is null)
        {
            return (file, [], file is null ? $"{source.Name} {problem}" : null);
        }

        (_, byte[]? keyFile, problem) = WatchedFile.Read(FullPath(source.KeyFile));
        return (file, keyFile, keyFile is null ? $"{WatchedFile.Named("Certificate:KeyFile", source.KeyFile)} {problem}" : null);
    }

    private async ValueTask<(ClientCertificate? Certificate, Failure? Failure)> AskAsync(CertificateRegistration registered, Settings settings, Holder holder, CancellationToken cancellationToken)
    {
        const string name = "the function given to UseCertificate";
        try
        {
            X509Certificate2? given = await registered.Read(cancellationToken).ConfigureAwait(false);
            string? problem = given is null ? "gave no certificate" : CertificateSource.KeyProblem(given) is { } wrong ? $"gave a certificate that {wrong}" : null;
            if (problem is not null)
            {
                return (null, new Failure(FailureReason.NotConfigured, $"{name} {problem}."));
            }

            lock (holder)
            {
                // A copy: what the app does with its own does not concern a connection that is open.
                (ClientCertificate? certificate, problem) = Take(holder, settings, new X509Certificate2(given!), []);
                return certificate is null ? (null, new Failure(FailureReason.NotConfigured, $"{name} gave what {problem}.")) : (certificate, null);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return (null, Credential.Failed(name, exception));
        }
    }

    private (ClientCertificate? Certificate, string? Problem) Take(Holder holder, Settings settings, X509Certificate2 read, X509Certificate2Collection chain)
    {
        if (holder.Current is { } current && current.Thumbprint == Thumbprints.Of(read))
        {
            return (current, null);
        }

        (ClientCertificate? certificate, string? problem) = ClientCertificate.Of(read, chain, settings.Identity, holder.Current);
        if (certificate is not null)
        {
            holder.Current = certificate;
            log.CertificateLoaded(settings.Client, settings.ProfileName, certificate.Name, certificate.NotAfter);
        }

        return (certificate, problem);
    }

    private CertificateRegistration? Registered(Settings settings) =>
        registrations.OfType<CertificateRegistration>().LastOrDefault(registration => registration.Serves(settings.Client, settings.Profile, settings.IsActive));

    // What is in a file, in a store or with the app may be renewed there; what is in the settings may not.
    private bool IsFixed(Settings settings) => Registered(settings) is null && CertificateSource.Of(settings.Options.Certificate) is { IsText: true };

    private string FullPath(string path) => Path.GetFullPath(path, host?.ContentRootPath is { Length: > 0 } root ? Path.GetFullPath(root) : Directory.GetCurrentDirectory());

    // A file may be half written, or a mount be late: the next look may find it whole.
    private static (ClientCertificate? Certificate, Failure? Failure) Wrong(CertificateSource source, string problem) =>
        (null, new Failure(FailureReason.NotConfigured, $"{problem}.") { IsTransient = !source.IsText });

    private static string? Lapse(ClientCertificate certificate, DateTimeOffset now)
    {
        if (now > certificate.NotAfter)
        {
            return $"expired on {certificate.NotAfter:u}";
        }

        return now < certificate.NotBefore ? $"is not good before {certificate.NotBefore:u}" : null;
    }

    /// <summary>What is known of the certificate of one identity. Its own lock guards it.</summary>
    private sealed class Holder
    {
        public CertificateSource? Source { get; set; }

        /// <summary>The hash of the files that it was read from: two files that are renewed one after the other have no time in common.</summary>
        public byte[] Digest { get; set; } = [];

        public ClientCertificate? Current { get; set; }
    }
}
