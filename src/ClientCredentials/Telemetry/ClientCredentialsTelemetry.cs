namespace ClientCredentials;

/// <summary>The names by which an app subscribes to what this package measures.</summary>
public static class ClientCredentialsTelemetry
{
    /// <summary>The name of the meter, for <c>AddMeter</c>.</summary>
    public const string MeterName = "ClientCredentials";
}
