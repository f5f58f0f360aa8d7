using System.Net;

namespace ClientCredentials.Tests.Protocol;

public sealed class RetryAfterHeader
{
    [Theory]
    [InlineData("3600", 3600)]
    [InlineData(" 3600 ", 3600)]
    [InlineData("Thu, 01 Jan 2026 01:00:00 GMT", 3600)]
    [InlineData("99999999999", int.MaxValue)]
    [InlineData("99999999999999999999999999999999999999", int.MaxValue)]
    [InlineData("2147483648", int.MaxValue)]
    public async Task A_pause_that_is_too_long_fails_at_once_and_is_told(string header, double seconds)
    {
        await using var client = new OneClient(() => Busy(header));

        var failure = await client.FailureAsync();

        Assert.Equal((TimeSpan.FromSeconds(seconds), true), (failure.RetryAfter, failure.IsTransient));
        Assert.Contains($"The next try is due in {seconds} s, and only 60 s of MaxWait (00:01:00) are left.", failure.Message, StringComparison.Ordinal);
        Assert.Single(client.Asked);
    }

    [Fact]
    public async Task The_last_day_of_the_calendar_is_only_a_long_pause()
    {
        await using var client = new OneClient(() => Busy("Fri, 31 Dec 9999 23:59:59 GMT"));

        var failure = await client.FailureAsync();

        Assert.True(failure.RetryAfter > TimeSpan.FromDays(365));
        Assert.Single(client.Asked);
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("1.5")]
    [InlineData("")]
    [InlineData("99999999999x")]
    [InlineData("-99999999999")]
    [InlineData("Thu, 99 Foo 2026 00:00:00 GMT")]
    public async Task What_nobody_understands_is_ignored(string header)
    {
        await using var client = new OneClient(() => Busy(header));

        var failure = await client.FailureAsync();

        Assert.Null(failure.RetryAfter);
        Assert.Equal(4, client.Asked.Count);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("Mon, 01 Jan 1990 00:00:00 GMT")]
    public async Task A_moment_that_is_past_is_now(string header)
    {
        await using var client = new OneClient(() => Busy(header));

        var failure = await client.FailureAsync();

        Assert.Equal(TimeSpan.Zero, failure.RetryAfter);
        Assert.Equal(4, client.Asked.Count);
    }

    [Fact]
    public async Task Of_two_headers_the_first_counts()
    {
        await using var client = new OneClient(() => Busy("3600", "1"));

        var failure = await client.FailureAsync();

        Assert.Equal(TimeSpan.FromHours(1), failure.RetryAfter);
    }

    private static HttpResponseMessage Busy(params string[] headers)
    {
        var answer = OneClient.Answer("", HttpStatusCode.ServiceUnavailable);
        answer.Headers.TryAddWithoutValidation("Retry-After", headers);
        return answer;
    }
}
