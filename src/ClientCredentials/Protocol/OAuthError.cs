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

    /// <summary>Whether a body says beside its token that there is none: by the standard's own member, unless that says nothing.</summary>
    public static bool Denies(JsonElement body) => JsonText.Member(body, "error") is { } error && error.ValueKind switch
    {
        JsonValueKind.String => JsonText.Of(error) is not "",
        JsonValueKind.Number => error.GetRawText() != "0",
        JsonValueKind.Object or JsonValueKind.Array => error.GetRawText().Length > 2,
        _ => error.ValueKind == JsonValueKind.True,
    };

    private static string? Text(JsonElement body, string name) => JsonText.Member(body, name) is { } value
        ? value.ValueKind switch
        {
            JsonValueKind.String => JsonText.Of(value) is { Length: > 0 } text ? text : null,
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        }
        : null;

    private static JsonElement? Part(JsonElement body, string name) =>
        JsonText.Member(body, name) is { ValueKind: JsonValueKind.Object } value ? value : null;
}
