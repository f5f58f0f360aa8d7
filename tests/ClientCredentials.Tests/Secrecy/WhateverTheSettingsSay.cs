using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Tests.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClientCredentials.Tests.Secrecy;

public class WhateverTheSettingsSay
{
    [Theory]
    [Trait("Scenario", "T68")]
    [InlineData("ClientSecert", Canaries.Secret)]
    [InlineData("ClientSecret", Canaries.Secret + " ")]
    [InlineData("ClientSecret:0", Canaries.Secret)]
    [InlineData("ClientSecretName", Canaries.Secret)]
    [InlineData("MaxWait", Canaries.Secret)]
    [InlineData("MaxRetries", Canaries.Secret)]
    [InlineData("Enabled", Canaries.Secret)]
    [InlineData("AuthenticationMethod", Canaries.Secret)]
    [InlineData("RenewOn:0", Canaries.Secret)]
    [InlineData("TokenUrl", Canaries.Secret)]
    [InlineData("TokenUrl", "https://user:" + Canaries.Token + "@login.example.com/")]
    [InlineData("TokenUrl", "https://login.example.com/?client_secret=" + Canaries.Token)]
    [InlineData("ApiUrl", "https://user:" + Canaries.Token + "@api.example.com/")]
    [InlineData("ApiUrl", "https://api.example.com/?key=" + Canaries.Token)]
    [InlineData("AllowedOrigins:0", "https://user:" + Canaries.Token + "@api.example.com")]
    [InlineData("TokenRequest:Form:client_secret", Canaries.Secret)]
    [InlineData("TokenRequest:Query:client_secret", Canaries.Secret)]
    [InlineData("TokenRequest:Headers:Authorization", Canaries.Secret)]
    [InlineData("TokenRequest:Headers:X-Key", Canaries.Secret + "\n")]
    [InlineData("ApiHeaders:X-Key", Canaries.ApiKey + "\n")]
    [InlineData("ApiHeaders:Authorization", Canaries.ApiKey)]
    public async Task No_value_of_a_setting_that_is_wrong_is_shown(string key, string value)
    {
        using Evidence evidence = new();
        LogBook log = new();
        Dictionary<string, string?> settings = new()
        {
            ["TokenUrl"] = "https://login.example.com/token",
            ["ClientId"] = "billing",
            [key.StartsWith("ClientSecret:", StringComparison.Ordinal) ? "Description" : "ClientSecret"] = "s3cret",
            [key] = value,
        };
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create($"ClientCredentials:Clients:billing:{pair.Key}", pair.Value))).Build();
        ServiceCollection services = new();
        services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace));
        services.AddClientCredentials(configuration);
        await using ServiceProvider provider = services.BuildServiceProvider();
        IClientCredentials credentials = provider.GetRequiredService<IClientCredentials>();

        Exception? atStart = Record.Exception(() => provider.GetRequiredService<IStartupValidator>().Validate());
        evidence.AddException(atStart);
        evidence.AddException(await Record.ExceptionAsync(() => credentials.GetTokenAsync("billing").AsTask()));
        evidence.AddObject(await credentials.ConnectAsync("billing"));
        evidence.AddObject(Assert.Single(credentials.Statuses));
        foreach (LogEntry entry in log.Entries)
        {
            evidence.Add(entry.Whole);
        }

        Assert.IsType<OptionsValidationException>(atStart);
        evidence.AssertClean();
    }

    [Fact]
    [Trait("Scenario", "T68")]
    public async Task A_secret_of_a_store_is_not_shown_either()
    {
        using Evidence evidence = new();
        await using App app = new(client =>
        {
            client.ClientSecret = null;
            client.ClientSecretName = "billing-secret";
        });
        app.Client.UseSecretStore((_, _, _, _) => new(Canaries.Secret));
        app.Tokens.Otherwise = _ => Wire.Json(System.Net.HttpStatusCode.Unauthorized, $$"""{"error":"invalid_client","error_description":"{{Canaries.Secret}}"}""");

        ClientCredentialsException? exception = await Record.ExceptionAsync(() => app.Caller.GetAsync("x")) as ClientCredentialsException;
        evidence.AddException(exception);
        await evidence.AddAppAsync(app);

        Assert.Equal("***", exception?.ErrorDescription);
        evidence.AssertClean();
    }

    [Fact]
    [Trait("Scenario", "T68")]
    public async Task What_public_types_say_of_themselves_holds_no_secret()
    {
        using Evidence evidence = new();
        await using App app = new();
        ClientCredentialsOptions options = new() { ClientSecret = Canaries.Secret, AlternateClientSecret = Canaries.LongSecret };
        (options.Key.Pem, options.Key.Jwk, options.Key.Password) = (Canaries.Assertion, Canaries.Assertion, Canaries.Password);
        (options.Certificate.Pem, options.Certificate.Password) = (Canaries.Assertion, Canaries.Password);
        (options.Dpop.Key.Pem, options.Dpop.Key.Jwk, options.Dpop.Key.Password) = (Canaries.Assertion, Canaries.Assertion, Canaries.Password);
        options.AuthorizationDetails = $$"""[{"type":"payment","account":"{{Canaries.ApiKey}}"}]""";
        options.ApiHeaders["X-Key"] = Canaries.ApiKey;
        options.TokenRequest.Form["password"] = Canaries.Password;
        options.TokenRequest.Headers["X-Key"] = Canaries.TokenHeader;
        object[] values =
        [
            options,
            options.TokenRequest,
            options.Key,
            options.Assertion,
            options.Certificate,
            options.Dpop,
            options.Dpop.Key,
            new ClientResolverOptions(),
            app.Client,
            Message(),
            new ClientCredentialsException("billing", FailureReason.Refused, "no"),
            new ClientStatus { Client = "billing", DisplayName = "billing", State = ClientState.OK },
            new ConnectResult { Client = "billing", IsOK = true },
            new TokenParameters { AuthorizationDetails = options.AuthorizationDetails },
            new TokenParameters { Form = new Dictionary<string, string> { ["password"] = Canaries.Password } },
            new AccessToken(Canaries.Token, DateTimeOffset.UnixEpoch),
            new HttpRequestMessage().UseClientCredentials(new TokenParameters { Form = new Dictionary<string, string> { ["password"] = Canaries.Password } }).Options.Single(),
        ];

        foreach (object value in values)
        {
            evidence.AddObject(value);
        }

        evidence.AssertClean();
        // A new public type is to be judged here too.
        Assert.Empty(typeof(AccessToken).Assembly.ExportedTypes.Where(type => type is { IsClass: true, IsAbstract: false }).Except(values.Select(value => value.GetType())));
    }

    private static TokenRequestMessage Message()
    {
        ClientCredentialsOptions options = new() { TokenUrl = new Uri("https://login.example.com/t"), ClientId = "billing" };
        TokenRequestMessage message = new(new TokenRequest(new Settings("billing", null, isActive: true, options), asked: null), "billing", null, "billing", default);
        message.AddFormField("vendor_secret", Canaries.Secret);
        message.AddHeader("X-Vendor-Key", Canaries.LongSecret);
        return message;
    }

    [Fact]
    public void The_search_finds_what_it_looks_for()
    {
        string[] texts = [Canaries.Secret, Canaries.Form(Canaries.Secret), Uri.EscapeDataString(Canaries.Secret).ToLowerInvariant(), Canaries.Base64($"{Canaries.ClientId}:{Canaries.Secret}"), $"x{Canaries.Token}x"];

        texts = [.. texts, Canaries.Secret[..12], Canaries.Form(Canaries.LongSecret)[..12], Canaries.Base64(Canaries.Token)[..12]];

        Assert.All(texts, text => Assert.NotEmpty(Canaries.In($"before {text} after")));
        Assert.Empty(Canaries.In("Client 'billing': Bearer token until 2026-01-01"));
    }
}
