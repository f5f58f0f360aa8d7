namespace ClientCredentials.Tests.Conventions;

/// <summary>The C# of the README compiles: it stands word for word in the snippets, or says which package it needs.</summary>
public class ReadmeTestsCSharp
{
    private static readonly string[] PackagesNotUsedHere =
    [
        "Microsoft.Extensions.Http.Resilience",
        "Microsoft.AspNetCore.SignalR.Client",
        "Refit.HttpClientFactory",
        "Grpc.Net.ClientFactory",
        "Aspire.Hosting",
        "Microsoft.Azure.Functions.Worker",
    ];

    private static readonly string Snippets = Trimmed(File.ReadAllText(
        Path.Combine(Readme.Root, "tests", "ClientCredentials.Tests", "Conventions", "ReadmeTests.Snippets.cs")));

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Each_block_is_compiled_or_names_the_package_it_needs(string above, string body)
    {
        bool needsAPackage = PackagesNotUsedHere.Any(package => above == $"<!-- needs {package} -->");

        Assert.True(needsAPackage || Snippets.Contains(Trimmed(body), StringComparison.Ordinal), body);
    }

    [Fact]
    public void There_is_csharp_to_compile() => Assert.NotEmpty(Blocks);

    public static TheoryData<string, string> Blocks
    {
        get
        {
            TheoryData<string, string> blocks = [];
            foreach ((string above, string body) in Readme.Blocks("csharp"))
            {
                blocks.Add(above, body);
            }

            return blocks;
        }
    }

    // How far a snippet is indented is the page's business.
    private static string Trimmed(string code) =>
        string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}
