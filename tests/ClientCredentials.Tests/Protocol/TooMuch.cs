using System.IO.Compression;
using System.Net;
using System.Text;
using ClientCredentials.Testing;
using Microsoft.AspNetCore.Http;

namespace ClientCredentials.Tests.Protocol;

public sealed class TooMuch
{
    private const int Limit = 1 << 20;

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.BadRequest)]
    [Trait("Scenario", "T34")]
    public async Task An_answer_of_two_mebibytes_is_not_read(HttpStatusCode status)
    {
        await using var client = new OneClient(() => OneClient.Answer(Of(2 * Limit), status));

        var failure = await client.FailureAsync();

        Assert.Equal((FailureReason.InvalidResponse, status, false), (failure.Reason, failure.TokenEndpointStatus, failure.IsTransient));
        Assert.Equal("Client 'billing': the answer of https://login.example.com/oauth2/token is larger than 1048576 bytes.", failure.Message);
        Assert.Single(client.Asked);
    }

    [Theory]
    [InlineData(Limit, true)]
    [InlineData(Limit + 1, false)]
    public async Task One_mebibyte_is_read_and_not_a_byte_more(int size, bool isRead)
    {
        await using var announced = new OneClient(() => OneClient.Answer(Of(size)));
        await using var chunked = new OneClient(() => Chunked(Of(size)));

        var outcomes = new[] { await OutcomeAsync(announced), await OutcomeAsync(chunked) };

        Assert.Equal([isRead, isRead], outcomes.Select(outcome => outcome is null));
    }

    [Fact]
    [Trait("Scenario", "T34")]
    public async Task An_answer_without_an_end_is_cut_off()
    {
        await using var server = await TestAuthorizationServer.StartAsync();
        server.TokenEndpoint.AnswerEndlessly();
        await using var client = new OneClient(server.CreateHandler(), options => options.TokenUrl = server.TokenUrl);

        var failure = await client.FailureAsync();

        Assert.Equal((FailureReason.InvalidResponse, false, 1), (failure.Reason, failure.IsTransient, server.TokenEndpoint.Count));
        Assert.EndsWith("is larger than 1048576 bytes.", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.Message.Length < 200);
    }

    [Fact]
    [Trait("Scenario", "T34")]
    public async Task A_small_answer_that_unpacks_to_a_large_one_is_cut_off()
    {
        await using var server = await TestAuthorizationServer.StartAsync();
        var bomb = Packed(Of(16 * Limit));
        server.TokenEndpoint.Do(context => AnswerPackedAsync(context, bomb));
        await using var client = new OneClient(Unpacking(), options => options.TokenUrl = server.TokenUrl);

        var failure = await client.FailureAsync();

        Assert.True(bomb.Length < Limit / 10);
        Assert.Equal((FailureReason.InvalidResponse, 1), (failure.Reason, server.TokenEndpoint.Count));
        Assert.EndsWith("is larger than 1048576 bytes.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packed_answer_is_read_where_the_app_unpacks_and_is_a_failure_where_not()
    {
        await using var server = await TestAuthorizationServer.StartAsync();
        server.TokenEndpoint.Do(context => AnswerPackedAsync(context, Packed(Encoding.UTF8.GetBytes(OneClient.Token))), times: 2);
        await using var unpacking = new OneClient(Unpacking(), options => options.TokenUrl = server.TokenUrl);
        await using var plain = new OneClient(server.CreateHandler(), options => options.TokenUrl = server.TokenUrl);

        var token = await unpacking.TokenAsync();
        var failure = await plain.FailureAsync();

        Assert.Equal("t0ken", token.Reveal());
        Assert.Equal(FailureReason.InvalidResponse, failure.Reason);
    }

    private static async Task<ClientCredentialsException?> OutcomeAsync(OneClient client)
    {
        try
        {
            await client.TokenAsync();
            return null;
        }
        catch (ClientCredentialsException exception)
        {
            return exception;
        }
    }

    private static byte[] Of(int size)
    {
        var body = new byte[size];
        body.AsSpan().Fill((byte)' ');
        Encoding.UTF8.GetBytes(OneClient.Token).CopyTo(body, 0);
        return body;
    }

    private static byte[] Packed(byte[] body)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(body);
        }

        return packed.ToArray();
    }

    private static SocketsHttpHandler Unpacking() => new() { UseProxy = false, AutomaticDecompression = DecompressionMethods.All };

    private static async Task<bool> AnswerPackedAsync(HttpContext context, byte[] packed)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.ContentEncoding = "gzip";
        await context.Response.Body.WriteAsync(packed, context.RequestAborted);
        return true;
    }

    // A stream that cannot say how long it is.
    private static HttpResponseMessage Chunked(byte[] body)
    {
        var content = new StreamContent(new GZipStream(new MemoryStream(Packed(body)), CompressionMode.Decompress));
        content.Headers.ContentType = new("application/json");
        return new HttpResponseMessage { Content = content };
    }
}
