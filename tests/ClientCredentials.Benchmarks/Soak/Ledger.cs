using System.Collections.Concurrent;
using System.Text.Json;

namespace ClientCredentials.Benchmarks.Soak;

/// <summary>Knows every token that was given out: to whom, and until when.</summary>
internal sealed class Ledger(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, (string Client, DateTimeOffset Ends)> _tokens = new(StringComparer.Ordinal);
    private int _wrong;
    private int _expired;

    /// <summary>Tokens that nobody gave out, or that are another client's.</summary>
    public int Wrong => _wrong;

    /// <summary>Tokens that had ended when they arrived.</summary>
    public int Expired => _expired;

    public int Issued => _tokens.Count;

    private DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>A handler for the token client of a client, which writes its tokens down.</summary>
    public DelegatingHandler Writer(string client) => new Handler(this, client);

    /// <summary>Looks at the header that a request for a client's API came with.</summary>
    public void Check(string client, string header)
    {
        if (!_tokens.TryGetValue(header[(header.IndexOf(' ', StringComparison.Ordinal) + 1)..], out (string Client, DateTimeOffset Ends) token) || token.Client != client)
        {
            Interlocked.Increment(ref _wrong);
            return;
        }

        if (Now >= token.Ends)
        {
            Interlocked.Increment(ref _expired);
        }
    }

    private sealed class Handler(Ledger ledger, string client) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                // Which buffers it, so that it can be read again.
                using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
                TimeSpan lifetime = TimeSpan.FromSeconds(answer.RootElement.GetProperty("expires_in").GetInt32());
                ledger._tokens[answer.RootElement.GetProperty("access_token").GetString()!] = (client, ledger.Now + lifetime);
            }

            return response;
        }
    }
}
