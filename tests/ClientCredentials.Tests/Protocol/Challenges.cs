using ClientCredentials.Protocol;

namespace ClientCredentials.Tests.Protocol;

public sealed class Challenges
{
    private const string Three = """Negotiate, Basic realm="a,b", Bearer error="invalid_token", error_description="x, \"y\"" """;

    public static TheoryData<string[]> OneLineAndThree => new(
        [Three],
        ["Negotiate", "Basic realm=\"a,b\"", """Bearer error="invalid_token", error_description="x, \"y\"" """]);

    [Theory]
    [MemberData(nameof(OneLineAndThree))]
    [Trait("Scenario", "T55")]
    public void Three_challenges_in_one_line_or_in_three(string[] lines)
    {
        var read = Challenge.Read(lines);

        Assert.Equal(["Negotiate", "Basic", "Bearer"], read.Select(challenge => challenge.Scheme));
        Assert.Equal("a,b", read[1].Parameters["realm"]);
        Assert.Equal("invalid_token", read[2].Error);
        Assert.Equal("x, \"y\"", read[2].Parameters["error_description"]);
    }

    [Theory]
    [InlineData("bearer ERROR=invalid_token")]
    [InlineData("BEARER realm=x , error = \"invalid_token\"")]
    [InlineData("Bearer error=\"invalid_token\" realm=\"the comma is missing\"")]
    [InlineData(",, Bearer , error=\"invalid_token\",,")]
    [InlineData("Negotiate YII+a/b==, Bearer error=\"invalid_token\"")]
    [InlineData("Negotiate YIIab, Bearer error=\"invalid_token\"")]
    [InlineData("Bearer\terror=\"invalid\\_token\"")]
    [InlineData("Bearer error=\"invalid_token")]
    [InlineData("Bearer authorization_uri=https://login.example.com/a=b?c, error=\"invalid_token\"")]
    [InlineData("Bearer realm=\"\", error=\"invalid_token\", error=\"insufficient_scope\"")]
    public void The_error_is_found_however_it_is_written(string line)
    {
        var bearer = Assert.Single(Challenge.Read([line]), challenge => challenge.IsFor("Bearer"));

        Assert.Equal("invalid_token", bearer.Error);
    }

    [Fact]
    public void A_scheme_does_not_see_what_belongs_to_another()
    {
        var read = Challenge.Read(["Bearer realm=\"x\", DPoP error=\"use_dpop_nonce\", Digest nonce=\"Bearer error=\\\"invalid_token\\\"\""]);

        Assert.Equal(["Bearer", "DPoP", "Digest"], read.Select(challenge => challenge.Scheme));
        Assert.Equal([null, "use_dpop_nonce", null], read.Select(challenge => challenge.Error));
    }

    [Theory]
    [InlineData("Negotiate YIIab, Bearer error=\"invalid_token\"")]
    [InlineData("Negotiate YIIab Bearer error=\"invalid_token\"")]
    public void Credentials_right_after_a_scheme_are_its_own_and_no_scheme(string line)
    {
        var read = Challenge.Read([line]);

        Assert.Equal(["Negotiate", "Bearer"], read.Select(challenge => challenge.Scheme));
        Assert.Equal(new("", "YIIab"), Assert.Single(read[0].Parameters));
        Assert.Equal(new("error", "invalid_token"), Assert.Single(read[1].Parameters));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(",,,")]
    [InlineData("=")]
    [InlineData("\"")]
    [InlineData("\"\\")]
    public void A_line_that_says_nothing_has_no_challenge(string line)
    {
        Assert.Empty(Challenge.Read([line]));
    }

    [Fact]
    public void Any_line_at_all_is_read_to_its_end()
    {
        const string pieces = "Bearer =,\"\\ \té\u0000/error;Basic";
        var random = new Random(20260101);
        for (var i = 0; i < 5000; i++)
        {
            var line = new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => pieces[random.Next(pieces.Length)])]);

            Assert.All(Challenge.Read([line]), challenge => Assert.NotEmpty(challenge.Scheme));
        }
    }
}
