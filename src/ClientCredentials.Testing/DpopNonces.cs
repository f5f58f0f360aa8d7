using System.Buffers.Text;
using System.Security.Cryptography;

namespace ClientCredentials.Testing;

/// <summary>
/// The nonces that one endpoint of a <see cref="TestAuthorizationServer"/> wants in proofs (RFC 9449 §8, §9). While it wants them, every answer that it gives by
/// itself names the next one in <c>DPoP-Nonce</c>; scripted answers do not.
/// </summary>
public sealed class DpopNonces
{
    private const int NonceBytes = 16;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _good = new(StringComparer.Ordinal);
    private string _current;
    private volatile bool _isRequired;
    private volatile bool _isOneTime;

    internal DpopNonces() => _current = Add();

    /// <summary>Whether a proof needs a nonce of this endpoint. Defaults to false.</summary>
    public bool IsRequired
    {
        get => _isRequired;
        set => _isRequired = value;
    }

    /// <summary>Whether a nonce is good for one request, and each answer names another. Defaults to false, so that one nonce serves until <see cref="Rotate"/>.</summary>
    public bool IsOneTime
    {
        get => _isOneTime;
        set => _isOneTime = value;
    }

    /// <summary>The nonce that the next answer names.</summary>
    public string Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    /// <summary>Makes a new nonce; all that were named before are refused from now on.</summary>
    /// <returns>The new one.</returns>
    public string Rotate()
    {
        lock (_gate)
        {
            _good.Clear();
            return _current = Add();
        }
    }

    /// <summary>Whether a proof's nonce is good now.</summary>
    internal bool Takes(string? nonce)
    {
        if (!_isRequired)
        {
            return true;
        }

        lock (_gate)
        {
            if (nonce is null || !_good.Contains(nonce))
            {
                return false;
            }

            if (_isOneTime)
            {
                _good.Remove(nonce);
            }

            return true;
        }
    }

    /// <summary>The nonce that an answer names; null where none is wanted.</summary>
    internal string? Next()
    {
        if (!_isRequired)
        {
            return null;
        }

        lock (_gate)
        {
            return _isOneTime ? _current = Add() : _current;
        }
    }

    private string Add()
    {
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceBytes));
        _good.Add(nonce);
        return nonce;
    }
}
