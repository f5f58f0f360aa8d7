using System.Net;
using System.Text;
using System.Text.Json;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tests.Protocol;

public sealed class ServerWords
{
    [Theory]
    [InlineData("p@ss:w/ö rd+%")]
    [InlineData("P@SS:W/Ö RD+%")]
    [InlineData("p%40ss%3Aw%2F%C3%B6+rd%2B%25")]
    [InlineData("p%40ss%3aw%2f%c3%b6+rd%2b%25")]
    [InlineData("p%40ss%3Aw%2F%C3%B6%20rd%2B%25")]
    [InlineData("bXkrY2xpZW50JTNBMTpwJTQwc3MlM0F3JTJGJUMzJUI2K3JkJTJCJTI1")]
    [InlineData("p@ss:w/ö\nrd+%")]
    public async Task The_secret_is_scrubbed_in_every_form_from_everything(string echo)
    {
        var body = JsonSerializer.Serialize(new { error = $"bad {echo}", error_description = $"I was sent <{echo}>, {echo}" });
        await using var client = new OneClient(() => OneClient.Answer(body, HttpStatusCode.BadRequest));

        var failure = await client.FailureAsync();

        Assert.Equal(("bad ***", "I was sent <***>, ***"), (failure.Error, failure.ErrorDescription));
        Assert.All(client.Log.All.Append(failure.ToString()), text =>
        {
            Assert.DoesNotContain(echo, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(OneClient.Secret, text, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task Long_values_among_parameters_and_headers_are_scrubbed_too()
    {
        await using var client = new OneClient(
            () => OneClient.Answer("""{"error":"e","error_description":"f0rm-passw0rd, p4r4meter, h34der-key, other"}""", HttpStatusCode.BadRequest),
            options =>
            {
                options.TokenRequest.Form["password"] = "f0rm-passw0rd";
                options.TokenRequest.Headers["X-Subscription-Key"] = "h34der-key";
            });

        var failure = await client.FailureAsync(new TokenParameters { Form = new Dictionary<string, string> { ["pin"] = "p4r4meter" } });

        Assert.Equal("***, ***, ***, other", failure.ErrorDescription);
    }

    [Fact]
    public async Task From_eight_characters_on_a_value_is_long()
    {
        await using var client = new OneClient(
            () => OneClient.Answer("""{"error":"e","error_description":"8-signs- 7-signs"}""", HttpStatusCode.BadRequest),
            options => (options.TokenRequest.Form["a"], options.TokenRequest.Form["b"]) = ("8-signs-", "7-signs"));

        Assert.Equal("*** 7-signs", (await client.FailureAsync()).ErrorDescription);
    }

    [Fact]
    public void The_secret_is_scrubbed_before_the_text_is_cut()
    {
        var text = ServerText.Clean(new string('x', 497) + "s3cret", ["s3cret"]);

        Assert.Equal(new string('x', 497) + "***", text);
    }

    [Fact]
    public void A_secret_that_is_part_of_another_does_not_uncover_it()
    {
        Assert.Equal("*** ***", ServerText.Clean("abcdef abc", ["abc", "abcdef", ""]));
    }

    [Theory]
    [InlineData("sent s3cret-with-m end", "sent *** end")]
    [InlineData("sent S3CRET-WITH-mOre", "sent ***")]
    [InlineData("sent s3cret-with-%6Dore end", "sent *** end")]
    [InlineData("sent \"s3cret-with-m\" end", "sent \"***\" end")]
    [InlineData("sent 's3cret-with-m' end", "sent '***' end")]
    [InlineData("<b>s3cret-with-m</b> end", "<b>***</b> end")]
    [InlineData("s3cret-with-m, s3cret-with-", "*** ***")]
    [InlineData("s3cret-with", "s3cret-with")]
    public void The_beginning_of_a_secret_goes_with_the_rest_of_its_word(string said, string clean)
    {
        Assert.Equal(clean, ServerText.Clean(said, ["s3cret-with-more-behind"]));
    }

    [Fact]
    public void The_beginning_of_a_URL_says_nothing()
    {
        Assert.Equal("https://api.example.org/", ServerText.Clean("https://api.example.org/", ["https://api.example.com/"]));
    }

    [Theory]
    [InlineData("a\r\nb\tc\u0000d\u001b[31m\u007f\u0085", "a  b c d [31m")]
    [InlineData("a\u2028b\u2029c", "a b c")]
    [InlineData("\u202eabc\u202c \u2066d\u2069 \u200fe\u061cf\u200b\ufeff", "abc   d   e f")]
    [InlineData("ö ☃ 漢", "ö ☃ 漢")]
    [InlineData("a\U0001f600b", "a  b")]
    public void Characters_that_could_change_what_a_line_says_become_spaces(string said, string clean)
    {
        Assert.Equal(clean, ServerText.Clean(said, []));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\n")]
    [InlineData("\u200b\u202e")]
    public void Text_that_says_nothing_is_no_text(string? said)
    {
        Assert.Null(ServerText.Clean(said, []));
    }

    [Fact]
    public void No_more_than_500_characters_are_kept()
    {
        var failure = Reading.Failure($$"""{"error":"{{new string('e', 9000)}}","error_description":"{{new string('d', 900_000)}}"}""", HttpStatusCode.BadRequest);

        Assert.Equal((new string('e', 500), new string('d', 500)), (failure.Error, failure.Description));
        Assert.True(failure.Problem.Length < 1200);
    }

    [Theory]
    [InlineData("it is wrong", "status 400: e (it is wrong).")]
    [InlineData("it is wrong.", "status 400: e (it is wrong.)")]
    public void A_sentence_ends_once(string description, string end)
    {
        var failure = Reading.Failure($$"""{"error":"e","error_description":"{{description}}"}""", HttpStatusCode.BadRequest);

        Assert.EndsWith(end, failure.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"error":"e","error_description":"\ud800"}""", "e")]
    [InlineData("""{"error":"\udc00","error_description":"d"}""", null)]
    [InlineData("""{"\ud800":1,"error":"e"}""", null)]
    [InlineData("""{"error":{"\ud800":1,"code":"c","c\ud800":2}}""", null)]
    [InlineData("""{"fault":{"f\ud800":1}}""", null)]
    public void Half_a_surrogate_pair_costs_only_the_words_it_is_in(string body, string? code)
    {
        var failure = Reading.Failure(body, HttpStatusCode.BadRequest);

        Assert.Equal((FailureReason.Refused, code), (failure.Reason, failure.Error));
    }

    [Theory]
    [InlineData("{\"error\":\"e\",\"error_description\":\"\u00ff\"}")]
    [InlineData("{\"error\":\"e\",\"error_\u00ff\":\"d\"}")]
    [InlineData("{\"error\":{\"\u00ff\":1}}")]
    public void Bytes_that_are_no_utf8_are_no_words(string latin1)
    {
        var reply = Reading.Read(new ServerAnswer(HttpStatusCode.BadRequest, "application/json", Encoding.Latin1.GetBytes(latin1)));

        Assert.Equal((FailureReason.Refused, null), (reply.Failure!.Reason, reply.Failure.Description));
    }

    [Fact]
    public void Where_the_error_page_is_is_not_shown()
    {
        var failure = Reading.Failure("""{"error":"e","error_uri":"https://h.example.com/?token=abc"}""", HttpStatusCode.BadRequest);

        Assert.DoesNotContain("h.example.com", failure.Message, StringComparison.Ordinal);
    }
}
