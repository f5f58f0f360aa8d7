using System.Globalization;
using System.Net;
using ClientCredentials.Clients;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Clients;

/// <summary>The same layers, from a file and from the environment.</summary>
public class ProfileLayers
{
    private static int _count;

    public enum Source
    {
        Json,
        Environment,
    }

    [Theory]
    [InlineData(Source.Json)]
    [InlineData(Source.Environment)]
    [Trait("Scenario", "T97")]
    public async Task A_list_over_a_list_replaces_it(Source source)
    {
        ClientCredentialsOptions options = await ReadAsync(
            source,
            """{ "Scopes": [ "a", "b", "c" ], "RenewOn": [ 401, 403 ], "Profiles": { "Staging": { "Scopes": [ "d" ], "RenewOn": [ 400 ] } } }""",
            ("Scopes__0", "a"), ("Scopes__1", "b"), ("Scopes__2", "c"), ("RenewOn__0", "401"), ("RenewOn__1", "403"), ("Profiles__Staging__Scopes__0", "d"), ("Profiles__Staging__RenewOn__0", "400"));

        Assert.Equal(["d"], options.Scopes);
        Assert.Equal([HttpStatusCode.BadRequest], options.RenewOn);
    }

    [Theory]
    [InlineData(Source.Json)]
    [InlineData(Source.Environment)]
    [Trait("Scenario", "T97")]
    public async Task An_empty_text_over_a_list_clears_it(Source source)
    {
        ClientCredentialsOptions options = await ReadAsync(
            source,
            """{ "Scopes": [ "a", "b" ], "AllowedOrigins": [ "*" ], "Profiles": { "Staging": { "Scopes": "", "AllowedOrigins": "", "RenewOn": "" } } }""",
            ("Scopes__0", "a"), ("Scopes__1", "b"), ("AllowedOrigins__0", "*"), ("Profiles__Staging__Scopes", ""), ("Profiles__Staging__AllowedOrigins", ""), ("Profiles__Staging__RenewOn", ""));

        Assert.Empty(options.Scopes);
        Assert.Empty(options.AllowedOrigins);
        Assert.Empty(options.RenewOn);
    }

    [Fact]
    [Trait("Scenario", "T97")]
    public async Task An_empty_list_over_a_list_clears_it()
    {
        ClientCredentialsOptions options = await ReadAsync(
            Source.Json,
            """{ "Scopes": [ "a", "b" ], "Resources": [ "urn:a" ], "Profiles": { "Staging": { "Scopes": [], "Resources": [], "RenewOn": [] } } }""");

        Assert.Empty(options.Scopes);
        Assert.Empty(options.Resources);
        Assert.Empty(options.RenewOn);
    }

    [Theory]
    [InlineData(Source.Json)]
    [InlineData(Source.Environment)]
    [Trait("Scenario", "T97")]
    public async Task A_list_that_a_profile_has_no_word_on_stays(Source source)
    {
        ClientCredentialsOptions options = await ReadAsync(
            source,
            """{ "Scopes": [ "a", "b" ], "Profiles": { "Staging": { "Audience": "x" } } }""",
            ("Scopes__0", "a"), ("Scopes__1", "b"), ("Profiles__Staging__Audience", "x"));

        Assert.Equal(["a", "b"], options.Scopes);
    }

