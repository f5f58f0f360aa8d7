using System.Text.Json;

namespace ClientCredentials.Testing.Server;

/// <summary>How a provider's token endpoint behaves.</summary>
internal sealed record ProviderBehavior(ProviderAnswer Token)
{
    /// <summary>The ways in which it takes a secret; empty for all. An assertion or a certificate is the client's registration's business.</summary>
    public IReadOnlyList<string> Authentication { get; init; } = [];

    public bool RawBasic { get; init; }

    public bool ReissuesToken { get; init; }

    public bool RevokesPrevious { get; init; }

    /// <summary>What a request must have; <c>*</c> stands for any value.</summary>
    public ProviderWire Requires { get; init; } = new();
}

/// <summary>Parts of a token request.</summary>
internal sealed record ProviderWire
{
    public IReadOnlyDictionary<string, string> Form { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

/// <summary>What a client with the documented settings does and gets.</summary>
internal sealed record ProviderExpectation(string Authentication, TimeSpan Lifetime, ProviderWire Wire, IReadOnlyDictionary<string, string> Response);

/// <summary>What a client makes of an error.</summary>
internal sealed record ProviderErrorExpectation(FailureReason Reason, string? Error, string? Description, bool IsTransient, string? Hint);

/// <summary>An answer as a file has it.</summary>
internal sealed record ProviderAnswer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, string ContentType, JsonElement? Json, string? Text);
