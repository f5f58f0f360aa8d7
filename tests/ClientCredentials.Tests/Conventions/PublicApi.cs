using System.Reflection;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Conventions;

public class PublicApi
{
    private const string Update = "UPDATE_PUBLIC_API";

    public static TheoryData<string> Packages() => new(Assemblies.Keys);

    private static readonly Dictionary<string, Assembly> Assemblies = new[] { typeof(IClientCredentials).Assembly, typeof(TestAuthorizationServer).Assembly }
        .ToDictionary(assembly => assembly.GetName().Name!);

    [Theory]
    [MemberData(nameof(Packages))]
    public void It_is_what_the_file_says(string package)
    {
        string path = Path.Combine(Repository.Root, "tests", "ClientCredentials.Tests", "Conventions", $"{package}.PublicApi.txt");
        string[] now = [.. Signatures.Of(Assemblies[package])];
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllLines(path, now);
        }

        string[] written = File.Exists(path) ? File.ReadAllLines(path) : [];

        Assert.True(now.SequenceEqual(written, StringComparer.Ordinal), Difference(package, written, now));
    }

    private static string Difference(string package, string[] written, string[] now) =>
        $"""
        The public API of {package} is not what tests/ClientCredentials.Tests/Conventions/{package}.PublicApi.txt says. A member that goes or changes breaks users.
        If the change is meant, run the tests with the environment variable {Update}=1, and check the file in.
        {string.Join('\n', written.Except(now, StringComparer.Ordinal).Select(line => $"- {line}").Concat(now.Except(written, StringComparer.Ordinal).Select(line => $"+ {line}")))}
        """;
}
