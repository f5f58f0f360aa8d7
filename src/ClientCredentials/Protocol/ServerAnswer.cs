using System.Net;

namespace ClientCredentials.Protocol;

/// <summary>What came back from the token endpoint, as far as it is read.</summary>
/// <param name="Status">The status.</param>
/// <param name="MediaType">The media type, without parameters; null where none was named.</param>
/// <param name="Body">The body, whole.</param>
/// <param name="RetryAfter">How long the server asks to wait.</param>
/// <param name="Location">Where it redirects to.</param>
internal sealed record ServerAnswer(HttpStatusCode Status, string? MediaType, ReadOnlyMemory<byte> Body, TimeSpan? RetryAfter = null, Uri? Location = null)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    public bool IsRedirect => (int)Status is >= 300 and < 400;

    /// <summary>Whether the status says that the same request may work a little later.</summary>
    public bool MayPass => (int)Status is 408 or 429 or >= 500;
}
