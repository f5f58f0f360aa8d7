using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace ClientCredentials.Testing.Server;

/// <summary>Reads the files of the providers from this assembly. A file says all it means and nothing else, or it is an error.</summary>
internal static class ProviderFiles
{
    private const string Prefix = "ClientCredentials.Testing.Providers.";

    public static IReadOnlyList<Provider> Read()
    {
        Assembly assembly = typeof(ProviderFiles).Assembly;
        List<Provider> providers = [];
        foreach (string resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(resource)!;
            using StreamReader reader = new(stream);
            providers.Add(Read(resource[Prefix.Length..], reader.ReadToEnd()));
        }

        return [.. providers.OrderBy(provider => provider.Name, StringComparer.OrdinalIgnoreCase)];
    }

    public static Provider Read(string file, string json)
    {
        ProviderFields fields = ProviderFields.Parse(file, json);
        string? noPreset = fields.OptionalText("noPreset");
        IReadOnlyList<string> sources = fields.Texts("sources");
        fields.Must(noPreset is not null || sources.Count > 0, "sources", "is empty; what has no source says so in 'noPreset'");
        foreach (string source in sources)
        {
            fields.Must(IsAddress(source), "sources", $"has '{source}'; each must be an https URL");
        }

        ProviderFields? server = fields.OptionalObject("server");
        fields.Must(noPreset is not null || server is not null, "server", "is missing; what is no server says so in 'noPreset'");
        Provider provider = new(fields.Text("name"))
        {
            Note = fields.OptionalText("note"),
            NoPreset = noPreset,
            Sources = sources,
            Settings = server is null ? new Dictionary<string, string>() : Flat(fields.Object("settings")),
            Behavior = server is null ? null : Behavior(server),
            Errors = server is null ? new Dictionary<string, ProviderError>() : Errors(server),
            Expectation = server is null ? null : Expectation(fields.Object("expect")),
        };
        server?.End();
        fields.End();
        return provider;
    }

    private static ProviderBehavior Behavior(ProviderFields server)
    {
        ProviderFields token = server.Object("token");
        ProviderBehavior behavior = new(Answer(token))
        {
            Authentication = server.Texts("authentication"),
            RawBasic = server.Flag("rawBasic"),
            ReissuesToken = server.Flag("reissuesToken"),
            RevokesPrevious = server.Flag("revokesPrevious"),
            Requires = server.OptionalObject("requires") is { } requires ? Ended(requires, Wire(requires)) : new(),
        };
        token.Must(behavior.Token.Json is { } body && body.TryGetProperty("access_token", out JsonElement text) && text.ToString().Contains(ProviderAct.TokenMark, StringComparison.Ordinal),
            "body", $"must have an access_token with {ProviderAct.TokenMark} in it");
        token.End();
        return behavior;
    }

    private static Dictionary<string, ProviderError> Errors(ProviderFields server)
    {
        Dictionary<string, ProviderError> errors = new(StringComparer.Ordinal);
        ProviderFields all = server.Object("errors");
        foreach (string name in all.Names)
        {
            ProviderFields error = all.Object(name);
            ProviderFields expect = error.Object("expect");
            string? source = error.Nullable("source");
            error.Must(source is null || IsAddress(source), "source", $"is '{source}'; it must be an https URL, or null where there is none");
            string? when = error.OptionalText("when");
            error.Must(when is null or "credentials" or "scope" or "request", "when", $"is '{when}'; it must be 'credentials', 'scope' or 'request'");
            string reason = expect.Text("reason");
            expect.Must(Enum.TryParse(reason, out FailureReason parsed), "reason", $"is '{reason}'; it must be one of {string.Join(", ", Enum.GetNames<FailureReason>())}");
            errors[name] = new ProviderError(name, Answer(error))
            {
                Source = source,
                When = when,
                Expectation = Ended(expect, new ProviderErrorExpectation(parsed, expect.OptionalText("error"), expect.OptionalText("description"), expect.Flag("isTransient"), expect.OptionalText("hint"))),
            };
            error.End();
        }

        all.End();
        return errors;
    }

    private static ProviderExpectation Expectation(ProviderFields expect)
    {
        string lifetime = expect.Text("lifetime");
        expect.Must(TimeSpan.TryParseExact(lifetime, "c", CultureInfo.InvariantCulture, out TimeSpan parsed), "lifetime", $"is '{lifetime}'; it must be hh:mm:ss");
        return Ended(expect, new ProviderExpectation(expect.Text("authentication"), parsed, Wire(expect), expect.Map("response")));
    }

    private static ProviderAnswer Answer(ProviderFields answer)
    {
        int status = answer.Number("status");
        answer.Must(status is >= 200 and <= 599, "status", $"is {status}; it must be 200 to 599");
        JsonElement? body = answer.OptionalElement("body");
        string? text = answer.OptionalText("text");
        answer.Must(body is null || text is null, "text", "stands beside 'body'; there must be one of them");
        return new(status, [.. answer.Map("headers")], answer.OptionalText("contentType") ?? (body is null ? "" : "application/json"), body, text);
    }

    private static ProviderWire Wire(ProviderFields fields) => new()
    {
        Form = fields.Map("form"),
        Query = fields.Map("query"),
        Headers = fields.Map("headers"),
    };

    /// <summary>Settings as the configuration has them: keys with colons, items by their number.</summary>
    private static Dictionary<string, string> Flat(ProviderFields settings)
    {
        Dictionary<string, string> flat = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in settings.Names)
        {
            Add(name, settings.OptionalElement(name)!.Value);
        }

        settings.End();
        return flat;

        void Add(string key, JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    Add($"{key}:{property.Name}", property.Value);
                }

                return;
            }

            if (value.ValueKind == JsonValueKind.Array)
            {
                foreach ((int index, JsonElement item) in value.EnumerateArray().Index())
                {
                    Add($"{key}:{index}", item);
                }

                return;
            }

            flat[key] = value.ToString();
        }
    }

    private static bool IsAddress(string source) => Uri.TryCreate(source, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps;

    private static T Ended<T>(ProviderFields fields, T result)
    {
        fields.End();
        return result;
    }
}
