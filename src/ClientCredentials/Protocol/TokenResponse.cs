using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ClientCredentials.Clients;

namespace ClientCredentials.Protocol;

/// <summary>Understands what the token endpoint answered (RFC 6749 §5). Pure: bytes in, a token or a reason out.</summary>
internal static class TokenResponse
{
    private const string FormMediaType = "application/x-www-form-urlencoded";

    // Never part of what an app may read: they are secrets, and nothing here has a use for them.
    private static readonly string[] Secrets = ["access_token", "refresh_token", "id_token"];

    public static TokenReply Read(ServerAnswer answer, TokenRequest request, Settings settings, DateTimeOffset sentAt)
    {
        if (answer.IsRedirect)
        {
            return Redirected(answer, request);
        }

        JsonDocument? body = Parse(answer);
        using (body)
        {
            if (!answer.IsSuccess)
            {
                return Refusals.Of(answer, body is null ? default : OAuthError.Read(body.RootElement), request, settings);
            }

            if (body is null || body.RootElement.ValueKind != JsonValueKind.Object)
            {
                return Unreadable(answer, request, $"is no token response ({Shape(answer, request)})");
            }

            // GitHub and others say 200 and yet mean no.
            OAuthError error = OAuthError.Read(body.RootElement);
            bool hasToken = body.RootElement.TryGetProperty("access_token", out _);
            bool isDenied = hasToken ? OAuthError.Denies(body.RootElement) : error != default;
            return isDenied
                ? Refusals.Of(answer, error, request, settings)
                : Token(body.RootElement, answer, request, settings, sentAt);
        }
    }

    private static TokenReply Token(JsonElement body, ServerAnswer answer, TokenRequest request, Settings settings, DateTimeOffset sentAt)
    {
        if (body.EnumerateObject().Count(member => member.NameEquals("access_token")) > 1)
        {
            return Unreadable(answer, request, "has two access_token members, and nobody can say which is meant");
        }

        if (!body.TryGetProperty("access_token", out JsonElement written) || JsonText.Of(written) is not { } token || !AccessToken.IsSendable(token))
        {
            return Unreadable(answer, request, $"has no access_token that a header can carry ({Shape(answer, request)})");
        }

        ClientCredentialsOptions options = settings.Options;
        List<string> oddities = [];
        if (Type(body, options, oddities, request.Binding is not null) is not { } type)
        {
            return Unusable(body, answer, request, token);
        }

        string[]? granted = Scopes(body, SecretsThatAreNoScopes(token, options));
        string[] missing = granted is null ? [] : [.. options.RequiredScopes.Except(granted, StringComparer.Ordinal)];
        if (missing.Length > 0)
        {
            return new Failure(FailureReason.Refused, $"the server did not grant {Names.Quoted(missing)}, which RequiredScopes demands.")
            {
                Status = answer.Status,
                IsOfOneRequest = true,
            };
        }

        if (granted is not null && request.Scopes.Except(granted, StringComparer.Ordinal).ToArray() is { Length: > 0 } ungranted)
        {
            oddities.Add($"the server granted less than was asked for: not {Names.Quoted(ungranted)}.");
        }

        bool isAsAsked = granted is null || granted.AsSpan().SequenceEqual([.. request.Scopes]);
        TimeSpan lifetime = Lifetimes.Of(JsonText.Member(body, "expires_in"), token, options, oddities);
        return new()
        {
            Token = new AccessToken(token, sentAt + lifetime, type, isAsAsked ? request.Scopes : granted)
            {
                Rest = Rest(body),
                Binding = type == AccessToken.Dpop ? request.Binding : null,
            },
            Lifetime = lifetime,
            Claims = JwtClaims.Read(token, [token, .. request.Secrets]),
            Oddities = oddities,
        };
    }

    /// <summary>The token's type; null where it is none that was asked for.</summary>
    private static string? Type(JsonElement body, ClientCredentialsOptions options, List<string> oddities, bool isBound)
    {
        JsonElement? member = JsonText.Member(body, "token_type");
        if (isBound)
        {
            if (member is { } named && AccessToken.Dpop.Equals(JsonText.Of(named), StringComparison.OrdinalIgnoreCase))
            {
                return AccessToken.Dpop;
            }

            // The server did not bind the token: whoever steals it can use it, and that is what the client is to be kept from (RFC 9449 §5).
            if (!options.Dpop.AllowBearer)
            {
                return null;
            }
        }

        if (member is null or { ValueKind: JsonValueKind.Null } || JsonText.Of(member.Value) is "")
        {
            oddities.Add("the server did not name the token's type; it is taken for Bearer.");
            return AccessToken.Bearer;
        }

        string? type = JsonText.Of(member.Value);
        bool isBearer = AccessToken.Bearer.Equals(type, StringComparison.OrdinalIgnoreCase)
            || options.TokenTypeAliases.Contains(type, StringComparer.OrdinalIgnoreCase);
        return isBearer ? AccessToken.Bearer : null;
    }

