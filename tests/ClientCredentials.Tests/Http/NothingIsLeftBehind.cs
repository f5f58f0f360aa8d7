using System.Net;

namespace ClientCredentials.Tests.Http;

public class NothingIsLeftBehind
{
    [Theory]
    [InlineData(200)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(500)]
    public async Task Neither_token_nor_key_stays_on_the_request_after_an_answer(int status)
    {
        await using App app = new(WithKey);
        app.Api.Otherwise = _ => new((HttpStatusCode)status);
        HttpRequestMessage request = new(HttpMethod.Get, "x") { Headers = { { "X-Mine", "1" } } };

        HttpResponseMessage response = await app.Caller.SendAsync(request);

        Assert.Same(request, response.RequestMessage);
        Assert.Equal(["X-Mine"], request.Headers.Select(header => header.Key));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(401)]
    public void Nor_after_a_synchronous_answer(int status)
    {
        using App app = new(WithKey);
        app.Api.Otherwise = _ => new((HttpStatusCode)status);
        HttpRequestMessage request = new(HttpMethod.Get, "x");

        app.Caller.Send(request);

        Assert.Empty(request.Headers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nor_after_an_exception_of_the_first_or_of_the_second_try(bool isSecond)
    {
        await using App app = new(WithKey);
        if (isSecond)
        {
            app.Api.Answer(HttpStatusCode.Unauthorized);
        }

        app.Api.Answer((_, _) => throw new HttpRequestException("gone"));
        HttpRequestMessage request = new(HttpMethod.Get, "x");

        await Assert.ThrowsAsync<HttpRequestException>(() => app.Caller.SendAsync(request));

        Assert.Empty(request.Headers);
    }

    [Fact]
    public void Nor_after_a_synchronous_exception()
    {
        using App app = new(WithKey);
        app.Api.Answer((_, _) => throw new HttpRequestException("gone"));
        HttpRequestMessage request = new(HttpMethod.Get, "x");

        Assert.Throws<HttpRequestException>(() => app.Caller.Send(request));

        Assert.Empty(request.Headers);
    }

    [Fact]
    public async Task Nor_after_a_cancellation()
    {
        await using App app = new(WithKey);
        using CancellationTokenSource leaving = new();
        app.Api.Answer(async (_, token) =>
        {
            await leaving.CancelAsync();
            token.ThrowIfCancellationRequested();
            return new(HttpStatusCode.OK);
        });
        HttpRequestMessage request = new(HttpMethod.Get, "x");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => app.Caller.SendAsync(request, leaving.Token));

        Assert.Empty(request.Headers);
    }

    [Fact]
    public async Task Nor_where_there_was_no_token()
    {
        await using App app = new(WithKey);
        app.Tokens.Otherwise = _ => Wire.Json(HttpStatusCode.BadRequest, """{"error":"invalid_client"}""");
        HttpRequestMessage request = new(HttpMethod.Get, "x");

        await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Caller.SendAsync(request));

        Assert.Empty(request.Headers);
    }

    private static void WithKey(ClientCredentialsOptions client) => client.ApiHeaders["X-Key"] = "k1";
}
