using System.Collections.ObjectModel;

namespace ClientCredentials.Protocol;

/// <summary>A list that shows what is in it, and equals one that holds the same: what a record prints and compares.</summary>
internal sealed class Words : ReadOnlyCollection<string>
{
    private Words(string[] words)
        : base(words)
    {
    }

    public static Words None { get; } = new([]);

    /// <returns>A copy.</returns>
    public static Words Of(IReadOnlyList<string>? words) => words switch
    {
        Words already => already,
        null or { Count: 0 } => None,
        _ => new([.. words]),
    };

    public override bool Equals(object? obj) => obj is Words other && this.SequenceEqual(other, StringComparer.Ordinal);

    public override int GetHashCode() => Count;

    public override string ToString() => $"[{string.Join(", ", this)}]";
}
