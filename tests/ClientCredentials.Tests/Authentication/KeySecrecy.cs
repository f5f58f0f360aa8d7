using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using ClientCredentials.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Authentication;

/// <summary>Neither a key, nor its password, nor an assertion gets into what is logged or thrown.</summary>
public class KeySecrecy
{
    [Fact]
    public async Task Nothing_of_a_key_or_an_assertion_is_logged_or_thrown()
    {
        using RSA key = KeysOfTests.Rsa();
        string pem = key.ExportEncryptedPkcs8PrivateKeyPem("pa$$w0rd-of-key", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        Lines lines = new();
        await using AssertionApp app = await AssertionApp.StartAsync(client => client.Authentication = ClientAuthentication.PrivateKeyJwt);
        app.Configure(
            client => (client.AuthenticationMethod, client.Key.Pem, client.Key.Password) = (AuthenticationMethod.PrivateKeyJwt, pem, "pa$$w0rd-of-key"),
            builder => builder.Services.AddLogging(log => log.SetMinimumLevel(LogLevel.Trace).AddProvider(lines)));
        app.Server.TokenEndpoint.Fail(HttpStatusCode.ServiceUnavailable);

        ClientCredentialsException error = await Assert.ThrowsAsync<ClientCredentialsException>(app.TokenAsync);

        string all = string.Join('\n', lines.All.Append(error.ToString()));
        string[] secrets =
        [
            "pa$$w0rd-of-key",
            pem.Split('\n')[1],
            .. app.Server.TokenEndpoint.Received.Select(request => request.FormValue("client_assertion")!.Split('.')[2]),
        ];
        Assert.Equal(2, app.Server.TokenEndpoint.Count);
        Assert.Contains("invalid_client", all, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            All.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
