using System.Net;
using System.Text;
using ClientCredentials.Authentication;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tests.Protocol;

/// <summary>The response parser by itself: bytes in, a token or a failure out.</summary>
internal static class Reading
{
    public static readonly DateTimeOffset SentAt = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TokenReply Read(string body, HttpStatusCode status = HttpStatusCode.OK, string? type = "application/json", Action<ClientCredentialsOptions>? configure = null)
        => Read(new ServerAnswer(status, type, Encoding.UTF8.GetBytes(body)), configure);

    public static TokenReply Read(ServerAnswer answer, Action<ClientCredentialsOptions>? configure = null)
    {
        var options = new ClientCredentialsOptions { TokenUrl = new Uri("https://login.example.com/t"), ClientId = OneClient.Id, ClientSecret = OneClient.Secret };
        configure?.Invoke(options);
        var settings = new Settings("billing", profile: null, isActive: true, options);
        var request = new TokenRequest(settings, asked: null);
        new BasicCredential(options.ClientId, options.ClientSecret, options.BasicEncoding).AddToAsync(request, SentAt, CancellationToken.None).AsTask().Wait();
        return TokenResponse.Read(answer, request, settings, SentAt);
    }

    public static Failure Failure(string body, HttpStatusCode status = HttpStatusCode.OK, string? type = "application/json", Action<ClientCredentialsOptions>? configure = null)
        => Assert.IsType<Failure>(Read(body, status, type, configure).Failure);

    public static AccessToken Token(string body, HttpStatusCode status = HttpStatusCode.OK, string? type = "application/json", Action<ClientCredentialsOptions>? configure = null)
        => Assert.IsType<AccessToken>(Read(body, status, type, configure).Token);

    /// <summary>The life of a token whose answer has this <c>expires_in</c>, with what was odd about it.</summary>
    public static TokenReply Life(string expiresIn) => Read($$"""{"access_token":"t0ken","token_type":"Bearer","expires_in":{{expiresIn}}}""");
}
