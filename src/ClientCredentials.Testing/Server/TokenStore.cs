using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ClientCredentials.Testing.Server;

/// <summary>A token that the server has issued, bound to the key of a thumbprint (<c>cnf</c> with <c>jkt</c>, RFC 9449 §6), to a certificate (<c>x5t#S256</c>, RFC 8705 §3), or to neither.</summary>
internal sealed record IssuedToken(string Text, string ClientId, string Scope, string Shape, DateTimeOffset ExpiresAt, string? KeyThumbprint = null, string? CertificateThumbprint = null)
{
    public override string ToString() => $"Token of '{ClientId}' until {ExpiresAt:u}";
}

/// <summary>The living tokens of one server: opaque, random, and known to no other server.</summary>
internal sealed class TokenStore(TimeProvider clock)
{
    private const int TokenBytes = 32;

    private readonly ConcurrentDictionary<string, IssuedToken> _tokens = new(StringComparer.Ordinal);
    private readonly Lock _issuing = new();
    private int _sweepAt = 1024;

    public int Active
    {
        get
        {
            var now = clock.GetUtcNow();
            return _tokens.Count(pair => now < pair.Value.ExpiresAt);
        }
    }

    /// <summary>Gives the client a token; <paramref name="shape"/> is everything it asked for, and tells what may be issued again. With a certificate's thumbprint it is good only over connections with that certificate.</summary>
    public IssuedToken Issue(TestClient client, string scope, string shape, TimeSpan lifetime, string? keyThumbprint = null, string? certificateThumbprint = null, ProviderAct? provider = null)
    {
        lock (_issuing)
        {
            var now = clock.GetUtcNow();
            if ((client.ReissuesToken || provider is { ReissuesToken: true })
                && Own(client).FirstOrDefault(t => t.Shape == shape && t.KeyThumbprint == keyThumbprint && now < t.ExpiresAt) is { } living)
            {
                return living;
            }

            if (client.RevokesPrevious || provider is { RevokesPrevious: true })
            {
                foreach (var previous in Own(client))
                {
                    _tokens.TryRemove(previous.Text, out _);
                }
            }

            Sweep(now);
            var random = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
            var token = new IssuedToken(provider?.TokenText(random) ?? random, client.ClientId, scope, shape, now + lifetime, keyThumbprint, certificateThumbprint);
            _tokens[token.Text] = token;
            client.CountToken();
            return token;
        }
    }

    /// <summary>The token of this text, expired or not; null when it was never issued here, was revoked or is long gone.</summary>
    public IssuedToken? Find(string text) => _tokens.GetValueOrDefault(text);

    public bool IsLiving(IssuedToken token) => clock.GetUtcNow() < token.ExpiresAt;

    public bool Revoke(string text) => _tokens.TryRemove(text, out var token) && IsLiving(token);

    public int RevokeAll() => _tokens.Keys.Count(Revoke);

    private IEnumerable<IssuedToken> Own(TestClient client)
        => _tokens.Values.Where(token => token.ClientId == client.ClientId);

    // A soak test issues tokens for hours: the dead ones go whenever the store has doubled.
    private void Sweep(DateTimeOffset now)
    {
        if (_tokens.Count < _sweepAt)
        {
            return;
        }

        foreach (var (text, token) in _tokens)
        {
            if (token.ExpiresAt <= now)
            {
                _tokens.TryRemove(text, out _);
            }
        }

        _sweepAt = Math.Max(1024, _tokens.Count * 2);
    }
}
