using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace ClientCredentials.Tests.Http;

public class BodiesThatAreSentAgain
{
    private static readonly Dictionary<string, (Func<HttpContent?> Content, string Body)> Bodies = new()
    {
        ["none"] = (() => null, ""),
        ["string"] = (() => new StringContent("hällo"), "hällo"),
        ["bytes"] = (() => new ByteArrayContent("xabcx"u8.ToArray(), 1, 3), "abc"),
        ["form"] = (() => new FormUrlEncodedContent([new("a b", "c&d")]), "a+b=c%26d"),
        ["memory"] = (() => new ReadOnlyMemoryContent("memory"u8.ToArray()), "memory"),
        ["JSON of a plain value"] = (() => JsonContent.Create(new { Total = 12.5 }), """{"total":12.5}"""),
        ["JSON of a list"] = (() => JsonContent.Create(new List<int> { 1, 2 }), "[1,2]"),
        ["JSON of an array"] = (() => JsonContent.Create(new[] { "a" }), """["a"]"""),
        ["JSON of a document"] = (() => JsonContent.Create(JsonDocument.Parse("""{"a":1}""")), """{"a":1}"""),
        ["JSON of null"] = (() => JsonContent.Create<object?>(null), "null"),
        ["seekable stream"] = (() => new StreamContent(new MemoryStream("stream"u8.ToArray())), "stream"),
        ["seekable stream from its middle"] = (() => new StreamContent(new MemoryStream("stream"u8.ToArray()) { Position = 2 }), "ream"),
        ["buffered stream"] = (Buffered, "buffered"),
        ["multipart"] = (() => new MultipartFormDataContent("b") { { new StringContent("1"), "a" }, { new StreamContent(new MemoryStream("2"u8.ToArray())), "b", "b.txt" } }, "*"),
        ["multipart in multipart"] = (() => new MultipartContent("mixed", "o") { new MultipartContent("mixed", "i") { JsonContent.Create(1) } }, "*"),
    };

    public static TheoryData<string> Names => [.. Bodies.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_body_that_can_be_sent_again_arrives_byte_for_byte(string name)
    {
        (Func<HttpContent?> content, string body) = Bodies[name];
        await using App app = new();
        app.Api.Answer(HttpStatusCode.Unauthorized);

        HttpResponseMessage response = await app.Caller.PostAsync("x", content());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], app.Api.Tokens);
        Assert.Equal(app.Api.Arrivals[0].Body, app.Api.Arrivals[1].Body);
        Assert.True(body == "*" ? app.Api.Arrivals[1].Body.Length > 0 : body == Encoding.UTF8.GetString(app.Api.Arrivals[1].Body));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_body_that_can_be_sent_again_is_also_when_sent_synchronously(string name)
    {
        using App app = new();
        app.Api.Answer(HttpStatusCode.Unauthorized);

        HttpResponseMessage response = app.Caller.Send(new HttpRequestMessage(HttpMethod.Put, "x") { Content = Bodies[name].Content() });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(app.Api.Arrivals[0].Body, app.Api.Arrivals[1].Body);
    }

    [Fact]
    public async Task The_headers_of_the_body_and_of_the_request_arrive_again_too()
    {
        await using App app = new();
        app.Api.Answer(HttpStatusCode.Unauthorized);
        HttpRequestMessage request = new(HttpMethod.Patch, "x") { Content = new StringContent("{}", Encoding.UTF8, "application/merge-patch+json"), Headers = { { "X-Mine", "1" } } };

        await app.Caller.SendAsync(request);

        Assert.Equal(["PATCH", "PATCH"], app.Api.Arrivals.Select(arrival => arrival.Method));
        Assert.Equal(["1", "1"], app.Api.Arrivals.Select(arrival => arrival.Header("X-Mine")));
        Assert.Equal(new MediaTypeHeaderValue("application/merge-patch+json", "utf-8"), request.Content!.Headers.ContentType);
    }

    private static StreamContent Buffered()
    {
        StreamContent content = new(new OneWay("buffered"));
        content.LoadIntoBufferAsync().GetAwaiter().GetResult();
        return content;
    }
}
