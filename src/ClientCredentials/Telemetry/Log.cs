using Microsoft.Extensions.Logging;

namespace ClientCredentials.Telemetry;

/// <summary>Every sentence this package logs. Event ids are stable: alerts hang on them.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Client '{Client}' uses profile '{Profile}': {Why}.")]
    public static partial void ProfileActive(this ILogger log, string client, string profile, string why);

    [LoggerMessage(2, LogLevel.Warning, "Client '{Client}' goes on with profile '{Profile}': the configuration now says '{Asked}', and the active profile is read once, at start. Restart the app to change it.")]
    public static partial void ProfileChangeIgnored(this ILogger log, string client, string profile, string asked);

    [LoggerMessage(3, LogLevel.Information, "Client '{Client}' (profile '{Profile}'): the settings changed and are in effect.")]
    public static partial void SettingsChanged(this ILogger log, string client, string profile);

    [LoggerMessage(4, LogLevel.Error, "Client '{Client}' (profile '{Profile}') goes on with its last good settings, because the changed ones are wrong: {Problems}")]
    public static partial void ReloadRefused(this ILogger log, string client, string profile, string problems);

    [LoggerMessage(5, LogLevel.Warning, "Client '{Client}' (profile '{Profile}'): {Warning}")]
    public static partial void SettingsOdd(this ILogger log, string client, string profile, string warning);

    [LoggerMessage(6, LogLevel.Error, "Client '{Client}' (profile '{Profile}') cannot be used: its settings are still wrong. {Problems}")]
    public static partial void SettingsWrong(this ILogger log, string client, string profile, string problems);

    [LoggerMessage(10, LogLevel.Information, "Client '{Client}' (profile '{Profile}') got a token: good for {Lifetime}, scopes '{Scopes}', after {Attempts} request(s) in {Elapsed}.")]
    public static partial void TokenReceived(this ILogger log, string client, string profile, TimeSpan lifetime, string scopes, int attempts, TimeSpan elapsed);

    [LoggerMessage(11, LogLevel.Error, "Client '{Client}' (profile '{Profile}') gets no new token, and is tried again in {Pause}: {Problem}")]
    public static partial void ClientRefused(this ILogger log, string client, string profile, TimeSpan pause, string problem);

    [LoggerMessage(12, LogLevel.Warning, "Client '{Client}' (profile '{Profile}') got no token: {Problem}")]
    public static partial void TokenFailed(this ILogger log, string client, string profile, string problem);

    [LoggerMessage(13, LogLevel.Warning, "Client '{Client}' (profile '{Profile}') could not renew its token ahead of time, and the old one serves on: {Problem}")]
    public static partial void RefreshFailed(this ILogger log, string client, string profile, string problem);

    [LoggerMessage(14, LogLevel.Information, "Client '{Client}' (profile '{Profile}') is well again.")]
    public static partial void ClientRecovered(this ILogger log, string client, string profile);

    [LoggerMessage(15, LogLevel.Debug, "Client '{Client}' (profile '{Profile}'): attempt {Attempt} failed, and the next follows in {Delay}: {Problem}")]
    public static partial void AttemptFailed(this ILogger log, string client, string profile, int attempt, TimeSpan delay, string problem);

    [LoggerMessage(16, LogLevel.Warning, "Client '{Client}' (profile '{Profile}'): {Oddity}")]
    public static partial void TokenOdd(this ILogger log, string client, string profile, string oddity);

    [LoggerMessage(20, LogLevel.Information, "Client '{Client}' (profile '{Profile}'): the API refused the token, a new one is asked for.")]
    public static partial void TokenRejected(this ILogger log, string client, string profile);

    [LoggerMessage(21, LogLevel.Warning, "Client '{Client}' (profile '{Profile}'): the API refused a token again; tokens are renewed for that at most once in {Pause}, and until then its answers go back as they are.")]
    public static partial void RejectionBraked(this ILogger log, string client, string profile, TimeSpan pause);

    [LoggerMessage(22, LogLevel.Warning, "HttpClient '{HttpClient}' sends requests that bring an Authorization header of their own; client '{Client}' leaves them as they are. Set KeepOwnAuthorization if that is meant.")]
    public static partial void OwnAuthorizationKept(this ILogger log, string httpClient, string client);

    [LoggerMessage(23, LogLevel.Warning, "Client '{Client}': an automatic redirect dropped the token: the request went to {Sent}, the answer {Status} came from {Answered}. Correct the address, often a missing slash at its end.")]
    public static partial void RedirectDroppedToken(this ILogger log, string client, string sent, int status, string answered);

    [LoggerMessage(24, LogLevel.Warning, "HttpClient '{HttpClient}' follows redirects, and these take the ApiHeaders of client '{Client}' along wherever they lead. Give it a primary handler with AllowAutoRedirect off.")]
    public static partial void RedirectsTakeApiHeaders(this ILogger log, string httpClient, string client);

    [LoggerMessage(25, LogLevel.Error, "A client could not be connected at start. {Problem}")]
    public static partial void NotConnected(this ILogger log, string problem);

    [LoggerMessage(30, LogLevel.Warning, "The token client '{HttpClient}' has a certificate check of the app's own; whoever passes it can read the credentials.")]
    public static partial void CustomCertificateCheck(this ILogger log, string httpClient);

    [LoggerMessage(31, LogLevel.Warning, "Client '{Client}': {Count} kinds of tokens are held, which is the limit; rarely used ones are dropped and fetched again. Does a value per user or per request get into the token parameters?")]
    public static partial void SourcesAtLimit(this ILogger log, string client, int count);

    [LoggerMessage(33, LogLevel.Warning, "{Count} clients found by AddClientResolver are held, which is the limit; those used least are dropped and looked up again.")]
    public static partial void ResolvedAtLimit(this ILogger log, int count);

    [LoggerMessage(34, LogLevel.Warning, "Client '{Client}' could not be looked up: {Problem}")]
    public static partial void NotResolved(this ILogger log, string client, string problem);

    [LoggerMessage(40, LogLevel.Information, "Client '{Client}' (profile '{Profile}') has a certificate: {Certificate}, good until {NotAfter:u}.")]
    public static partial void CertificateLoaded(this ILogger log, string client, string profile, string certificate, DateTimeOffset notAfter);

    [LoggerMessage(32, LogLevel.Error, "A subscriber of StatusChanged failed.")]
    public static partial void SubscriberFailed(this ILogger log, Exception exception);
}
