using System.Collections;
using System.Net.Http.Json;

namespace ClientCredentials.Http;

/// <summary>Whether a body can be sent a second time.</summary>
internal static class Replay
{
    public static bool IsPossible(HttpContent? content) => content switch
    {
        null or ByteArrayContent or ReadOnlyMemoryContent => true,
        MultipartContent parts => parts.All(IsPossible),
        JsonContent json => IsPlain(json.Value),
        // A class derived from it may do anything with its stream.
        StreamContent stream when stream.GetType() == typeof(StreamContent) => IsSeekable(stream),
        _ => false,
    };

    // What is enumerated while it is sent may be spent after that. Iterators are their own enumerators; asynchronous ones are disposable, whatever they yield.
    private static bool IsPlain(object? value) => value is not (IEnumerator or IAsyncEnumerable<object> or IAsyncDisposable or Stream);

    private static bool IsSeekable(StreamContent content)
    {
        try
        {
            return content.ReadAsStream().CanSeek;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