    [Theory]
    [InlineData(Source.Json)]
    [InlineData(Source.Environment)]
    [Trait("Scenario", "T97")]
    public async Task Dictionaries_are_merged_by_key_and_an_empty_value_removes(Source source)
    {
        ClientCredentialsOptions options = await ReadAsync(
            source,
            """{ "TokenRequest": { "Form": { "keep": "1", "change": "2", "drop": "3" } }, "Profiles": { "Staging": { "TokenRequest": { "Form": { "change": "4", "drop": "", "add": "5" } } } } }""",
            ("TokenRequest__Form__keep", "1"), ("TokenRequest__Form__change", "2"), ("TokenRequest__Form__drop", "3"),
            ("Profiles__Staging__TokenRequest__Form__change", "4"), ("Profiles__Staging__TokenRequest__Form__drop", ""), ("Profiles__Staging__TokenRequest__Form__add", "5"));

        Assert.Equal(["add=5", "change=4", "keep=1"], options.TokenRequest.Form.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Source.Json)]
    [InlineData(Source.Environment)]
    [Trait("Scenario", "T97")]
    public async Task A_scalar_over_a_scalar_goes_instead_of_it(Source source)
    {
        ClientCredentialsOptions options = await ReadAsync(
            source,
            """{ "ClientId": "a", "Audience": "b", "MaxRetries": 1, "IncludeScope": false, "Profiles": { "Staging": { "ClientId": "c", "Audience": "", "MaxRetries": 2, "IncludeScope": true, "MaxWait": "00:00:20" } } }""",
            ("ClientId", "a"), ("Audience", "b"), ("MaxRetries", "1"), ("IncludeScope", "false"), ("Profiles__Staging__ClientId", "c"), ("Profiles__Staging__Audience", ""),
            ("Profiles__Staging__MaxRetries", "2"), ("Profiles__Staging__IncludeScope", "true"), ("Profiles__Staging__MaxWait", "00:00:20"));

        Assert.Equal(("c", "", 2, true, TimeSpan.FromSeconds(20)), (options.ClientId, options.Audience, options.MaxRetries, options.IncludeScope, options.MaxWait));
    }

    [Theory]
    [InlineData(Source.Json)]
    [InlineData(Source.Environment)]
    [Trait("Scenario", "T98")]
    public async Task Scopes_may_be_one_text(Source source)
    {
        ClientCredentialsOptions options = await ReadAsync(
            source,
            """{ "Scopes": "x", "Profiles": { "Staging": { "Scopes": " a  b ", "RequiredScopes": "a" } } }""",
            ("Scopes", "x"), ("Profiles__Staging__Scopes", " a  b "), ("Profiles__Staging__RequiredScopes", "a"));

        Assert.Equal(["a", "b"], options.Scopes);
        Assert.Equal(["a"], options.RequiredScopes);
    }

    [Fact]
    public async Task A_null_says_nothing()
    {
        ClientCredentialsOptions options = await ReadAsync(
            Source.Json,
            """{ "Audience": "a", "Scopes": [ "b" ], "Profiles": { "Staging": { "Audience": null, "Scopes": null, "ApiUrl": null } } }""");

        Assert.Equal("a", options.Audience);
        Assert.Equal(["b"], options.Scopes);
    }

    /// <summary>The settings of the profile Staging of a client, laid over what every client needs.</summary>
    private static async Task<ClientCredentialsOptions> ReadAsync(Source source, string json, params (string Key, string Value)[] variables)
    {
        const string client = "ClientCredentials__Clients__billing__";
        // Each test has variables of its own: tests run beside each other.
        string prefix = string.Create(CultureInfo.InvariantCulture, $"CC_{Interlocked.Increment(ref _count)}_");
        (string Key, string Value)[] needed = [("TokenUrl", "https://login.example.com/token"), ("ClientId", "billing-app"), ("AuthenticationMethod", "none")];
        ConfigurationBuilder configuration = new();
        if (source == Source.Json)
        {
            configuration.AddInMemoryCollection(needed.Select(pair => KeyValuePair.Create($"ClientCredentials:Clients:billing:{pair.Key}", (string?)pair.Value)));
            configuration.Add(new LiveJson($$"""{ "Clients": { "billing": {{json}} } }"""));
        }
        else
        {
            foreach ((string key, string value) in needed.Concat(variables))
            {
                Environment.SetEnvironmentVariable($"{prefix}{client}{key}", value);
            }

            configuration.AddEnvironmentVariables(prefix);
        }

        ServiceCollection services = new();
        services.AddClientCredentials(configuration.Build());
        await using ServiceProvider provider = services.BuildServiceProvider();
        LiveSettings live = provider.GetRequiredService<ClientSettings>().Get("billing", "staging").Settings!;
        Assert.Empty(live.Problems);
        return live.Current!.Options;
    }
}
