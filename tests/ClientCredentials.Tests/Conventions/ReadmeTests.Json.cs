using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Conventions;

/// <summary>The JSON of the README is configuration that starts an app.</summary>
public class ReadmeTestsJson
{
    private static readonly string[] Blocks = [.. Readme.Blocks("json").Select(block => block.Body)];

    // What only names a profile needs the clients that have it.
    private static readonly string WithProfiles = Blocks.Single(block => block.Contains("\"Profiles\"", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Json))]
    public void Each_block_is_valid_with_a_secret_from_elsewhere(string json)
    {
        using IHost app = App(json, withSecret: true);

        ValidateAtStart(app);

        Assert.NotEmpty(app.Services.GetRequiredService<IClientCredentials>().Statuses);
    }

    [Theory]
    [MemberData(nameof(Json))]
    public void No_block_has_a_secret_in_it(string json)
    {
        using IHost app = App(json, withSecret: false);

        Exception? exception = Record.Exception(() => ValidateAtStart(app));

        Assert.True(json.Contains("ClientSecretName", StringComparison.Ordinal) || exception?.Message.Contains("a secret is missing", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Each_example_of_an_authentication_method_is_one_that_is_tried()
    {
        IEnumerable<string> tried = Authentication.AssertionExamples.All.Select(row => (string)((object[])(object)row)[1]);

        Assert.Equal(tried, Readme.Blocks("jsonc").Select(block => block.Body.TrimEnd()));
    }

    [Fact]
    public void The_profile_of_the_test_mode_moves_the_calls()
    {
        string testMode = Blocks.Single(block => !block.Contains("\"Clients\"", StringComparison.Ordinal));
        using IHost app = App(testMode, withSecret: true);

        HttpClient http = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("invoices");

        Assert.Equal("https://api.staging.example.com/", http.BaseAddress?.AbsoluteUri);
    }

    public static TheoryData<string> Json => [.. Blocks];

    private static IHost App(string json, bool withSecret)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new() { EnvironmentName = Environments.Production });
        if (!json.Contains("\"Clients\"", StringComparison.Ordinal))
        {
            Add(WithProfiles);
        }

        Add(json);
        if (withSecret && !json.Contains("ClientSecretName", StringComparison.Ordinal))
        {
            builder.Configuration["ClientCredentials:Clients:billing:ClientSecret"] = "s3cret";
        }

        builder.Services.AddClientCredentials().UseSecretStore((_, _, _, _) => ValueTask.FromResult<string?>("s3cret"));
        builder.Services.AddHttpClient("invoices").AddClientCredentialsHandler("billing");
        return builder.Build();

        void Add(string text) => builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(text)));
    }

    private static void ValidateAtStart(IHost app) => app.Services.GetRequiredService<IStartupValidator>().Validate();
}
