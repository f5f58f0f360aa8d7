using System.Net;
using System.Net.Http.Json;

namespace ClientCredentials.Tests.Http;

public class BodiesThatAreNot
{
    private static readonly Dictionary<string, Func<HttpContent>> Bodies = new()
    {
        ["stream that cannot seek"] = () => new StreamContent(new OneWay("once")),
        ["class derived from StreamContent"] = () => new OwnStreamContent(),
        ["content of the app's own"] = () => new OwnContent(),
        ["JSON of an asynchronous sequence of objects"] = () => JsonContent.Create(Later("a")),
        ["JSON of an asynchronous sequence of numbers"] = () => JsonContent.Create(Later(1)),
        ["JSON of a sequence that is made while it is sent"] = () => JsonContent.Create(Once()),
        ["JSON of a query"] = () => JsonContent.Create(Enumerable.Range(1, 2).Select(number => number)),
        ["multipart with such a part"] = () => new MultipartContent { new StringContent("a"), new StreamContent(new OneWay("once")) },
        ["multipart in a multipart with such a part"] = () => new MultipartContent { new MultipartContent { new OwnContent() } },
    };

    public static TheoryData<string> Names => [.. Bodies.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Scenario", "T53")]
    [Trait("Scenario", "T77")]
    public async Task A_body_that_may_be_spent_is_not_sent_again_and_the_401_itself_comes_back(string name)
    {
        await using App app = new();
        app.Api.Answer(_ => new(HttpStatusCode.Unauthorized) { Content = new StringContent("no") });

        HttpResponseMessage response = await app.Caller.PostAsync("x", Bodies[name]());
        await app.Caller.GetAsync("y");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("no", await response.Content.ReadAsStringAsync());
        Assert.Equal(["Bearer token-1", "Bearer token-2"], app.Api.Tokens);
        Assert.Equal(["POST", "GET"], app.Api.Arrivals.Select(arrival => arrival.Method));
    }

    [Fact]
    [Trait("Scenario", "T77")]
    public async Task An_api_that_always_says_401_to_a_stream_says_so_to_the_caller()
    {
        await using App app = new();
        app.Api.Otherwise = _ => new(HttpStatusCode.Unauthorized);

        HttpResponseMessage first = await app.Caller.PostAsync("x", new StreamContent(new OneWay("1")));
        HttpResponseMessage second = await app.Caller.PostAsync("x", new StreamContent(new OneWay("2")));

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized], [first.StatusCode, second.StatusCode]);
        Assert.Equal(["1"u8.ToArray(), "2"u8.ToArray()], app.Api.Arrivals.Select(arrival => arrival.Body));
    }

    private static async IAsyncEnumerable<T> Later<T>(T value)
    {
        await Task.Yield();
        yield return value;
    }

    private static IEnumerable<int> Once()
    {
        yield return 1;
    }

    private sealed class OwnStreamContent() : StreamContent(new MemoryStream("own"u8.ToArray()));

    private sealed class OwnContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync("own"u8.ToArray()).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 3;
            return true;
        }
    }
}
