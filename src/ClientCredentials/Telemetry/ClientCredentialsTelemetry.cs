namespace ClientCredentials;

/// <summary>The names by which an app subscribes to what this package measures and traces.</summary>
public static class ClientCredentialsTelemetry
{
    /// <summary>The name of the meter, for <c>AddMeter</c>.</summary>
    public const string MeterName = "ClientCredentials";

    /// <summary>The name of the source of activities, for <c>AddSource</c>: one for each fetch of a token, linked to the request that waited for it.</summary>
    public const string ActivitySourceName = "ClientCredentials";
}
