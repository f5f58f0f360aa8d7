using ClientCredentials.Testing.Server;

namespace ClientCredentials.Testing;

/// <summary>
/// A provider of tokens as the world knows it: what it wants of a token request, how its answers look, and which settings get a token from it.
/// Start a server that behaves like it by <see cref="TestServerOptions.UseProvider(string)"/>. Each is a file in <c>Providers</c>, with its sources.
/// </summary>
public sealed class Provider
{
    private static readonly Lazy<IReadOnlyList<Provider>> Files = new(ProviderFiles.Read);

    private static readonly Lazy<IReadOnlyList<Provider>> Presets = new(() => [.. Files.Value.Where(provider => provider.NoPreset is null)]);

    internal Provider(string name)
    {
        Name = name;
    }

    /// <summary>The providers that a server can act as, by name; each has a public source.</summary>
    public static IReadOnlyList<Provider> All => Presets.Value;

    /// <summary>The provider's name, such as <c>Salesforce</c>.</summary>
    public string Name { get; }

    /// <summary>What to mind with this provider, for people; null where there is nothing.</summary>
    public string? Note { get; internal init; }

    /// <summary>The settings of a client that get a token from the provider, as configuration keys below the client, such as <c>TokenTypeAliases:0</c>. The address and the id are examples; there is no secret.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; internal init; } = new Dictionary<string, string>();

    /// <summary>The errors that the provider is known to answer with, by a name such as <c>wrong secret</c>.</summary>
    public IReadOnlyDictionary<string, ProviderError> Errors { get; internal init; } = new Dictionary<string, ProviderError>();

    /// <summary>Where all this is known from.</summary>
    public IReadOnlyList<string> Sources { get; internal init; } = [];

    /// <summary>Those that no server can act as included.</summary>
    internal static IReadOnlyList<Provider> Corpus => Files.Value;

    /// <summary>Why no server can act as it; null where one can.</summary>
    internal string? NoPreset { get; init; }

    /// <summary>Null where the provider has no token endpoint for this grant.</summary>
    internal ProviderBehavior? Behavior { get; init; }

    internal ProviderExpectation? Expectation { get; init; }

    /// <summary>The provider of a name, which ignores case.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="KeyNotFoundException">There is none, or no server can act as it.</exception>
    public static Provider Named(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);

        if (Corpus.FirstOrDefault(provider => provider.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } found)
        {
            throw new KeyNotFoundException($"Provider '{name}' is not known; known: {string.Join(", ", All.Select(provider => $"'{provider.Name}'"))}.");
        }

        return found.NoPreset is null ? found : throw new KeyNotFoundException($"Provider '{found.Name}' is nothing that a server can act as: {found.NoPreset}");
    }

    /// <summary>The provider's name.</summary>
    public override string ToString() => Name;
}
