using System.Text.Json;

namespace ClientCredentials.Protocol;

/// <summary>Reads JSON texts that may be broken inside.</summary>
internal static class JsonText
{
    /// <summary>The text, or null where it is not valid: an escaped half of a surrogate pair makes the reader throw.</summary>
    public static string? Of(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The member of an object, or null where there is none, or where a broken name stands in the way.</summary>
    public static JsonElement? Member(JsonElement body, string name)
    {
        try
        {
            return body.TryGetProperty(name, out JsonElement value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
