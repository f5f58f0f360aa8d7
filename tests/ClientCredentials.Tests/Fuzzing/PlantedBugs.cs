using System.Globalization;
using System.Text;
using System.Text.Json;
using ClientCredentials.Tests.Secrecy;

namespace ClientCredentials.Tests.Fuzzing;

/// <summary>The fuzzing finds what is there to be found: bugs that other token clients have had, planted in readers of the test's own.</summary>
public sealed class PlantedBugs
{
    private delegate (string? Token, TimeSpan Lifetime, string? Problem) Reader(JsonElement body);

    [Theory]
    [InlineData("lifetimes read as whole numbers")]
    [InlineData("lifetimes that are believed")]
    [InlineData("tokens that are not looked at")]
    [InlineData("errors that show the answer")]
    [InlineData("errors of more than one line")]
    public async Task Are_found_with_the_inputs_of_the_everyday_run(string bug)
    {
        using PlantedTarget target = new(ReaderWith(bug));
        FuzzRun run = new(target, AnyInput.Seed);

        await run.TryAsync(12_000);

        Assert.NotEmpty(run.Finds);
    }

    [Fact]
    public async Task Are_found_again_by_seed_and_number()
    {
        using PlantedTarget target = new(ReaderWith("lifetimes that are believed"));
        FuzzRun run = new(target, AnyInput.Seed);
        await run.TryAsync(12_000);
        FuzzRun again = new(target, AnyInput.Seed);

        await again.TryNumberAsync(run.Finds[^1].Number);

        Assert.Equal(run.Finds[^1].Input, Assert.Single(again.Finds).Input);
        Assert.Equal(run.Finds[^1].Exception.Message, again.Finds[0].Exception.Message);
    }

    [Fact]
    public async Task Are_not_seen_where_there_are_none()
    {
        using PlantedTarget target = new(ReaderWith("no bug"));
        FuzzRun run = new(target, AnyInput.Seed);

        await run.TryAsync(12_000);

        Assert.Empty(run.Finds);
    }

    private static Reader ReaderWith(string bug) => body =>
    {
        string token = body.GetProperty("access_token").GetString()!;
        if (bug != "tokens that are not looked at" && !AccessToken.IsSendable(token))
        {
            return (null, default, "no token that can be sent");
        }

        if (body.TryGetProperty("error_description", out JsonElement description))
        {
            return (null, default, bug switch
            {
                "errors that show the answer" => $"the server said: {body.GetRawText()}",
                "errors of more than one line" => description.GetString()!.Replace(Canaries.Secret, "***", StringComparison.Ordinal),
                _ => "the server said no",
            });
        }

        double seconds = bug == "lifetimes read as whole numbers"
            ? body.GetProperty("expires_in").GetInt32()
            : double.Parse(body.GetProperty("expires_in").GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture);
        return (token, bug == "lifetimes that are believed" ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 3600)), null);
    };

    /// <summary>The claims that the package's own readers must keep, on a reader that catches what a careful author thinks of.</summary>
    private sealed class PlantedTarget(Reader reader) : Target
    {
        private static readonly byte[][] Bodies =
        [
            .. new[] { """{"access_token":"t0ken","expires_in":3600}""", $$"""{"access_token":"t0ken","error_description":{{JsonSerializer.Serialize(Canaries.Secret)}}}""" }.Select(Encoding.UTF8.GetBytes),
        ];

        public override string Name => "planted";

        public override int Everyday => 12_000;

        public override ValueTask<bool> TryAsync(Chance chance, List<string> shown)
        {
            byte[] body = chance.Bytes(Bodies, AnswerCorpus.Words);
            shown.Add(Encoding.Latin1.GetString(body));
            (string? token, TimeSpan lifetime, string? problem) = Read(body);
            ClaimFit(problem);
            Claim(token is null || AccessToken.IsSendable(token), "A token that no header can carry.");
            Claim(lifetime >= TimeSpan.Zero && lifetime <= TimeSpan.FromHours(1), $"A life of {lifetime}.");
            return new(token is not null);
        }

        private (string? Token, TimeSpan Lifetime, string? Problem) Read(byte[] body)
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(body);
                return reader(document.RootElement);
            }
            catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException || (exception is FormatException && exception.Source == "System.Private.CoreLib"))
            {
                return (null, default, "no token response");
            }
        }
    }
}
