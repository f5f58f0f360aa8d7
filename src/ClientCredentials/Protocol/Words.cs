using System.Collections;
using System.Diagnostics;

namespace ClientCredentials.Protocol;

/// <summary>A list that shows what is in it, and equals one that holds the same: what a record prints and compares.</summary>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed class Words : IReadOnlyList<string>
{
    private readonly string[] _words;

    private Words(string[] words) => _words = words;

    public static Words None { get; } = new([]);

    public int Count => _words.Length;

    public string this[int index] => _words[index];

    /// <returns>A copy.</returns>
    public static Words Of(IReadOnlyList<string>? words) => words switch
    {
        Words already => already,
        null or { Count: 0 } => None,
        _ => new([.. words]),
    };

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_words).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override bool Equals(object? obj) => obj is Words other && _words.AsSpan().SequenceEqual(other._words);

    public override int GetHashCode() => Count;

    public override string ToString() => $"[{string.Join(", ", _words)}]";
}
