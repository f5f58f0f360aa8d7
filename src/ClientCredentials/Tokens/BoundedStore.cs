using Microsoft.Extensions.Caching.Memory;

namespace ClientCredentials.Tokens;

/// <summary>Holds so many values and no more; what was used least goes first. A MemoryCache of our own, never the app's.</summary>
/// <remarks>
/// At its limit a MemoryCache drops what is new, and it may make a value many times over for one key: so values are made under a lock,
/// after a second look, and a twentieth is dropped before the limit is passed.
/// </remarks>
/// <param name="limit">How many.</param>
/// <param name="onFull">Told once, when the limit is first reached, of the value for which there was no room.</param>
/// <param name="onAdded">Told of each value that comes.</param>
/// <param name="onDropped">Told of the key of each value that goes.</param>
internal sealed class BoundedStore<TKey, TValue>(int limit, Action<TValue> onFull, Action<TValue> onAdded, Action<TKey> onDropped) : IDisposable
    where TKey : class
    where TValue : class
{
    // A twentieth, but at least one: else a low limit would turn the newest away.
    private readonly double _toDrop = Math.Min(1, Math.Max(0.05, 1.5 / limit));
    private readonly Lock _gate = new();
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = limit });
    private bool _wasFull;
    private volatile bool _isDisposed;

    public int Count => _cache.Count;

    public TValue? Get(TKey key) => !_isDisposed && _cache.TryGetValue(key, out TValue? value) ? value : null;

    public TValue GetOrAdd(TKey key, Func<TValue> make)
    {
        if (Get(key) is { } known)
        {
            return known;
        }

        lock (_gate)
        {
            // After the end a value still serves the one who asked for it.
            return _isDisposed ? make() : Get(key) ?? Add(key, make());
        }
    }

    /// <summary>Removes a value, and not another that has come in its place.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(TKey key, TValue value)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(Get(key), value))
            {
                return false;
            }

            _cache.Remove(key);
            onDropped(key);
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _cache.Dispose();
        }
    }

    private TValue Add(TKey key, TValue value)
    {
        if (_cache.Count >= limit)
        {
            DropSome();
            if (!_wasFull)
            {
                _wasFull = true;
                onFull(value);
            }
        }

        using (ICacheEntry entry = _cache.CreateEntry(key))
        {
            entry.Size = 1;
            entry.Value = value;
        }

        onAdded(value);
        return value;
    }

    // Found by comparing, because a callback for each entry would be a sixth of what a source costs; under the lock nothing else drops.
    private void DropSome()
    {
        HashSet<object> dropped = [.. _cache.Keys];
        _cache.Compact(_toDrop);
        dropped.ExceptWith(_cache.Keys);
        foreach (TKey key in dropped.Cast<TKey>())
        {
            onDropped(key);
        }
    }
}
