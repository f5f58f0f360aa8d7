using System.Text.Json;

namespace ClientCredentials.Protocol;

/// <summary>The error that a body tells of: as RFC 6749 §5.2 has it, or in one of the shapes that gateways and vendors use instead.</summary>
internal readonly record struct OAuthError(string? Code, string? Description)
{
    public static OAuthError Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return default;
        }

        if (Text(body, "error") is { } code)
        {
            return new(code, Text(body, "error_description") ?? Text(body, "reason"));
        }

        if (Part(body, "error") is { } error)
        {
            return new(Text(error, "code") ?? Text(error, "status"), Text(error, "message"));
        }

        if (Text(body, "errorCode") is { } okta)
        {
            return new(okta, Text(body, "errorSummary"));
        }

        if (Text(body, "ErrorCode") is { } apigee)
        {
            return new(apigee, Text(body, "Error"));
        }

        return Part(body, "fault") is { } fault
            ? new(null, Text(fault, "faultstring"))
            : new(null, Text(body, "message"));
    }

    private static string? Text(JsonElement body, string name) => body.TryGetProperty(name, out JsonElement value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => JsonText.Of(value) is { Length: > 0 } text ? text : null,
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        }
        : null;

    private static JsonElement? Part(JsonElement body, string name) =>
        body.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value : null;
}
