using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ClientCredentials.Testing.Server;

/// <summary>A token endpoint's part of a provider: what it wants of a request, and how its answers look.</summary>
internal sealed class ProviderAct(Provider provider, ProviderBehavior behavior)
{
    /// <summary>Where in a file the text of the token goes.</summary>
    public const string TokenMark = "{token}";

    private const string ScopeMark = "{scope}";

    // A token of 45,000 years is what one vendor's documentation shows, but no clock can add it.
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3650);

    public bool RawBasic => behavior.RawBasic;

    public bool ReissuesToken => behavior.ReissuesToken;

    public bool RevokesPrevious => behavior.RevokesPrevious;

    /// <summary>The grant that the provider wants in place of the usual one.</summary>
    public string? GrantType => behavior.Requires.Form.GetValueOrDefault("grant_type");

    /// <summary>The life that the provider's answer tells; null where it tells none.</summary>
    public TimeSpan? Lifetime => Member("expires_in") is { } told && double.TryParse(told.ToString(), CultureInfo.InvariantCulture, out double seconds)
        ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, LongestLife.TotalSeconds))
        : null;

    public string TokenText(string random) => Member("access_token")!.Value.GetString()!.Replace(TokenMark, random, StringComparison.Ordinal);

    /// <summary>What the provider refuses and a good server would not; null where it takes the request.</summary>
    public Refusal? Check(ReceivedRequest request, PresentedCredentials credentials)
    {
        string method = credentials.UsedHeader ? "client_secret_basic" : "client_secret_post";
        if (credentials.Secret is not null && behavior.Authentication.Count > 0 && !behavior.Authentication.Contains(method, StringComparer.Ordinal))
        {
            return Refusal.InvalidClient($"{provider.Name} takes {string.Join(" or ", behavior.Authentication)}, not {method}.", credentials.UsedHeader);
        }

        var query = QueryHelpers.ParseQuery(request.Target.Contains('?', StringComparison.Ordinal) ? request.Target[request.Target.IndexOf('?', StringComparison.Ordinal)..] : "");
        return Missing("parameter", behavior.Requires.Form, request.FormValue)
            ?? Missing("query parameter", behavior.Requires.Query, name => query.TryGetValue(name, out var value) ? value.ToString() : null)
            ?? Missing("header", behavior.Requires.Headers, request.Header);
    }

    /// <summary>A refusal in the provider's own words, where they are known; else as it is.</summary>
    public Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        string? when = refusal.Error switch
        {
            "invalid_client" => "credentials",
            "invalid_scope" => "scope",
            "invalid_request" => "request",
            _ => null,
        };
        return provider.Errors.Values.FirstOrDefault(error => when is not null && error.When == when && error.Source is not null) is { } known
            ? WriteAsync(context, known.Answer)
            : Answer.WriteAsync(context, refusal);
    }

    public static Task WriteAsync(HttpContext context, ProviderAnswer answer) => WriteAsync(context, answer, answer.Json is { } json ? Encoding.UTF8.GetBytes(json.GetRawText()) : Encoding.UTF8.GetBytes(answer.Text ?? ""));

    /// <summary>The provider's token answer with this token in it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="token">The token.</param>
    /// <param name="scope">The scope granted.</param>
    /// <param name="left">How long the token still lives; null where it is as new and lives as long as the provider says.</param>
    public Task WriteTokenAsync(HttpContext context, IssuedToken token, string scope, TimeSpan? left)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            foreach (JsonProperty member in behavior.Token.Json!.Value.EnumerateObject())
            {
                Write(writer, member, token, scope, left);
            }

            writer.WriteEndObject();
        }

        return WriteAsync(context, behavior.Token, buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, JsonProperty member, IssuedToken token, string scope, TimeSpan? left)
    {
        switch (member.Name)
        {
            case "access_token":
                writer.WriteString(member.Name, token.Text);
                return;
            case "token_type" when token.KeyThumbprint is not null:
                writer.WriteString(member.Name, "DPoP");
                return;
            case "expires_in" when left is { } rest && member.Value.ValueKind == JsonValueKind.String:
                writer.WriteString(member.Name, Seconds(rest).ToString(CultureInfo.InvariantCulture));
                return;
            case "expires_in" when left is { } rest && member.Value.ValueKind == JsonValueKind.Number:
                writer.WriteNumber(member.Name, Seconds(rest));
                return;
            case "scope" when member.Value.ValueKind == JsonValueKind.String && member.Value.ValueEquals(ScopeMark):
                writer.WriteString(member.Name, scope);
                return;
            default:
                member.WriteTo(writer);
                return;
        }
    }

    // Whole seconds, without losing one to the moment that has passed since the token was made.
    private static long Seconds(TimeSpan left) => Math.Max(0, (long)(left.TotalSeconds + 0.1));

    private static Task WriteAsync(HttpContext context, ProviderAnswer answer, byte[] body)
    {
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        return Answer.WriteAsync(context, (HttpStatusCode)answer.Status, answer.ContentType.Length == 0 ? null : answer.ContentType, body);
    }

    private Refusal? Missing(string kind, IReadOnlyDictionary<string, string> wanted, Func<string, string?> find)
    {
        foreach (var (name, value) in wanted)
        {
            string? found = find(name);
            if (string.IsNullOrEmpty(found) || (value != "*" && value != found))
            {
                return Refusal.InvalidRequest($"{provider.Name} wants the {kind} '{name}'{(value == "*" ? "" : $" to be '{value}'")}.");
            }
        }

        return null;
    }

    private JsonElement? Member(string name) => behavior.Token.Json!.Value.TryGetProperty(name, out JsonElement value) ? value : null;
}
