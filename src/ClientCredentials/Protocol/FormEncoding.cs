using System.Text;

namespace ClientCredentials.Protocol;

/// <summary>application/x-www-form-urlencoded in UTF-8 (RFC 6749 Appendix B), in the header and in the body alike.</summary>
internal static class FormEncoding
{
    public static string Encode(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    public static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    public static byte[] Body(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        StringBuilder body = new();
        foreach ((string name, string value) in parameters)
        {
            // An empty value means that the parameter is not there (RFC 6749 §3.2).
            if (value.Length == 0)
            {
                continue;
            }

            if (body.Length > 0)
            {
                body.Append('&');
            }

            body.Append(Encode(name)).Append('=').Append(Encode(value));
        }

        return Encoding.ASCII.GetBytes(body.ToString());
    }

    public static IEnumerable<KeyValuePair<string, string>> Read(string body) =>
        body.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => KeyValuePair.Create(Decode(pair[0]), pair.Length == 2 ? Decode(pair[1]) : ""));
}
