using ClientCredentials.Clients;

namespace ClientCredentials.Authentication;

/// <summary>The nonces that servers want in proofs (RFC 9449 §8, §9), the last one of each origin. Of more origins than the bound, the one that was used longest ago goes.</summary>
internal sealed class DpopNonces(int limit = DpopNonces.Limit)
{
    private const int Limit = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<Origin, Entry> _entries = [];
    private long _uses;

    public string? Of(Uri url)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(Origin.Of(url), out Entry? entry))
            {
                return null;
            }

            entry.LastUse = ++_uses;
            return entry.Nonce;
        }
    }

    public void Keep(Uri url, string nonce)
    {
        Origin origin = Origin.Of(url);
        lock (_gate)
        {
            if (_entries.Count >= limit && !_entries.ContainsKey(origin))
            {
                _entries.Remove(_entries.MinBy(entry => entry.Value.LastUse).Key);
            }

            _entries[origin] = new Entry(nonce) { LastUse = ++_uses };
        }
    }

    private sealed class Entry(string nonce)
    {
        public string Nonce => nonce;

        public long LastUse { get; set; }
    }
}
