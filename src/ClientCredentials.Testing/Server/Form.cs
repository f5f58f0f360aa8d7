using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ClientCredentials.Testing.Server;

/// <summary>Strict reading of <c>application/x-www-form-urlencoded</c>: a broken escape or broken UTF-8 is an error, never guessed at.</summary>
internal static class Form
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The pairs in order, repeated names kept; null when the text is malformed.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>>? Read(string text)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? part : part[..equals];
            var value = equals < 0 ? "" : part[(equals + 1)..];
            if (!TryDecode(name, out var decodedName) || !TryDecode(value, out var decodedValue))
            {
                return null;
            }

            pairs.Add(new(decodedName, decodedValue));
        }

        return pairs;
    }

    /// <summary>Decodes one name or value.</summary>
    public static bool TryDecode(string text, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        var source = Encoding.UTF8.GetBytes(text);
        var target = new byte[source.Length];
        var length = 0;
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] != '%')
            {
                target[length++] = source[i] == '+' ? (byte)' ' : source[i];
                continue;
            }

            if (i + 2 >= source.Length || !char.IsAsciiHexDigit((char)source[i + 1]) || !char.IsAsciiHexDigit((char)source[i + 2]))
            {
                return false;
            }

            target[length++] = Convert.FromHexString([(char)source[i + 1], (char)source[i + 2]])[0];
            i += 2;
        }

        return TryGetText(target.AsSpan(0, length), out decoded);
    }

    /// <summary>Reads bytes as UTF-8 and nothing else.</summary>
    public static bool TryGetText(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = StrictUtf8.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = null;
            return false;
        }
    }
}
