using System.Runtime.CompilerServices;

namespace ClientCredentials.Tests.Fuzzing;

/// <summary>A part of the package that takes what strangers write, and what must hold whatever that is.</summary>
internal abstract class Target : IDisposable
{
    /// <summary>Its name, which is a part of each input's seed.</summary>
    public abstract string Name { get; }

    /// <summary>How many inputs the everyday tests try: what takes about a second.</summary>
    public abstract int Everyday { get; }

    /// <summary>All of them, each new.</summary>
    public static IReadOnlyList<Target> All() =>
    [
        new AnswerTarget(), new ExchangeTarget(), new LifetimeTarget(), new ChallengeTarget(), new ApiTarget(), new FormTarget(),
        new KeyTextTarget(), new KeyFileTarget(), new MetadataTarget(), new SettingsTarget(),
    ];

    /// <summary>Tries one input. What it throws is a find.</summary>
    /// <param name="chance">Makes the input.</param>
    /// <param name="shown">Takes the input as a reader of a find wants to see it.</param>
    /// <returns>Whether the input was taken, rather than refused: a target that only refuses, or never does, is not worth much.</returns>
    public abstract ValueTask<bool> TryAsync(Chance chance, List<string> shown);

    public virtual void Dispose() => GC.SuppressFinalize(this);

    protected static void Claim(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new BrokenClaimException(otherwise);
        }
    }

    protected static void ClaimEqual<T>(T expected, T actual, [CallerArgumentExpression(nameof(actual))] string what = "") =>
        Claim(EqualityComparer<T>.Default.Equals(expected, actual), $"{what} is '{actual}', and should be '{expected}'.");

    /// <summary>A text for people: one line, not endless, and without any secret.</summary>
    protected static void ClaimFit(string? text, int longest = 3000)
    {
        Claim(text is null || text.Length <= longest, $"A text of {text?.Length} characters.");
        Claim(text is null || !text.Any(char.IsControl), $"A control character in: {text}");
        ClaimNoSecret(text);
    }

    protected static void ClaimNoSecret(string? text)
    {
        if (text is { Length: > 0 } && Secrecy.Canaries.In(text).FirstOrDefault() is { } found)
        {
            throw new BrokenClaimException($"A secret: {found}");
        }
    }

    /// <summary>What every failure that reaches a caller must satisfy.</summary>
    protected static void ClaimFit(ClientCredentialsException exception)
    {
        ClaimFit(exception.Message);
        ClaimFit(exception.Error);
        ClaimFit(exception.ErrorDescription);
        ClaimFit(exception.Hint);
        ClaimNoSecret(exception.ToString());
        Claim(exception.Error is not "" && exception.ErrorDescription is not "", "An empty text stands for none.");
        Claim(exception.StatusCode is null, "The base's status is set.");
        Claim(exception.RetryAfter is null || exception.RetryAfter >= TimeSpan.Zero, $"RetryAfter is {exception.RetryAfter}.");
    }

    /// <summary>What every token must satisfy.</summary>
    protected static void ClaimGood(AccessToken token)
    {
        ClaimEqual(AccessToken.Bearer, token.Type);
        string text = token.Reveal();
        Claim(text.Length > 0 && text.All(character => character is >= '!' and <= '~'), "A token that no header can carry.");
        Claim(token.Scopes.All(scope => scope.Length > 0 && !scope.Any(char.IsControl)), "A scope that is empty or has a control character.");
        Claim(!token.Response.Keys.Any(key => key is "access_token" or "refresh_token" or "id_token"), "A token is among the rest of the answer.");
        Claim(!token.ToString().Contains(text, StringComparison.Ordinal) || text.Length < 12, "ToString shows the token.");
    }
}

/// <summary>Something that must always hold does not.</summary>
internal sealed class BrokenClaimException(string message) : Exception(message);
