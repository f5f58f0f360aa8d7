using System.Text;
using System.Text.Json;

namespace ClientCredentials.Clients;

/// <summary>What exactly a token is asked for, as JSON (RFC 9396 §2).</summary>
internal static class AuthorizationDetails
{
    // A header or form that is larger is refused by many servers.
    private const int MostCharacters = 32 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>What is wrong with a text, or null.</summary>
    public static string? Problem(string setting, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (text.Length > MostCharacters)
        {
            return $"{setting} has {text.Length} characters; it may have {MostCharacters}.";
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text, Strict);
            if (document.RootElement is not { ValueKind: JsonValueKind.Array } all || all.GetArrayLength() == 0)
            {
                return $"{setting} is not a JSON array of objects (RFC 9396 §2).";
            }

            if (!all.EnumerateArray().All(HasType))
            {
                return $"{setting} has an element without a 'type' (RFC 9396 §2).";
            }

            // Broken text, such as half of a surrogate pair, shows only when it is read: better here than in the middle of a token request.
            Canonical(document);
            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return $"{setting} is no JSON; it is an array of objects, each with a 'type' (RFC 9396 §2).";
        }
    }

    /// <summary>The same in the one form that all texts with the same meaning have: names in order, no space. A text that is no JSON stays as it is.</summary>
    public static string Canonical(string text)
    {
        if (text.Length == 0 || Problem("", text) is not null)
        {
            return text;
        }

        using JsonDocument document = JsonDocument.Parse(text, Strict);
        return Canonical(document);
    }

    private static string Canonical(JsonDocument document)
    {
        using MemoryStream written = new();
        using (Utf8JsonWriter writer = new(written))
        {
            Write(writer, document.RootElement);
        }

        return Encoding.UTF8.GetString(written.ToArray());
    }

    private static bool HasType(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("type", out JsonElement type) && type.ValueKind == JsonValueKind.String && type.GetString() is { Length: > 0 };

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                // A number stays as it was written: 1.10 may be an amount.
                element.WriteTo(writer);
                break;
        }
    }
}
