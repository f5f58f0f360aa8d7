using System.Diagnostics;

namespace ClientCredentials.Telemetry;

/// <summary>Every activity of the package: one per fetch of a token.</summary>
internal static class Spans
{
    private static readonly ActivitySource Source = new(ClientCredentialsTelemetry.ActivitySourceName);

    /// <summary>Begins the activity of a fetch; null where nobody listens.</summary>
    /// <param name="client">The client.</param>
    /// <param name="profile">Its profile.</param>
    /// <param name="flight">Why a token is fetched.</param>
    /// <param name="startedBy">What the first caller was doing.</param>
    public static Activity? BeginFlight(string client, string? profile, string flight, ActivityContext startedBy)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        ActivityTagsCollection tags = new()
        {
            ["client_credentials.client"] = client,
            ["client_credentials.profile"] = profile,
            ["client_credentials.flight"] = flight,
        };
        ActivityLink[] links = startedBy == default ? [] : [new ActivityLink(startedBy)];
        return Source.StartActivity("client_credentials.fetch", ActivityKind.Internal, parentContext: default, tags, links);
    }

    public static void EndFlight(this Activity activity, string? error, int requests)
    {
        activity.SetTag("client_credentials.requests", requests);
        if (error is not null)
        {
            activity.SetTag("error.type", error);
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }
}
