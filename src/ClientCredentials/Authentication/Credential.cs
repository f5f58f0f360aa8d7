using System.Diagnostics;
using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary>What proves who the client is, ready to be added to each token request of a flight.</summary>
internal abstract class Credential
{
    /// <summary>The secret it is made of; null where it is made of something else.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? Secret { get; init; }

    /// <summary>Whether it is made of the alternate secret.</summary>
    public bool IsAlternate { get; init; }

    /// <summary>Adds the proof to one request: a fresh one each time, where it is good for once only.</summary>
    /// <returns>Why there is none, or null.</returns>
    public abstract ValueTask<Failure?> AddToAsync(TokenRequest request, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>What code of the app failed with, as a value.</summary>
    public static Failure Failed(string what, Exception exception) =>
        // A vault, a signer or a sidecar that fails now may answer the next time.
        new(FailureReason.NotConfigured, $"{what} failed with {exception.GetType().Name}.") { IsTransient = true, Cause = exception };
}
