using ClientCredentials.Interop.Running;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: TestCollectionOrderer("ClientCredentials.Interop.TableLast", "ClientCredentials.Interop")]

namespace ClientCredentials.Interop;

/// <summary>Runs last, and says what came of each client of the rig.</summary>
[Collection(nameof(TheTable))]
public class TheTable(Announcer announcer) : IClassFixture<Announcer>
{
    [InteropFact]
    public async Task Every_client_of_the_rig_has_an_outcome()
    {
        string[] table = [.. Outcomes.Table()];
        announcer.Say(table);
        await File.WriteAllLinesAsync(Path.Combine(NodePackages.Folder, "outcomes.txt"), table);

        Assert.NotEmpty(Outcomes.Expected);
        Assert.Empty(Outcomes.Expected.Except(Outcomes.Clients));
    }
}

/// <summary>Writes to the output of 'dotnet test', whatever its verbosity.</summary>
public sealed class Announcer(IMessageSink sink)
{
    public void Say(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            sink.OnMessage(new DiagnosticMessage(line));
        }
    }
}

public sealed class TableLast : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => collection.DisplayName == nameof(TheTable));
}