    private static Failure Unusable(JsonElement body, ServerAnswer answer, TokenRequest request, string token)
    {
        JsonElement? type = JsonText.Member(body, "token_type");
        string given = type is null ? "no type" : $"type '{ServerText.Clean(JsonText.Of(type.Value), [token, .. request.Secrets]) ?? "something that is no text"}'";
        return request.Binding is null
            ? new Failure(FailureReason.UnsupportedTokenType, $"the server gave a token of {given}, which this client does not understand (RFC 6749 §7.1).")
            {
                Status = answer.Status,
                Hint = given.Equals($"type '{AccessToken.Dpop}'", StringComparison.OrdinalIgnoreCase)
                    ? "Only who proves to have its key may use it: set Dpop:Enabled."
                    : "If it is sent as Bearer all the same, add the type to TokenTypeAliases.",
            }
            : new Failure(FailureReason.UnsupportedTokenType, $"the server gave a token of {given}, and one of type '{AccessToken.Dpop}' was asked for (RFC 9449 §5).")
            {
                Status = answer.Status,
                Hint = "Its operator must let it bind the tokens of this client; Dpop:AllowBearer takes tokens that are not bound.",
            };
    }

    /// <summary>The scopes granted; null where the server says nothing, which means: as asked for (RFC 6749 §5.1).</summary>
    private static string[]? Scopes(JsonElement body, IReadOnlyList<string> secrets) => JsonText.Member(body, "scope") switch
    {
        { ValueKind: JsonValueKind.String } text when JsonText.Of(text) is { } scopes => Each(scopes, secrets),
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(JsonText.Of).OfType<string>().SelectMany(scopes => Each(scopes, secrets))],
        _ => null,
    };

    // They are logged, and a line break in one must not look like another line.
    private static string[] Each(string scopes, IReadOnlyList<string> secrets) =>
        [.. ServerText.Scrub(scopes, secrets).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries).Select(scope => ServerText.Clean(scope, [])).OfType<string>()];

    // Not every parameter that is kept quiet otherwise: a scope that was asked for by one is to be found again. And a short word may be both.
    private static string[] SecretsThatAreNoScopes(string token, ClientCredentialsOptions options) =>
        [.. new[] { token, options.ClientSecret, options.AlternateClientSecret }.OfType<string>().Where(secret => secret.Length >= 8)];

    // As bytes: few apps read it, and as elements it would weigh more than all else that is kept of an answer.
    private static ReadOnlyMemory<byte> Rest(JsonElement body)
    {
        ArrayBufferWriter<byte> rest = new();
        using (Utf8JsonWriter writer = new(rest))
        {
            writer.WriteStartObject();
            foreach (JsonProperty member in body.EnumerateObject().Where(member => !Secrets.Any(member.NameEquals)))
            {
                writer.WritePropertyName(member.Name);
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(member.Value), skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        return rest.WrittenSpan.ToArray();
    }

    private static JsonDocument? Parse(ServerAnswer answer)
    {
        try
        {
            if (FormMediaType.Equals(answer.MediaType, StringComparison.OrdinalIgnoreCase))
            {
                return FromForm(Encoding.UTF8.GetString(answer.Body.Span));
            }

            ReadOnlyMemory<byte> body = answer.Body.Span.StartsWith("\uFEFF"u8) ? answer.Body[3..] : answer.Body;
            return IsJson(answer.MediaType, body.Span) ? Checked(JsonDocument.Parse(body)) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    // A member's name may be broken text, which shows only when it is read: better here than in the middle of things.
    private static JsonDocument Checked(JsonDocument document)
    {
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                _ = member.Name;
            }
        }

        return document;
    }

    private static bool IsJson(string? mediaType, ReadOnlySpan<byte> body) =>
        mediaType is not null && (mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase))
        || ((mediaType is null || mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)) && body.TrimStart(" \t\r\n"u8) is [(byte)'{', ..]);

    private static JsonDocument FromForm(string body)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            foreach ((string name, string value) in FormEncoding.Read(body))
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.ToArray());
    }

    private static Failure Redirected(ServerAnswer answer, TokenRequest request)
    {
        Uri? target = answer.Location is { } location && Uri.TryCreate(request.Url, location, out Uri? resolved) && Origin.IsHttp(resolved) ? resolved : null;
        string to = target is null ? "" : $" to {ServerText.Clean(Origin.Of(target).ToString(), request.Secrets)}";
        return new Failure(
            FailureReason.InvalidResponse,
            $"the token endpoint {Origin.Shown(request.Url)} redirects{to} ({(int)answer.Status}), and a redirect is not followed: it would carry the credentials along.")
        {
            Status = answer.Status,
            Hint = "Set TokenUrl to the address that answers itself.",
        };
    }

    private static Failure Unreadable(ServerAnswer answer, TokenRequest request, string what) =>
        new(FailureReason.InvalidResponse, $"the answer of {Origin.Shown(request.Url)} {what}.") { Status = answer.Status };

    private static string Shape(ServerAnswer answer, TokenRequest request) =>
        $"status {(int)answer.Status}, media type {ServerText.Clean(answer.MediaType, request.Secrets) ?? "none"}, {answer.Body.Length} bytes";
}
