using System.Text.Json;

namespace ClientCredentials.Tests.Clients;

public class ScopeLimits
{
    [Theory]
    [InlineData("Scopes")]
    [InlineData("RequiredScopes")]
    [Trait("Scenario", "T87")]
    public async Task Five_hundred_and_one_scopes_stop_the_start(string setting)
    {
        string scopes = JsonSerializer.Serialize(Enumerable.Range(0, 501).Select(number => $"s{number}"));

        string problem = await Startup.ProblemAsync($$"""{ "{{setting}}": {{scopes}} }""");

        Assert.Equal($"Client 'billing': {setting} has 501 scopes; at most 500 scopes of 250 characters are sent.", problem);
    }

    [Fact]
    [Trait("Scenario", "T87")]
    public async Task A_scope_of_251_characters_stops_the_start()
    {
        string problem = await Startup.ProblemAsync($$"""{ "Scopes": [ "ok", "{{new string('s', 251)}}" ] }""");

        Assert.Equal("Client 'billing': Scopes has a scope of 251 characters; a scope has 1 to 250.", problem);
    }

    [Theory]
    [InlineData("a b", "a b")]
    [InlineData("a\\\"b", "a\"b")]
    [InlineData("a\\\\b", "a\\b")]
    [InlineData("bø", "bø")]
    [InlineData("a\\nb", "a?b")]
    [Trait("Scenario", "T87")]
    public async Task A_scope_with_a_character_that_no_scope_has_stops_the_start(string scope, string shown)
    {
        string problem = await Startup.ProblemAsync($$"""{ "Scopes": [ "{{scope}}" ] }""");

        Assert.Equal(
            $"Client 'billing': Scopes has '{shown}'; a scope has no spaces, quotes, backslashes or characters beyond ASCII (RFC 6749 §3.3), and each scope is an item of its own.",
            problem);
    }

    [Fact]
    [Trait("Scenario", "T87")]
    public async Task Five_hundred_scopes_of_250_characters_are_accepted()
    {
        string scopes = JsonSerializer.Serialize(Enumerable.Range(0, 500).Select(number => $"{number:000}".PadRight(250, 's')));

        Assert.Empty(await Startup.ProblemsAsync(LiveJson.Billing($$"""{ "Scopes": {{scopes}} }""")));
    }
}
