using System.Globalization;
using System.Text;

namespace ClientCredentials.Tests.Protocol;

public sealed class LifetimeOfATokenSays
{
    private static readonly TimeSpan Default = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    [Theory]
    [InlineData("3600", 3600)]
    [InlineData("\"3600\"", 3600)]
    [InlineData("\"3600.0\"", 3600)]
    [InlineData("3599.9", 3599.9)]
    [InlineData("3.6e3", 3600)]
    [InlineData("86400", 86400)]
    [Trait("Scenario", "T17")]
    public void A_number_of_seconds_however_it_is_written(string expiresIn, double seconds)
    {
        var reply = Reading.Life(expiresIn);

        Assert.Equal(TimeSpan.FromSeconds(seconds), reply.Lifetime);
        Assert.Equal(Reading.SentAt + reply.Lifetime, reply.Token!.ExpiresAt);
        Assert.Empty(reply.Oddities);
    }

    [Fact]
    public void The_culture_of_the_thread_does_not_matter()
    {
        var before = CultureInfo.CurrentCulture;
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (odd.NumberFormat.NumberDecimalSeparator, odd.NumberFormat.NumberGroupSeparator) = (",", ".");
        CultureInfo.CurrentCulture = odd;
        try
        {
            Assert.Equal(TimeSpan.FromSeconds(3599.5), Reading.Life("\"3599.5\"").Lifetime);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("""{"access_token":"t","token_type":"Bearer"}""")]
    [InlineData("""{"access_token":"t","token_type":"Bearer","expires_in":null}""")]
    [Trait("Scenario", "T18")]
    public async Task Without_a_word_it_is_the_default_and_calls_within_it_cost_one_request(string answer)
    {
        await using var client = new OneClient(answer);

        var tokens = new List<AccessToken>();
        for (var i = 0; i < 100; i++)
        {
            tokens.Add(await client.TokenAsync());
            client.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Single(client.Asked);
        Assert.Equal(Reading.SentAt + Default, tokens[0].ExpiresAt);
        Assert.Empty(client.Log.Warnings);
    }

    [Theory]
    [InlineData("""{"iat":1000,"exp":1900}""", 900)]
    [InlineData("""{"exp":1900.5,"iat":1000}""", 900.5)]
    [InlineData("""{"iat":1000,"exp":1e400}""", 86400)]
    [InlineData("""{"iat":-9e18,"exp":9e18}""", 86400)]
    [Trait("Scenario", "T18")]
    public void Without_a_word_a_jwt_says_how_long_it_was_given(string claims, double seconds)
    {
        var reply = Reading.Read($$"""{"access_token":"{{Jwt(claims)}}","token_type":"Bearer"}""");

        Assert.Equal(TimeSpan.FromSeconds(seconds), reply.Lifetime);
    }

    [Theory]
    [InlineData("""{"exp":1900}""")]
    [InlineData("""{"iat":1900}""")]
    [InlineData("""{"iat":1900,"exp":1900}""")]
    [InlineData("""{"iat":1900,"exp":1000}""")]
    [InlineData("""{"iat":1e400,"exp":1e400}""")]
    [InlineData("""{"iat":"1000","exp":"1900"}""")]
    [InlineData("""{"iat":null,"exp":{}}""")]
    [InlineData("[1900,1000]")]
    [InlineData("17")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("""{"e\ud800":1,"exp":1900,"iat":1000,"\ud800":2}""")]
    [Trait("Scenario", "T18")]
    public void A_jwt_that_does_not_say_is_taken_to_live_as_long_as_the_default(string claims)
    {
        var reply = Reading.Read($$"""{"access_token":"{{Jwt(claims)}}","token_type":"Bearer"}""");

        Assert.Equal(Default, reply.Lifetime);
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("a.!!!!.c")]
    [InlineData("a.b.c.d.e")]
    [InlineData("..")]
    [InlineData("a.a.c")]
    [Trait("Scenario", "T18")]
    public void What_only_looks_like_a_jwt_is_no_jwt(string token)
    {
        var reply = Reading.Read($$"""{"access_token":"{{token}}"}""");

        Assert.Equal(Default, reply.Lifetime);
    }

    [Fact]
    public void What_the_server_says_goes_before_what_the_jwt_says()
    {
        var reply = Reading.Read($$"""{"access_token":"{{Jwt("""{"iat":1000,"exp":1900}""")}}","expires_in":60}""");

        Assert.Equal(TimeSpan.FromSeconds(60), reply.Lifetime);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("\"0\"")]
    [InlineData("-0.0")]
    [Trait("Scenario", "T19")]
    public async Task Zero_is_good_for_one_call_and_the_next_asks_again(string expiresIn)
    {
        await using var client = new OneClient($$"""{"access_token":"t0ken","token_type":"Bearer","expires_in":{{expiresIn}}}""");

        await client.CallAsync();
        await client.CallAsync();

        Assert.Equal(["Bearer t0ken", "Bearer t0ken"], client.Called.Select(call => call.Header("Authorization")));
        Assert.Equal(2, client.Asked.Count);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("\"soon\"")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("true")]
    [InlineData("\"\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"3,600\"")]
    [InlineData("\"\\ud800\"")]
    [Trait("Scenario", "T20")]
    public void What_is_no_number_of_seconds_is_taken_as_absent_with_a_warning(string expiresIn)
    {
        var reply = Reading.Life(expiresIn);

        Assert.Equal(Default, reply.Lifetime);
        Assert.Equal(["expires_in is not a number of seconds, and is taken as absent."], reply.Oddities);
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("1438315200000")]
    [InlineData("9223372036854775808")]
    [InlineData("\"Infinity\"")]
    [Trait("Scenario", "T20")]
    public void What_is_absurd_is_cut_to_the_longest_with_a_warning(string expiresIn)
    {
        var reply = Reading.Life(expiresIn);

        Assert.Equal(Longest, reply.Lifetime);
        Assert.Equal(["expires_in is absurd; MaxTokenLifetime (1.00:00:00) goes instead."], reply.Oddities);
    }

    [Fact]
    [Trait("Scenario", "T20")]
    public async Task The_warning_is_in_the_log()
    {
        await using var client = new OneClient("""{"access_token":"t0ken","token_type":"Bearer","expires_in":-1}""");

        await client.TokenAsync();

        Assert.Equal(["Warning Client 'billing' (profile 'none'): expires_in is not a number of seconds, and is taken as absent. "], client.Log.Warnings);
    }

    [Fact]
    public void What_is_long_but_meant_is_cut_without_a_word()
    {
        var reply = Reading.Life("5184000");

        Assert.Equal(Longest, reply.Lifetime);
        Assert.Empty(reply.Oddities);
    }

    private static string Jwt(string claims) => $"e30.{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.sig";
}
