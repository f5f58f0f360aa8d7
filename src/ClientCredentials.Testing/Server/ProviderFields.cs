using System.Text.Json;

namespace ClientCredentials.Testing.Server;

/// <summary>The members of one JSON object of a provider's file, each of which must be asked for: what nobody knows is an error.</summary>
internal sealed class ProviderFields
{
    private readonly string _path;
    private readonly Dictionary<string, JsonElement> _members;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    private ProviderFields(string path, JsonElement value)
    {
        _path = path;
        _members = value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().ToDictionary(property => property.Name, property => property.Value, StringComparer.Ordinal)
            : throw new InvalidDataException($"{path}: is {Kind(value)}; it must be an object.");
    }

    public IReadOnlyCollection<string> Names => _members.Keys;

    public static ProviderFields Parse(string file, string json)
    {
        string path = $"Providers/{file}";
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return new(path, document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: is no JSON: {e.Message}", e);
        }
    }

    public string Text(string name) => OptionalText(name) ?? throw Problem(name, "is missing");

    public string? OptionalText(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value when value.GetString() is { Length: > 0 } text => text,
        { } value => throw Problem(name, $"is {Kind(value)}; it must be a text that is not empty"),
    };

    /// <summary>A text, or a null that is written out.</summary>
    public string? Nullable(string name) => Find(name) switch
    {
        null => throw Problem(name, "is missing; where there is none, write null"),
        { ValueKind: JsonValueKind.Null } => null,
        _ => OptionalText(name),
    };

    public int Number(string name) => Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number)
        ? number
        : throw Problem(name, "must be a whole number");

    public bool Flag(string name) => Find(name) switch
    {
        null => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Problem(name, $"is {Kind(value)}; it must be true or false"),
    };

    public IReadOnlyList<string> Texts(string name) => Find(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } value => [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String
            ? item.GetString()!
            : throw Problem(name, $"has {Kind(item)} in it; it must be a list of texts"))],
        { } value => throw Problem(name, $"is {Kind(value)}; it must be a list of texts"),
    };

    public IReadOnlyDictionary<string, string> Map(string name)
    {
        Dictionary<string, string> map = new(StringComparer.Ordinal);
        if (OptionalObject(name) is not { } fields)
        {
            return map;
        }

        foreach (string key in fields.Names)
        {
            map[key] = fields.Text(key);
        }

        return map;
    }

    public ProviderFields Object(string name) => OptionalObject(name) ?? throw Problem(name, "is missing");

    public ProviderFields? OptionalObject(string name) => Find(name) is { } value ? new($"{_path}: {name}", value) : null;

    public JsonElement? OptionalElement(string name) => Find(name);

    public void Must(bool holds, string name, string problem)
    {
        if (!holds)
        {
            throw Problem(name, problem);
        }
    }

    /// <summary>Refuses what was not asked for.</summary>
    public void End()
    {
        if (_members.Keys.FirstOrDefault(name => !_asked.Contains(name)) is { } unknown)
        {
            throw Problem(unknown, $"is not known; known: {string.Join(", ", _asked.Order(StringComparer.Ordinal))}");
        }
    }

    private JsonElement? Find(string name)
    {
        _asked.Add(name);
        return _members.TryGetValue(name, out JsonElement value) ? value : null;
    }

    private InvalidDataException Problem(string name, string problem) => new($"{_path}: {name} {problem}.");

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"the text '{value.GetString()}'",
        _ => value.GetRawText(),
    };
}
