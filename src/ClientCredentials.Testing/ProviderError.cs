using ClientCredentials.Testing.Server;

namespace ClientCredentials.Testing;

/// <summary>An error as a <see cref="Provider"/> answers it. Script it by <see cref="EndpointScript.Fail(ProviderError, int)"/>.</summary>
public sealed class ProviderError
{
    internal ProviderError(string name, ProviderAnswer answer)
    {
        Name = name;
        Answer = answer;
    }

    /// <summary>The error's name, such as <c>wrong secret</c>.</summary>
    public string Name { get; }

    /// <summary>The status of the answer.</summary>
    public int Status => Answer.Status;

    /// <summary>Where it is known from. Null means from hearsay; such an error is answered only where a script asks for it.</summary>
    public string? Source { get; internal init; }

    internal ProviderAnswer Answer { get; }

    /// <summary>Whether it answers a client that could not prove who it is (<c>credentials</c>), asked for too much (<c>scope</c>), sent a request that lacks something (<c>request</c>), or only scripts.</summary>
    internal string? When { get; init; }

    internal ProviderErrorExpectation? Expectation { get; init; }

    /// <summary>Name and status.</summary>
    public override string ToString() => $"{Name} ({Status})";
}
