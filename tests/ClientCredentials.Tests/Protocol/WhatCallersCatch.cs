using System.Net;
using System.Text.Json;

namespace ClientCredentials.Tests.Protocol;

public sealed class WhatCallersCatch
{
    [Fact]
    public async Task It_tells_everything_that_is_known()
    {
        await using var client = new OneClient(() => OneClient.Answer("""{"error":"invalid_scope","error_description":"no such scope"}""", HttpStatusCode.BadRequest));

        var failure = await client.FailureAsync();

        Assert.Equal(("billing", null, FailureReason.Refused), (failure.Client, failure.Profile, failure.Reason));
        Assert.Equal(("invalid_scope", "no such scope", HttpStatusCode.BadRequest), (failure.Error, failure.ErrorDescription, failure.TokenEndpointStatus));
        Assert.Equal((1, false, null), (failure.Attempts, failure.IsTransient, failure.RetryAfter));
        Assert.EndsWith(failure.Hint!, failure.Message, StringComparison.Ordinal);
        Assert.Null(failure.InnerException);
    }

    [Fact]
    public async Task A_filter_for_the_apis_own_status_does_not_catch_it()
    {
        await using var client = new OneClient(() => OneClient.Answer("", HttpStatusCode.NotFound));

        HttpRequestException failure = await Assert.ThrowsAsync<ClientCredentialsException>(client.CallAsync);

        Assert.Null(failure.StatusCode);
    }

    [Fact]
    public async Task Each_caller_gets_one_of_his_own()
    {
        await using var client = new OneClient(() => OneClient.Answer("""{"error":"invalid_client"}""", HttpStatusCode.BadRequest));

        var failures = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.FailureAsync()));

        Assert.Equal(10, failures.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.All(failures, failure => Assert.Equal("invalid_client", failure.Error));
    }

    [Fact]
    public async Task A_profile_is_named_where_there_is_one()
    {
        await using var client = new OneClient(
            new Broken(new HttpRequestException("no")),
            options => options.Profile = "Staging",
            builder => builder.AddProfile("billing", "Staging", _ => { }));

        var failure = await client.FailureAsync();

        Assert.Equal("Staging", failure.Profile);
        Assert.StartsWith("Client 'billing', profile 'Staging': ", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no route to host p@ss:w/ö rd+%\n", "could not be reached: no route to host ***.")]
    [InlineData("it ended.", "could not be reached: it ended.")]
    public async Task A_broken_connection_is_transient_and_what_it_says_is_cleaned(string said, string shown)
    {
        await using var client = new OneClient(new Broken(new HttpRequestException(said)), options => options.MaxRetries = 1);

        var failure = await client.FailureAsync();

        Assert.Equal((FailureReason.Unreachable, true, 2, null), (failure.Reason, failure.IsTransient, failure.Attempts, failure.TokenEndpointStatus));
        Assert.Equal($"Client 'billing': the token endpoint https://login.example.com/oauth2/token {shown}", failure.Message);
        // An exception that would print the secret is not handed on.
        Assert.Equal(!said.Contains("p@ss", StringComparison.Ordinal), failure.InnerException is HttpRequestException);
    }

    [Theory]
    [InlineData(typeof(TaskCanceledException))]
    [InlineData(typeof(TimeoutException))]
    public async Task A_handler_that_gives_up_is_a_time_out(Type type)
    {
        await using var client = new OneClient(new Broken((Exception)Activator.CreateInstance(type)!));

        var failure = await client.FailureAsync();

        Assert.Equal((FailureReason.TimedOut, true, 4), (failure.Reason, failure.IsTransient, failure.Attempts));
        Assert.Contains("did not answer before something on its HttpClient gave up.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_transient()
    {
        await using var client = new OneClient(() => new HttpResponseMessage { Content = new StreamContent(new BreakingOff()) });

        var failure = await client.FailureAsync();

        Assert.Equal((FailureReason.Unreachable, true, 4), (failure.Reason, failure.IsTransient, failure.Attempts));
    }

    [Fact]
    public async Task The_rest_of_a_failed_answer_is_in_no_member_of_it()
    {
        await using var client = new OneClient(() => OneClient.Answer("""{"error":"e","detail":"s3cret-detail","access_token":"t0ken-t0ken"}""", HttpStatusCode.BadRequest));

        var failure = await client.FailureAsync();

        var all = failure + JsonSerializer.Serialize(failure.Data) + failure.Hint + failure.ErrorDescription;
        Assert.DoesNotContain("s3cret-detail", all, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken-t0ken", all, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", all, StringComparison.Ordinal);
    }

    private sealed class Broken(Exception exception) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            => Task.FromException<HttpResponseMessage>(exception);
    }

    private sealed class BreakingOff : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => throw new IOException("the connection was reset");
    }
}
