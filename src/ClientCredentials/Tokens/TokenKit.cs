using ClientCredentials.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tokens;

/// <summary>What all sources work with.</summary>
internal sealed record TokenKit(Clock Clock, Jitter Jitter, TokenEndpoint Endpoint, ClientCredentialsMeter Meter, ILogger Log, CancellationToken Stopping);
