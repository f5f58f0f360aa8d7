using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace ClientCredentials.Clients;

/// <summary>One setting of a client: its key, how a layer of configuration sets it, and its value as text, by which two versions are compared.</summary>
/// <param name="Key">The key below the client's section, such as <c>TokenRequest:GrantType</c>.</param>
/// <param name="Bind">Sets the option from a section that the layer has; returns what is wrong, or null. Never shows the value.</param>
/// <param name="Text">The option's value as text.</param>
internal sealed record Setting(string Key, Func<IConfigurationSection, ClientCredentialsOptions, string?> Bind, Func<ClientCredentialsOptions, string?> Text)
{
    /// <summary>What is said of a text where there should be a group.</summary>
    public const string OneValue = "is one value where names with values are wanted";

    private const string Group = "is a list or an object where one value is wanted";

    /// <summary>Whether a change makes the token that is kept another client's, or another kind of token.</summary>
    public bool Identifies { get; init; }

    /// <summary>Whether it names what belongs to the host or the app: a file, a certificate in its store, a secret in its vault. By its key, so that no new one is overlooked.</summary>
    public bool IsOfHost { get; } =
        Key.EndsWith("File", StringComparison.Ordinal) || Key.EndsWith("Thumbprint", StringComparison.Ordinal) || Key.EndsWith("SecretName", StringComparison.Ordinal);

    public static Setting Word(string key, Func<ClientCredentialsOptions, string?> get, Action<ClientCredentialsOptions, string?> set) =>
        Scalar(key, text => (true, text), "", get, set, value => value);

    public static Setting Address(string key, Func<ClientCredentialsOptions, Uri?> get, Action<ClientCredentialsOptions, Uri?> set) =>
        Scalar(
            key,
            text => text.Length == 0 ? (true, null) : (Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out Uri? url), url),
            "is not a URL",
            get,
            set,
            value => value?.OriginalString);

    public static Setting Flag(string key, Func<ClientCredentialsOptions, bool> get, Action<ClientCredentialsOptions, bool> set) =>
        Scalar(key, text => (bool.TryParse(text, out bool value), value), "is neither 'true' nor 'false'", get, set, value => value ? "true" : "false");

    public static Setting Number(string key, Func<ClientCredentialsOptions, int> get, Action<ClientCredentialsOptions, int> set) =>
        Scalar(
            key,
            text => (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value), value),
            "is not a whole number",
            get,
            set,
            value => value.ToString(CultureInfo.InvariantCulture));

    public static Setting Duration(string key, Func<ClientCredentialsOptions, TimeSpan> get, Action<ClientCredentialsOptions, TimeSpan> set) =>
        Scalar(
            key,
            // .NET reads a bare number as days: "60" would be two months of waiting.
            text => (text.Contains(':', StringComparison.Ordinal) & TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan value), value),
            "is not a duration; write hours, minutes and seconds as hh:mm:ss, so that one minute is '00:01:00' (.NET reads a bare number as days)",
            get,
            set,
            value => value.ToString("c", CultureInfo.InvariantCulture));

    public static Setting Choice<T>(string key, Func<ClientCredentialsOptions, T> get, Action<ClientCredentialsOptions, T> set, params (string Word, T Value)[] choices)
        where T : struct, Enum =>
        Scalar(
            key,
            text => choices.Where(choice => SameWord(choice.Word, text)).Select(choice => (true, choice.Value)).FirstOrDefault(),
            $"is none of {string.Join(", ", choices.Select(choice => $"'{choice.Word}'"))}",
            get,
            set,
            value => value.ToString());

    /// <param name="key">The key below the client's section.</param>
    /// <param name="get">The list.</param>
    /// <param name="separator">What separates the items where they are written as one text.</param>
    public static Setting List(string key, Func<ClientCredentialsOptions, IList<string>> get, char? separator = null) =>
        ListOf(key, get, separator, text => (true, text), "", item => item);

    public static Setting Statuses(string key, Func<ClientCredentialsOptions, IList<HttpStatusCode>> get) =>
        ListOf(
            key,
            get,
            separator: null,
            text => (Enum.TryParse(text, ignoreCase: true, out HttpStatusCode status) && (int)status is > 99 and < 1000, status),
            "is not an HTTP status, such as 401",
            status => ((int)status).ToString(CultureInfo.InvariantCulture));

    /// <summary>A dictionary: a layer adds and replaces keys, and an empty value removes one.</summary>
    public static Setting Map(string key, Func<ClientCredentialsOptions, IDictionary<string, string>> get)
    {
        return new(key, Bind, options => Joined(get(options).OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => new[] { pair.Key, pair.Value })));

        string? Bind(IConfigurationSection section, ClientCredentialsOptions options)
        {
            if (!string.IsNullOrEmpty(section.Value))
            {
                return OneValue;
            }

            foreach (IConfigurationSection item in section.GetChildren())
            {
                if (item.GetChildren().Any())
                {
                    return $"has '{item.Key}', which {Group} (a name with a ':' in it can only be given by code)";
                }

                if (string.IsNullOrEmpty(item.Value))
                {
                    get(options).Remove(item.Key);
                    continue;
                }

                get(options)[item.Key] = item.Value;
            }

            return null;
        }
    }

    private static Setting Scalar<T>(
        string key,
        Func<string, (bool Understood, T Value)> read,
        string problem,
        Func<ClientCredentialsOptions, T> get,
        Action<ClientCredentialsOptions, T> set,
        Func<T, string?> text)
    {
        return new(key, Bind, options => text(get(options)));

        string? Bind(IConfigurationSection section, ClientCredentialsOptions options)
        {
            if (section.Value is not { } written)
            {
                // A JSON null is no word on the matter; an object or a list is a mistake.
                return section.GetChildren().Any() ? Group : null;
            }

            (bool understood, T value) = read(written);
            if (!understood)
            {
                return problem;
            }

            set(options, value);
            return null;
        }
    }

    private static Setting ListOf<T>(
        string key,
        Func<ClientCredentialsOptions, IList<T>> get,
        char? separator,
        Func<string, (bool Understood, T Value)> read,
        string problem,
        Func<T, string> text)
    {
        return new(key, Bind, options => Joined(get(options).Select(text)));

        string? Bind(IConfigurationSection section, ClientCredentialsOptions options)
        {
            if (section.Value is null && !section.GetChildren().Any())
            {
                // A JSON null is no word on the matter; an empty list is an empty text.
                return null;
            }

            if (section.GetChildren().Any(item => item.GetChildren().Any()))
            {
                return "has an item that is a list or an object";
            }

            IList<T> list = get(options);
            // Binding a list a second time would append to it: a layer that has the key replaces what was there.
            list.Clear();
            IEnumerable<string?> items = string.IsNullOrEmpty(section.Value)
                ? section.GetChildren().Select(item => item.Value)
                : separator is { } mark ? section.Value.Split(mark, StringSplitOptions.RemoveEmptyEntries) : [section.Value];
            foreach (string? item in items)
            {
                if (string.IsNullOrEmpty(item))
                {
                    continue;
                }

                (bool understood, T value) = read(item);
                if (!understood)
                {
                    return problem;
                }

                list.Add(value);
            }

            return null;
        }
    }

    private static bool SameWord(string a, string b) =>
        string.Equals(a.Replace("_", "", StringComparison.Ordinal), b.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    // Lengths in front, so that no two different lists have the same text.
    private static string Joined(IEnumerable<string> items) =>
        string.Concat(items.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Length}:{item}")));
}
