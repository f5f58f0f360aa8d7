using System.Reflection;
using Xunit.Abstractions;

namespace ClientCredentials.Tests.Conventions;

public class Scenarios(ITestOutputHelper output)
{
    private const string Trait = "Scenario";

    private static readonly ILookup<string, string> Tests = typeof(Scenarios).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => method.GetCustomAttribute<FactAttribute>() is not null)
        .SelectMany(method => Rows(method).Concat(Rows(method.DeclaringType!)).Select(row => (Row: row, Test: $"{method.DeclaringType!.Name}.{method.Name}")))
        .ToLookup(entry => entry.Row, entry => entry.Test);

    [Fact]
    public void Every_row_has_a_test()
    {
        foreach ((string id, string title) in ScenarioTable.Rows)
        {
            output.WriteLine($"{id} {title}: {Tests[id].Count()}{(ScenarioTable.DecidedOtherwise.TryGetValue(id, out string? reason) ? $" (decided otherwise: {reason})" : "")}");
        }

        string[] missing = [.. ScenarioTable.Rows.Select(row => row.Id).Where(id => !Tests.Contains(id) && !ScenarioTable.DecidedOtherwise.ContainsKey(id))];
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_trait_names_a_row()
    {
        Assert.Empty(Tests.Select(row => row.Key).Except(ScenarioTable.Rows.Select(row => row.Id)));
    }

    [Fact]
    public void Every_row_that_was_decided_otherwise_is_one_and_says_why()
    {
        Assert.Empty(ScenarioTable.DecidedOtherwise.Keys.Except(ScenarioTable.Rows.Select(row => row.Id)));
        Assert.All(ScenarioTable.DecidedOtherwise.Values, reason => Assert.EndsWith(".", reason, StringComparison.Ordinal));
    }

    [Fact]
    public void The_rows_are_T01_to_T110()
    {
        Assert.Equal(Enumerable.Range(1, 110).Select(number => $"T{number:00}"), ScenarioTable.Rows.Select(row => row.Id));
    }

    private static IEnumerable<string> Rows(MemberInfo member) => member.GetCustomAttributesData()
        .Where(attribute => attribute.AttributeType == typeof(TraitAttribute) && attribute.ConstructorArguments[0].Value is Trait)
        .Select(attribute => (string)attribute.ConstructorArguments[1].Value!);
}
