using System.Buffers.Text;
using System.Text;

namespace ClientCredentials.Tests.Secrecy;

/// <summary>Secrets that no text may hold, in any of the forms in which they could get there.</summary>
internal static class Canaries
{
    public const string ClientId = "canary-client:1/+ö";
    public const string Secret = "c4nary:s3cret/+%&= Z9";
    public const string Token = "canary-token.aaa/bbb+ccc==";
    public const string RefreshToken = "canary-refresh-token";
    public const string IdToken = "canary-id-token";
    public const string Password = "canary-pass word/1";
    public const string TokenHeader = "canary-token-header";
    public const string ApiKey = "canary-api-key";
    public const string LongSecret = "c4nary-l0ng/secret+of=more than 32 bytes & then some";
    public const string Assertion = "eyJjYW5hcnkiOjF9.eyJjYW5hcnkiOjJ9.canary-assertion";

    // A part of a secret is half the way to it.
    private const int Beginning = 12;

    private static readonly string[] All = [Secret, LongSecret, Token, RefreshToken, IdToken, Password, TokenHeader, ApiKey, Assertion, $"{ClientId}:{Secret}", $"{Form(ClientId)}:{Form(Secret)}"];

    private static readonly Dictionary<string, string> Forms = FormsOf(All);

    public static string Form(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>Those that are in a text, and around what.</summary>
    public static IEnumerable<string> In(string text) => In(text, Forms);

    public static IEnumerable<string> In(string text, IReadOnlyDictionary<string, string> forms) => forms
        .Where(form => text.Contains(form.Key, StringComparison.OrdinalIgnoreCase))
        .Select(form => $"{form.Value} as '{form.Key}' in: {text}");

    /// <summary>Secrets in all their forms: raw, URL-encoded, as JSON, as Base64, and the beginnings of these.</summary>
    public static Dictionary<string, string> FormsOf(IEnumerable<string> secrets) => secrets
        .SelectMany(canary => new[] { canary, Form(canary), Uri.EscapeDataString(canary), Json(canary), Base64(canary), Base64Url.EncodeToString(Encoding.UTF8.GetBytes(canary)) }
            .SelectMany(form => new[] { form, form[..Math.Min(form.Length, Beginning)] })
            // An id may be shown, and it is what a pair begins with.
            .Where(form => !ClientId.StartsWith(form, StringComparison.Ordinal) && !Form(ClientId).StartsWith(form, StringComparison.Ordinal))
            .Select(form => (form, canary)))
        .DistinctBy(pair => pair.form, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(pair => pair.form, pair => pair.canary, StringComparer.OrdinalIgnoreCase);

    private static string Json(string text) => System.Text.Json.JsonEncodedText.Encode(text).ToString();
}
