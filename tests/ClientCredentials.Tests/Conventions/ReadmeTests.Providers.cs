using System.Text;
using System.Text.RegularExpressions;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Conventions;

/// <summary>The README's settings for each provider are those of the providers' files, which are played against the package.</summary>
public class ReadmeTestsProviders
{
    private const string Update = "UPDATE_README";
    private const string Begin = "<!-- from src/ClientCredentials.Testing/Providers -->\n";
    private const string End = "<!-- end -->\n";

    [Fact]
    public void The_table_of_providers_is_that_of_the_files()
    {
        string path = Path.Combine(Readme.Root, "README.md");
        string page = File.ReadAllText(path);
        int from = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int to = page.IndexOf(End, from, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(path, page[..from] + Table() + page[to..]);
            return;
        }

        // If the files changed on purpose, run this test with UPDATE_README=1, and check the page in.
        Assert.Equal(Table(), page[from..to]);
    }

    private static string Table()
    {
        StringBuilder table = new("| Provider | Settings | Mind |\n|---|---|---|\n");
        foreach (Provider provider in Provider.All)
        {
            string note = provider.Note is null ? "" : $"{provider.Note} ";
            table.Append($"| [{provider.Name}]({provider.Sources[0]}) | {Settings(provider)} | {note}|\n");
        }

        table.Append("\nNot in the table, and no presets:\n\n");
        foreach (Provider provider in Provider.Corpus.Where(provider => provider.NoPreset is not null))
        {
            table.Append($"- {provider.Name}: {provider.NoPreset}\n");
        }

        return table.ToString();
    }

    private static string Settings(Provider provider) => string.Join(", ", provider.Settings
        .Where(setting => setting.Key != "ClientId")
        .Select(setting => $"`{Regex.Replace(setting.Key, @":\d+$", "")}` `{setting.Value}`"));
}
