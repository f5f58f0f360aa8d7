using System.Text;

namespace ClientCredentials.Tests.Fuzzing;

/// <summary>Dice that fall the same way in every run: a seed, a target and a number make one input.</summary>
internal sealed class Chance(int seed)
{
    private readonly Random _dice = new(seed);

    public static Chance Of(int seed, string target, long number)
    {
        // FNV-1a: the hash codes of .NET differ from run to run.
        ulong hash = 14695981039346656037;
        foreach (byte part in Encoding.UTF8.GetBytes($"{seed} {target} {number}"))
        {
            hash = unchecked((hash ^ part) * 1099511628211);
        }

        return new(unchecked((int)(hash ^ (hash >> 32))));
    }

    /// <summary>0 to one less than this.</summary>
    public int Below(int limit) => _dice.Next(limit);

    public bool OneIn(int times) => _dice.Next(times) == 0;

    public T Pick<T>(params ReadOnlySpan<T> from) => from[_dice.Next(from.Length)];

    /// <summary>One of the seeds, bent: bits turned, parts doubled, dropped and cut, and words put in that parsers dislike.</summary>
    public byte[] Bytes(byte[][] seeds, byte[][] words) => Bent(seeds, words, () => (byte)_dice.Next(256), part => (byte)(part ^ (1 << _dice.Next(8))));

    public string Text(string[] seeds, string[] words)
    {
        char[] bent = Bent([.. seeds.Select(seed => seed.ToCharArray())], [.. words.Select(word => word.ToCharArray())], Character, _ => Character());
        return new string(bent);
    }

    public char Character() => Below(8) switch
    {
        0 => (char)Below(32),
        1 => (char)Below(0x10000),
        _ => (char)(32 + Below(95)),
    };

    private T[] Bent<T>(T[][] seeds, T[][] words, Func<T> any, Func<T, T> turned)
    {
        List<T> bent = [.. Pick(seeds)];
        for (int left = Below(5); left > 0; left--)
        {
            int at = Below(bent.Count + 1);
            int length = Math.Min(Below(12), bent.Count - at);
            switch (Below(8))
            {
                case 0 or 1 when words.Length > 0:
                    bent.InsertRange(at, Pick(words));
                    break;
                case 2:
                    bent.RemoveRange(at, length);
                    break;
                case 3:
                    bent.InsertRange(at, bent.GetRange(at, length));
                    break;
                case 4:
                    bent.Insert(at, any());
                    break;
                case 5 when OneIn(3):
                    bent.RemoveRange(at, bent.Count - at);
                    break;
                case 6:
                    T[] other = Pick(seeds);
                    bent.InsertRange(at, other.Skip(Below(other.Length + 1)).Take(Below(24)));
                    break;
                default:
                    if (at < bent.Count)
                    {
                        bent[at] = turned(bent[at]);
                    }

                    break;
            }
        }

        return [.. bent];
    }
}
