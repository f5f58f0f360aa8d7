using System.Buffers;
using System.Net.Http.Headers;
using System.Security.Authentication;
using ClientCredentials.Authentication;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tokens;

/// <summary>Asks a server for a token, with patience; every failure comes back as a value.</summary>
internal sealed class TokenEndpoint(
    IHttpClientFactory http,
    Credentials credentials,
    DpopKeys dpopKeys,
    Certificates certificates,
    Discovery discovery,
    Patience patience,
    Clock clock)
{
    public const int MaxBytes = 1 << 20;

    // Tenants share one HttpClient: the factory would keep one for each of them for ever.
    private const string AnyResolved = "";

    private const string AlternateInUse = "the server takes AlternateClientSecret, and not the usual secret any more; it is used from now on. Make it the usual one.";

    /// <summary>The name of the HttpClient that talks to a client's token endpoint.</summary>
    public static string HttpClientName(string client) => $"ClientCredentials:{client}";

    public async Task<TokenReply> FetchAsync(Settings settings, TokenParameters? asked, int maxRetries, CancellationToken cancellationToken)
    {
        Credential? credential = null;
        ClientCertificate? certificate = null;
        Credential? other = null;
        TokenReply? refused = null;
        string waitingFor = "";
        int requests = 0;
        TokenReply reply = await patience.RunAsync(settings, maxRetries, AttemptAsync, () => waitingFor, cancellationToken).ConfigureAwait(false);
        // Where the secret store failed nothing was sent.
        return reply with { Attempts = requests, Failure = reply.Failure is { } failure ? failure with { Attempts = requests } : null };

        async Task<TokenReply> AttemptAsync(CancellationToken attemptToken)
        {
            if (credential is null)
            {
                waitingFor = "what hands out the credential";
                (Credential? found, Failure? failure) = await credentials.GetAsync(settings, attemptToken).ConfigureAwait(false);
                // An attempt that was left behind must not disturb the one that came after it.
                attemptToken.ThrowIfCancellationRequested();
                if (found is null)
                {
                    return failure!;
                }

                credential = found;
            }

            if (settings.PresentsCertificate && certificate is null)
            {
                waitingFor = "what hands out the certificate";
                (ClientCertificate? found, Failure? failure) = await certificates.GetAsync(settings, clock.Wall, attemptToken).ConfigureAwait(false);
                attemptToken.ThrowIfCancellationRequested();
                if (found is null)
                {
                    return failure!;
                }

                certificate = found;
            }

            waitingFor = $"the metadata of issuer '{settings.Options.Issuer}'";
            (Uri? url, Failure? unknown) = await discovery.TokenUrlAsync(settings, attemptToken).ConfigureAwait(false);
            if (url is null)
            {
                return unknown!;
            }

            if (certificate is not null && url.Scheme != Uri.UriSchemeHttps)
            {
                return new Failure(FailureReason.InvalidResponse, $"the metadata of issuer '{settings.Options.Issuer}' leads to {Origin.Of(url)}, which is http, over which no certificate can be presented.");
            }

            string endpoint = $"the token endpoint {Origin.Shown(url)}";
            if (refused is null)
            {
                waitingFor = endpoint;
                TokenReply first = await SendProvenAsync(url, credential, attemptToken).ConfigureAwait(false);
                if (first.Failure is not { BlamesCredential: true })
                {
                    return first;
                }

                refused = first;
                waitingFor = "what hands out the credential";
                other = await credentials.OtherAsync(settings, credential, attemptToken).ConfigureAwait(false);
            }

            if (other is null)
            {
                // There is none, or whoever hands it out hung: the server would only refuse the first again.
                return refused;
            }

            waitingFor = endpoint;
            TokenReply second = await SendProvenAsync(url, other, attemptToken).ConfigureAwait(false);
            if (second.Token is null)
            {
                return second.Failure!.BlamesCredential ? refused : second;
            }

            bool isNews = other.IsAlternate && !settings.UsesAlternateSecret;
            settings.UsesAlternateSecret = other.IsAlternate;
            return isNews ? second with { Oddities = [.. second.Oddities, AlternateInUse] } : second;
        }

        async Task<TokenReply> SendProvenAsync(Uri url, Credential proven, CancellationToken attemptToken)
        {
            requests++;
            TokenReply answer = await SendAsync(settings, asked, url, proven, certificate, attemptToken).ConfigureAwait(false);
            if (answer.Failure is not { WantsNonce: true })
            {
                return answer;
            }

            // Once: a server that goes on naming nonces would keep the app busy for ever. It is no retry, for nothing has failed (RFC 9449 §8).
            requests++;
            return await SendAsync(settings, asked, url, proven, certificate, attemptToken).ConfigureAwait(false);
        }
    }

    private async Task<TokenReply> SendAsync(
        Settings settings,
        TokenParameters? asked,
        Uri url,
        Credential credential,
        ClientCertificate? certificate,
        CancellationToken cancellationToken)
    {
        TokenRequest request = new(settings, asked, url);
        Presentation? presentation = certificate is null ? null : new(certificate, settings.Client, settings.Profile);
        // By the server's clock: it is the server that judges whether an assertion is too old, or not yet good.
        if (await credential.AddToAsync(request, clock.Wall + settings.Identity.ClockSkew, cancellationToken).ConfigureAwait(false) is { } notProven)
        {
            return notProven;
        }

        if (settings.Options.Dpop.Enabled && Bind(request, settings) is { } notBound)
        {
            return notBound;
        }

        // The token lives from here on: what the way takes is taken from its life.
        long askedAt = clock.Now;
        DateTimeOffset askedAtWall = clock.Wall;
        try
        {
            using HttpRequestMessage message = request.ToMessage();
            presentation?.PutOn(message);
            using HttpClient client = Client(settings, request);
            using HttpResponseMessage response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (response.RequestMessage?.RequestUri is { } answered && answered != request.Url)
            {
                return new Failure(
                    FailureReason.InvalidResponse,
                    $"the token client followed a redirect from {Origin.Shown(request.Url)} to {ServerText.Clean(Origin.Of(answered).ToString(), request.Secrets)}, which may have carried the credentials along.")
                {
                    Status = response.StatusCode,
                    Hint = "Its primary handler must not follow redirects.",
                };
            }

            string? nonce = DpopProof.NonceIn(response);
            if (nonce is not null && request.Binding is BoundKey key)
            {
                key.Hear(request, nonce);
            }

            if (await ReadBodyAsync(response, cancellationToken).ConfigureAwait(false) is not { } body)
            {
                return new Failure(FailureReason.InvalidResponse, $"the answer of {Origin.Shown(request.Url)} is larger than {MaxBytes} bytes.") { Status = response.StatusCode };
            }

            ServerAnswer answer = new(response.StatusCode, response.Content.Headers.ContentType?.MediaType, body, RetryAfter(response), response.Headers.Location);
            TimeSpan? skew = Skew(response, askedAt, askedAtWall);
            settings.Identity.ClockSkew = skew ?? settings.Identity.ClockSkew;
            TokenReply reply = TokenResponse.Read(answer, request, settings, askedAtWall) with { AskedAt = askedAt, AskedAtWall = askedAtWall, ClockSkew = skew };
            reply = presentation is null ? reply : CertificateBinding.Bind(reply, settings, presentation);
            return reply.Failure is { } failure
                ? reply with { Failure = ClockSkews.Hinted(failure, skew) with { WantsNonce = WantsOtherNonce(failure, request, nonce) } }
                : reply;
        }
        catch (Exception exception)
        {
            // However the cancellation shows itself: what was left behind must not end as an exception that nobody observes.
            cancellationToken.ThrowIfCancellationRequested();
            Failure failure = Unreachable(exception, request);
            return certificate is null ? failure : Certificates.Hinted(failure, certificate, settings);
        }
    }

    private HttpClient Client(Settings settings, TokenRequest request)
    {
        string name = HttpClientName(settings.IsResolved ? AnyResolved : settings.Client);
        try
        {
            return http.CreateClient(name);
        }
        catch (Exception exception)
        {
            throw new TokenClientException($"the HttpClient '{name}' cannot be made. {Said(exception, request)}", exception);
        }
    }

    /// <summary>The body, or null where it is too large; bounded whatever the server announces.</summary>
    public static async Task<byte[]?> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > MaxBytes)
        {
            return null;
        }

        using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(4096);
        int length = 0;
        try
        {
            while (true)
            {
                // One byte more than may be there tells that it is too much.
                int room = Math.Min(buffer.Length, MaxBytes + 1) - length;
                int read = await stream.ReadAsync(buffer.AsMemory(length, room), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return buffer[..length];
                }

                length += read;
                if (length > MaxBytes)
                {
                    return null;
                }

                if (length == buffer.Length)
                {
                    byte[] larger = ArrayPool<byte>.Shared.Rent(length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    // A token was in it.
                    ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
                    buffer = larger;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>Asks for the token to be bound to the client's key.</summary>
    /// <returns>Why that cannot be, or null.</returns>
    private Failure? Bind(TokenRequest request, Settings settings)
    {
        (DpopKey? key, Failure? failure) = dpopKeys.Get(settings);
        return key is null ? failure : new BoundKey(key, settings, clock).AddTo(request);
    }

    // The nonce that the proof had already is no news, and would be refused again.
    private static bool WantsOtherNonce(Failure failure, TokenRequest request, string? nonce) =>
        failure.Error == DpopProof.NonceWanted && request.Binding is not null && nonce is not null && nonce != request.Nonce;

    /// <summary>How far the server's clock was ahead in the middle of the exchange.</summary>
    private TimeSpan? Skew(HttpResponseMessage response, long askedAt, DateTimeOffset askedAtWall) =>
        // A year that no clock shows is the server's nonsense: with it, later times could not even be computed.
        response.Headers.Date is { Year: > 2000 and < 9000 } date ? ClockSkews.Of(date, askedAtWall + (clock.Between(askedAt, clock.Now) / 2)) : null;

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        RetryConditionHeaderValue? parsed = response.Headers.RetryAfter;
        if (parsed is null)
        {
            // .NET does not read more seconds than an int holds; a server that says so still means: not soon.
            bool isLong = response.Headers.NonValidated.TryGetValues("Retry-After", out HeaderStringValues written)
                && written.First().Trim() is { Length: > 9 } seconds
                && seconds.All(char.IsAsciiDigit);
            return isLong ? TimeSpan.FromSeconds(int.MaxValue) : null;
        }

        TimeSpan? wait = parsed.Delta ?? (parsed.Date - clock.Wall);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static Failure Unreachable(Exception exception, TokenRequest request)
    {
        if (exception is ClientCredentialsException own)
        {
            return new(own.Reason, own.Message);
        }

        string endpoint = Origin.Shown(request.Url);
        // Handlers of the app may put the request into their exceptions, and it prints its headers.
        Exception? cause = request.Secrets.Any(secret => secret.Length > 0 && exception.ToString().Contains(secret, StringComparison.Ordinal)) ? null : exception;
        if (exception is TokenClientException)
        {
            return new(FailureReason.NotConfigured, $"nothing was sent: {exception.Message}") { Cause = exception.InnerException };
        }

        if (exception is OperationCanceledException or TimeoutException)
        {
            return new(FailureReason.TimedOut, $"the token endpoint {endpoint} did not answer before something on its HttpClient gave up.") { IsTransient = true, Cause = cause };
        }

        if (exception.InnerException is AuthenticationException)
        {
            return new(FailureReason.Unreachable, $"there is no secure connection to the token endpoint {endpoint}: {Said(exception.InnerException, request)}")
            {
                Cause = cause,
                Hint = "Its certificate must be valid, and trusted on this machine.",
            };
        }

        string? said = exception is HttpRequestException or IOException ? Said(exception, request) : $"{exception.GetType().Name}.";
        return new(FailureReason.Unreachable, $"the token endpoint {endpoint} could not be reached: {said}") { IsTransient = true, Cause = cause };
    }

    private static string Said(Exception exception, TokenRequest request) => ServerText.Sentence(ServerText.Clean(exception.Message, request.Secrets));
}

/// <summary>The app's token client cannot be used, so nothing was sent.</summary>
internal sealed class TokenClientException(string message, Exception? innerException = null) : Exception(message, innerException);
