namespace ClientCredentials.Authentication;

/// <summary>What tells one version of a file from the next without reading it.</summary>
internal readonly record struct FileStamp(DateTime WrittenAt, long Length);

/// <summary>Looks at a file through one handle, so that a link that is moved meanwhile (as Kubernetes does) cannot mix two versions.</summary>
internal static class WatchedFile
{
    private const int MostBytes = 1 << 20;
    private const int LongestWord = 100;

    /// <summary>A setting with its value, a path or a thumbprint, where that may be shown: somebody may have put there what the file holds.</summary>
    public static string Named(string setting, string value) =>
        IsContent(value) ? $"{setting} (whose value is not shown, because it looks like a key, a certificate or a token itself)" : $"{setting} ('{value}')";

    // PEM, a JWK, a JWT, and Base64 of whatever.
    private static bool IsContent(string value) =>
        value.Any(char.IsControl)
        || value.Contains("-----", StringComparison.Ordinal)
        || value.AsSpan().TrimStart() is ['{', ..] or ['e', 'y', 'J', ..]
        || (value.Length > LongestWord && value[0] != '/' && value.All(character => char.IsAsciiLetterOrDigit(character) || character is '+' or '/' or '=' or '-' or '_'));

    /// <summary>What a file says, where it is text: UTF-8, or what the mark at its beginning names. Editors and shells of Windows write such marks.</summary>
    public static string Text(byte[] bytes)
    {
        using StreamReader reader = new(new MemoryStream(bytes));
        return reader.ReadToEnd();
    }

    /// <summary>Reads a file unless it is the version that is known.</summary>
    /// <returns>The version and its bytes, null where it is the known one; or what is wrong, as the rest of a sentence.</returns>
    public static (FileStamp Stamp, byte[]? Bytes, string? Problem) Read(string path, FileStamp? known = null)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // By the handle, which follows links; by the path it would be the link's own time.
            FileStamp stamp = new(File.GetLastWriteTimeUtc(file.SafeFileHandle), file.Length);
            if (stamp == known)
            {
                return (stamp, null, null);
            }

            if (stamp.Length is 0 or > MostBytes)
            {
                return (stamp, null, stamp.Length == 0 ? "is empty" : $"is larger than {MostBytes} bytes");
            }

            byte[] bytes = new byte[stamp.Length];
            file.ReadExactly(bytes);
            return (stamp, bytes, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (default, null, exception switch
            {
                FileNotFoundException or DirectoryNotFoundException => "does not exist",
                UnauthorizedAccessException => Directory.Exists(path) ? "is a directory" : "may not be read by this account",
                _ => $"cannot be read ({exception.GetType().Name})",
            });
        }
    }
}
