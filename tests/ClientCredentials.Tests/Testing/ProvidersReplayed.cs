using System.Net;
using ClientCredentials.Testing;
using ClientCredentials.Testing.Server;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Testing;

/// <summary>Each provider's file, played against the package: what it says to configure works, and what it says to expect happens.</summary>
public class ProvidersReplayed
{
    public static TheoryData<string> Served => [.. Provider.Corpus.Where(provider => provider.Behavior is not null).Select(provider => provider.Name)];

    public static TheoryData<string, string> Errors
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach (Provider provider in Provider.Corpus)
            {
                foreach (string error in provider.Errors.Keys)
                {
                    rows.Add(provider.Name, error);
                }
            }

            return rows;
        }
    }

    public static TheoryData<string> Refusing => [.. Provider.All.Where(provider => Refusal(provider) is not null).Select(provider => provider.Name)];

    [Theory]
    [MemberData(nameof(Served))]
    public async Task The_documented_settings_are_valid_as_they_are_but_for_the_secret(string name)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new() { EnvironmentName = Environments.Production });
        builder.Configuration.AddInMemoryCollection(Named(name).Settings.ToDictionary(pair => $"ClientCredentials:Clients:billing:{pair.Key}", pair => (string?)pair.Value));
        builder.Configuration["ClientCredentials:Clients:billing:ClientSecret"] = ProviderApp.Secret;
        builder.Services.AddClientCredentials();
        using IHost app = builder.Build();

        Exception? problem = await Record.ExceptionAsync(() => Task.Run(app.Services.GetRequiredService<IStartupValidator>().Validate));

        Assert.Null(problem);
    }

    [Theory]
    [MemberData(nameof(Served))]
    public async Task The_documented_settings_get_a_token_that_opens_the_API(string name)
    {
        await using ProviderApp app = await ProviderApp.StartAsync(Named(name));

        HttpResponseMessage response = await app.Http.GetAsync("invoices/17");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("Bearer ", app.Server.Api.Received[0].Header("Authorization"), StringComparison.Ordinal);
        Assert.Equal((1, 1), (app.Server.TokenEndpoint.Count, app.Server.Api.Count));
    }

    [Theory]
    [MemberData(nameof(Served))]
    public async Task The_request_is_what_the_file_says(string name)
    {
        Provider provider = Named(name);
        ProviderExpectation expected = provider.Expectation!;
        await using ProviderApp app = await ProviderApp.StartAsync(provider);

        await app.TokenAsync();

        ReceivedRequest request = Assert.Single(app.Server.TokenEndpoint.Received);
        Assert.Equal(expected.Authentication, request.Header("Authorization")?.StartsWith("Basic ", StringComparison.Ordinal) == true ? "client_secret_basic" : "client_secret_post");
        Assert.Equal(
            Sorted(expected.Wire.Form),
            Sorted(request.Form.Where(pair => pair.Key is not ("client_id" or "client_secret")).ToDictionary(pair => pair.Key, pair => pair.Value)));
        Assert.Equal(Sorted(expected.Wire.Query), Sorted(QueryHelpers.ParseQuery(new Uri(app.Server.BaseUrl, request.Target).Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString())));
        Assert.All(expected.Wire.Headers, header => Assert.Equal(header.Value, request.Header(header.Key)));
    }

    [Theory]
    [MemberData(nameof(Served))]
    public async Task Configured_headers_of_the_API_arrive(string name)
    {
        Provider provider = Named(name);
        await using ProviderApp app = await ProviderApp.StartAsync(provider);

        await app.Http.GetAsync("invoices/17");

        ReceivedRequest request = Assert.Single(app.Server.Api.Received);
        Assert.All(provider.Settings.Where(pair => pair.Key.StartsWith("ApiHeaders:", StringComparison.Ordinal)), pair => Assert.Equal(pair.Value, request.Header(pair.Key["ApiHeaders:".Length..])));
    }

    [Theory]
    [MemberData(nameof(Served))]
    public async Task The_life_that_is_believed_and_the_rest_of_the_answer_are_what_the_file_says(string name)
    {
        Provider provider = Named(name);
        await using ProviderApp app = await ProviderApp.StartAsync(provider);

        AccessToken token = await app.TokenAsync();

        Assert.Equal(provider.Expectation!.Lifetime, token.ExpiresAt - app.Clock.GetUtcNow());
        Assert.All(provider.Expectation.Response, member => Assert.Equal(member.Value, token.Response[member.Key].ToString()));
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task An_error_is_understood_as_the_file_says(string name, string error)
    {
        Provider provider = Named(name);
        ProviderErrorExpectation expected = provider.Errors[error].Expectation!;
        await using ProviderApp app = await ProviderApp.StartAsync(provider);
        app.Server.TokenEndpoint.Fail(provider.Errors[error]);

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal(
            (expected.Reason, expected.Error, provider.Errors[error].Status, expected.IsTransient),
            (failure.Reason, failure.Error, (int)failure.TokenEndpointStatus!, failure.IsTransient));
        Assert.Equal(expected.Description ?? failure.ErrorDescription, failure.ErrorDescription);
        Assert.Equal(expected.Hint is null, failure.Hint is null);
        Assert.Contains(expected.Hint ?? "", failure.Hint ?? "", StringComparison.Ordinal);
        Assert.Single(app.Server.TokenEndpoint.Received);
    }

    [Theory]
    [MemberData(nameof(Refusing))]
    public async Task A_wrong_secret_is_refused_in_the_words_of_the_provider(string name)
    {
        Provider provider = Named(name);
        ProviderError known = Refusal(provider)!;
        await using ProviderApp app = await ProviderApp.StartAsync(provider, secret: "wrong");

        ClientCredentialsException failure = await app.FailureAsync();

        Assert.Equal((known.Status, known.Expectation!.Error), ((int)failure.TokenEndpointStatus!, failure.Error));
        Assert.Equal(known.Expectation.Description ?? failure.ErrorDescription, failure.ErrorDescription);
        Assert.Contains("Check ClientId and the secret", failure.Hint, StringComparison.Ordinal);
    }

    private static Provider Named(string name) => Provider.Corpus.Single(provider => provider.Name == name);

    private static ProviderError? Refusal(Provider provider) => provider.Errors.Values.FirstOrDefault(error => error is { When: "credentials", Source: not null });

    private static string[] Sorted(IReadOnlyDictionary<string, string> pairs) => [.. pairs.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal)];
}
