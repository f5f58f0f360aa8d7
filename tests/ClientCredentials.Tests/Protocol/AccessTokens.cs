using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace ClientCredentials.Tests.Protocol;

public sealed class AccessTokens
{
    private static readonly DateTimeOffset End = new(2026, 3, 1, 13, 0, 0, TimeSpan.FromHours(1));

    [Fact]
    public void As_text_it_is_its_type_and_end()
    {
        var token = new AccessToken("s3cret-token", End, scopes: ["a"]);

        Assert.Equal("Bearer token until 2026-03-01 12:00:00Z", token.ToString());
    }

    [Fact]
    public void As_json_it_does_not_hold_its_secret()
    {
        var json = JsonSerializer.Serialize(new AccessToken("s3cret-token", End, scopes: ["a"]));

        Assert.Equal("""{"Type":"Bearer","Scopes":["a"],"ExpiresAt":"2026-03-01T13:00:00+01:00","Response":{}}""", json);
    }

    [Fact]
    public void A_debugger_shows_no_member_that_holds_the_secret()
    {
        var holders = typeof(AccessToken).GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(member => (member as FieldInfo)?.GetValue(Sample) is string text && text.Contains("s3cret", StringComparison.Ordinal)
                || (member as PropertyInfo)?.GetValue(Sample) is string shown && shown.Contains("s3cret", StringComparison.Ordinal))
            .Where(member => !member.Name.Contains("k__BackingField", StringComparison.Ordinal));

        Assert.Equal("{ToString(),nq}", typeof(AccessToken).GetCustomAttribute<DebuggerDisplayAttribute>()?.Value);
        Assert.All(holders, member => Assert.Equal(DebuggerBrowsableState.Never, member.GetCustomAttribute<DebuggerBrowsableAttribute>()?.State));
        Assert.Equal(2, holders.Count());
    }

    [Fact]
    public void What_it_says_cannot_be_changed_by_who_reads_it()
    {
        Dictionary<string, JsonElement> said = new() { ["a"] = JsonElement.Parse("1") };
        List<string> scopes = ["a"];
        AccessToken made = new("t", End, scopes: scopes, response: said);
        AccessToken read = new("t", End) { Rest = "{\"a\":1}"u8.ToArray() };

        said.Clear();
        scopes.Clear();

        Assert.Equal(["a"], made.Scopes);
        Assert.IsNotType<string[]>(made.Scopes);
        Assert.True(Assert.IsAssignableFrom<ICollection<string>>(made.Scopes).IsReadOnly);
        foreach (AccessToken token in new[] { made, read })
        {
            Assert.Equal(["a"], token.Response.Keys);
            Assert.True(Assert.IsAssignableFrom<ICollection<KeyValuePair<string, JsonElement>>>(token.Response).IsReadOnly);
        }
    }

    [Fact]
    public void The_secret_is_revealed_on_demand()
    {
        Assert.Equal("s3cret-token", Sample.Reveal());
    }

    [Fact]
    public void What_was_asked_for_once_is_not_made_again()
    {
        var token = Reading.Token("""{"access_token":"s3cret-token","instance_url":"https://eu.example.com"}""");

        Assert.Same(token.Reveal(), token.Reveal());
        Assert.Same(token.Response, token.Response);
    }

    [Theory]
    [InlineData("", "Bearer")]
    [InlineData("a b", "Bearer")]
    [InlineData("a\r\nX-Evil: 1", "Bearer")]
    [InlineData("ö", "Bearer")]
    [InlineData("t", "")]
    [InlineData("t", "Application Access Token")]
    [InlineData("t", "Bearer\n")]
    public void What_no_header_can_carry_makes_no_token_and_is_not_repeated(string text, string type)
    {
        var refused = Assert.Throws<ArgumentException>(() => new AccessToken(text, End, type));

        Assert.Equal("A token and its type are printable ASCII without spaces. (Parameter 'token')", refused.Message);
    }

    [Fact]
    public void What_is_not_said_is_nothing()
    {
        var token = new AccessToken("t", End);

        Assert.Equal(("Bearer", 0, 0), (token.Type, token.Scopes.Count, token.Response.Count));
    }

    [Fact]
    public void Scopes_given_to_it_can_change_without_changing_it()
    {
        var scopes = new List<string> { "a" };
        var token = new AccessToken("t", End, scopes: scopes);

        scopes.Add("b");

        Assert.Equal(["a"], token.Scopes);
    }

    private static AccessToken Sample { get; } = new("s3cret-token", End);
}
