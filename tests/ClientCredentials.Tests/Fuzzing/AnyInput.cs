namespace ClientCredentials.Tests.Fuzzing;

/// <summary>Whatever strangers write, it ends as it should. The same inputs in every run: the seed is fixed. For longer runs with other seeds see the README.</summary>
public sealed class AnyInput
{
    public const int Seed = 20260101;

    public static TheoryData<string> Targets => [.. Target.All().Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Ends_as_it_should(string name)
    {
        using Target target = Target.All().Single(target => target.Name == name);
        FuzzRun run = new(target, Seed);

        await run.TryAsync(target.Everyday);

        Assert.True(run.Finds.Count == 0, string.Join(Environment.NewLine, run.Finds));
        Assert.InRange(run.Taken, target.Everyday / 50, target.Everyday * 49L / 50);
    }
}
