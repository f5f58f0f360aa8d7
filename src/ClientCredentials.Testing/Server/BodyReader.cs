using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClientCredentials.Testing.Server;

/// <summary>Reads a request's body to its end and keeps the beginning.</summary>
internal static class BodyReader
{
    public const int MostKept = 64 * 1024;

    private const int ChunkSize = 16 * 1024;

    /// <summary>The kept bytes and the length of all.</summary>
    public static async ValueTask<(byte[] Kept, long Length)> ReadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return ([], 0);
        }

        var chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            using var kept = new MemoryStream();
            var length = 0L;
            int read;
            while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted).ConfigureAwait(false)) > 0)
            {
                kept.Write(chunk, 0, (int)Math.Min(read, MostKept - kept.Length));
                length += read;
            }

            return (kept.ToArray(), length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }
}
