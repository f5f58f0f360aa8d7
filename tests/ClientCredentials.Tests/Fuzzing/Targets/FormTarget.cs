using System.Net;
using System.Text;
using ClientCredentials.Authentication;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace ClientCredentials.Tests.Fuzzing;

/// <summary>What is sent: the form and the Basic header, decoded by other code than encoded them. And what is read of a form.</summary>
internal sealed class FormTarget : Target
{
    private static readonly string[] Texts = ["a", "billing", "p@ss:w/\u00f6 rd+%", " %&+\u00a3\u20ac", "%2B%zz", "~!*'()", "\ud83d\ude00", "a=b&c=d"];
    private static readonly string[] Words = ["+", "%", "&", "=", ":", " ", "\u00e9", "\u20ac", "\ud83d\ude00", "\ud800", "\udc00", "\uffff", "\0", "\r\n", "%00", "%c3%28", ";", "?", "#"];

    public override string Name => "form";

    public override int Everyday => 12_000;

    public override async ValueTask<bool> TryAsync(Chance chance, List<string> shown)
    {
        string[] texts = [.. Enumerable.Range(0, 4).Select(_ => chance.Text(Texts, Words))];
        shown.AddRange(texts);

        ClaimForm(texts);
        await ClaimBasicAsync(texts[0], texts[1]);
        // Anything may come as a form, and comes apart somehow.
        return FormEncoding.Read(string.Join('&', texts)).Any(pair => pair.Value.Length > 0);
    }

    private static void ClaimForm(string[] texts)
    {
        KeyValuePair<string, string>[] sent = [new($"a{texts[0]}", texts[1]), new($"b{texts[2]}", texts[3])];

        string body = Encoding.ASCII.GetString(FormEncoding.Body(sent));

        Claim(body.All(character => character is > ' ' and < '\x7f'), "The form is not printable ASCII.");
        Dictionary<string, StringValues> read = QueryHelpers.ParseQuery(body);
        Dictionary<string, string> expected = sent.Where(pair => pair.Value.Length > 0).ToDictionary(pair => Whole(pair.Key), pair => Whole(pair.Value));
        ClaimEqual(expected.Count, read.Count);
        foreach ((string name, string value) in expected)
        {
            ClaimEqual(value, read[name].ToString());
        }
    }

    private static async Task ClaimBasicAsync(string id, string secret)
    {
        ClientCredentialsOptions options = new() { TokenUrl = new Uri("https://login.example.com/t"), ClientId = "billing" };
        TokenRequest request = new(new Settings("billing", profile: null, isActive: true, options), asked: null);
        await new BasicCredential(id, secret, BasicEncoding.FormUrlEncoded).AddToAsync(request, default, CancellationToken.None);
        using HttpRequestMessage message = request.ToMessage();

        string header = message.Headers.NonValidated["Authorization"].ToString();

        string[] pair = Encoding.UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..])).Split(':');
        ClaimEqual(2, pair.Length);
        ClaimEqual(Whole(id), WebUtility.UrlDecode(pair[0]));
        ClaimEqual(Whole(secret), WebUtility.UrlDecode(pair[1]));
    }

    // Half of a surrogate pair is no character, and has no bytes in UTF-8.
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
