using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tokens;

/// <summary>One fetch of a token, shared by all who wait for it. It belongs to nobody and never faults.</summary>
internal sealed class Flight(Settings settings, FlightKind kind)
{
    // Whoever waits goes on by itself: the one who lands must not run ten thousand callers' code.
    private readonly TaskCompletionSource<TokenReply?> _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The settings it began with, and keeps.</summary>
    public Settings Settings => settings;

    public FlightKind Kind => kind;

    /// <summary>Token or failure; null where the source was disposed before it landed.</summary>
    public Task<TokenReply?> Landed => _landed.Task;

    public void Land(TokenReply? reply) => _landed.TrySetResult(reply);
}

internal enum FlightKind
{
    /// <summary>Somebody waits: full patience.</summary>
    Foreground,

    /// <summary>Ahead of time, nobody waits: one attempt.</summary>
    Ahead,

    /// <summary>A question to a server that refused before: one attempt.</summary>
    Probe,

    /// <summary>An operator asks: full patience, whatever is known.</summary>
    Connect,
}
