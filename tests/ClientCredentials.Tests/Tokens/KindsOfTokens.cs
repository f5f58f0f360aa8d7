using ClientCredentials.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Tokens;

public sealed class KindsOfTokens : OneClient
{
    private TokenSources Sources => App.GetRequiredService<TokenSources>();

    private static TokenParameters[] Different =>
    [
        new TokenParameters { Scopes = ["a"] },
        new TokenParameters { Scopes = [] },
        new TokenParameters { Scopes = ["a", "b"] },
        new TokenParameters { AuthorizationDetails = """[{"type":"a"}]""" },
        new TokenParameters { AuthorizationDetails = """[{"type":"b"}]""" },
        new TokenParameters { Audience = "a" },
        new TokenParameters { Audience = "b" },
        new TokenParameters { Resources = ["https://a.example.com/"] },
        new TokenParameters { Resources = ["https://a.example.com/", "https://b.example.com/"] },
        new TokenParameters { Resources = ["https://b.example.com/", "https://a.example.com/"] },
        new TokenParameters { Form = new Dictionary<string, string> { ["tenant"] = "a" } },
        new TokenParameters { Form = new Dictionary<string, string> { ["tenant"] = "b" } },
        new TokenParameters { Form = new Dictionary<string, string> { ["other"] = "a" } },
    ];

    [Fact]
    [Trait("Scenario", "T66")]
    public void Every_parameter_makes_a_source_of_its_own()
    {
        var sources = Different.Select(parameters => Sources.Source("billing", parameters)).Append(Source).ToArray();

        Assert.Equal(Different.Length + 1, sources.Distinct().Count());
    }

    [Theory]
    [Trait("Scenario", "T66")]
    [InlineData("c b a")]
    [InlineData("b c a b")]
    public void The_order_of_scopes_and_their_repetition_do_not_matter(string scopes)
    {
        var one = Sources.Source("billing", new TokenParameters { Scopes = ["a", "b", "c"], Audience = "x" });

        var other = Sources.Source("billing", new TokenParameters { Scopes = scopes.Split(' '), Audience = "x" });

        Assert.Same(one, other);
    }

    [Theory]
    [Trait("Scenario", "T66")]
    [InlineData("""[ { "amount": { "value": 1.10, "currency": "EUR" }, "type": "p\u0061yment" } ]""")]
    [InlineData("""[{"type":"payment","amount":{"currency":"EUR","value":1.10}}]""")]
    public void How_authorization_details_are_written_does_not_matter(string details)
    {
        var one = Sources.Source("billing", new TokenParameters { AuthorizationDetails = """[{"amount":{"currency":"EUR","value":1.10},"type":"payment"}]""" });

        var other = Sources.Source("billing", new TokenParameters { AuthorizationDetails = details });

        Assert.Same(one, other);
    }

    [Fact]
    [Trait("Scenario", "T66")]
    public void The_order_of_authorization_details_and_the_digits_of_a_number_do_matter()
    {
        string[] all =
        [
            """[{"type":"a"},{"type":"b"}]""",
            """[{"type":"b"},{"type":"a"}]""",
            """[{"type":"a","n":1.1}]""",
            """[{"type":"a","n":1.10}]""",
        ];

        Assert.Equal(all.Length, all.Select(details => Sources.Source("billing", new TokenParameters { AuthorizationDetails = details })).Distinct().Count());
    }

    [Fact]
    [Trait("Scenario", "T66")]
    public void Texts_that_look_alike_when_joined_are_kept_apart()
    {
        var one = Sources.Source("billing", new TokenParameters { Form = new Dictionary<string, string> { ["a"] = "b=c" } });
        var other = Sources.Source("billing", new TokenParameters { Form = new Dictionary<string, string> { ["a=b"] = "c" } });

        Assert.NotSame(one, other);
    }

    [Fact]
    public void Parameters_that_ask_for_nothing_else_are_the_usual_source()
    {
        Assert.Same(Source, Sources.Source("billing", new TokenParameters()));
        Assert.Same(Source, Sources.Source("BILLING", null));
        Assert.Same(Source, Sources.Source(null, null));
    }

    [Fact]
    [Trait("Scenario", "T75")]
    public async Task Two_audiences_get_two_tokens_and_never_one_for_the_other()
    {
        var a = new TokenParameters { Audience = "a" };
        var b = new TokenParameters { Audience = "b" };

        var first = (await AskAsync(a), await AskAsync(b));
        var second = (await AskAsync(a), await AskAsync(b));

        Assert.NotEqual(first.Item1.Reveal(), first.Item2.Reveal());
        Assert.Equal(first, second);
        Assert.Equal(["a", "b"], Endpoint.Received.Select(request => request.FormValue("audience")));
    }

    [Fact]
    [Trait("Scenario", "T66")]
    public async Task Profiles_of_one_server_and_client_id_have_sources_of_their_own()
    {
        Set(("Profile", "One"), ("Profiles:One:DisplayName", "One"), ("Profiles:Two:ClientSecret", "s3cret"));

        var one = await AskAsync();
        var two = await AskAsync(new TokenParameters { Profile = "Two" });

        Assert.NotEqual(one.Reveal(), two.Reveal());
        Assert.Same(two, await AskAsync(new TokenParameters { Profile = "two" }));
        Assert.Same(one, await AskAsync(new TokenParameters { Profile = "ONE" }));
        Assert.Equal(2, Endpoint.Count);
    }

    [Fact]
    public async Task A_profile_that_there_is_not_is_named_by_the_failure()
    {
        Set(("Profile", "One"), ("Profiles:One:DisplayName", "One"));

        var failure = await FailAsync(new TokenParameters { Profile = "Two" });

        Assert.Equal((FailureReason.NotConfigured, "Two"), (failure.Reason, failure.Profile));
        Assert.Equal(0, Endpoint.Count);
    }

    [Fact]
    public async Task A_rejected_token_of_one_kind_leaves_the_others()
    {
        var other = new TokenParameters { Audience = "a" };
        var usual = await AskAsync();
        var refused = await AskAsync(other);

        Credentials.Reject("billing", refused, other);
        await AskAsync(other);

        Assert.Same(usual, AskAtOnce());
        Assert.Equal(3, Endpoint.Count);
    }

    [Fact]
    public void First_calls_of_a_hundred_callers_for_one_kind_make_one_source()
    {
        var sources = new TokenSource[100];

        Parallel.For(0, sources.Length, i => sources[i] = Sources.Source("billing", new TokenParameters { Scopes = ["a", "b"] }));

        Assert.Single(sources.Distinct());
    }
}
