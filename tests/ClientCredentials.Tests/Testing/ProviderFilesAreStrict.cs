using ClientCredentials.Testing;
using ClientCredentials.Testing.Server;

namespace ClientCredentials.Tests.Testing;

public class ProviderFilesAreStrict
{
    private const string Good = """
        {
          "name": "Acme",
          "sources": [ "https://acme.example.com/docs" ],
          "settings": { "TokenUrl": "https://acme.example.com/token", "ClientId": "id", "Scopes": [ "a", "b" ], "TokenRequest": { "Form": { "x": "1" } }, "MaxRetries": 2 },
          "server": {
            "authentication": [ "client_secret_basic" ],
            "token": { "status": 200, "body": { "access_token": "{token}" } },
            "errors": {
              "wrong secret": { "source": null, "status": 401, "text": "no", "contentType": "text/plain", "expect": { "reason": "Refused" } }
            }
          },
          "expect": { "authentication": "client_secret_basic", "lifetime": "00:05:00" }
        }
        """;

    [Fact]
    public void A_good_file_is_read()
    {
        Provider provider = ProviderFiles.Read("Acme.json", Good);

        Assert.Equal("Acme", provider.ToString());
        Assert.Equal("wrong secret (401)", Assert.Single(provider.Errors).Value.ToString());
        Assert.Equal(
            ["ClientId=id", "MaxRetries=2", "Scopes:0=a", "Scopes:1=b", "TokenRequest:Form:x=1", "TokenUrl=https://acme.example.com/token"],
            provider.Settings.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("\"name\": \"Acme\",", "", "Providers/Acme.json: name is missing.")]
    [InlineData("\"name\": \"Acme\",", "\"name\": \"\",", "Providers/Acme.json: name is the text ''; it must be a text that is not empty.")]
    [InlineData("\"name\": \"Acme\",", "\"name\": 7,", "Providers/Acme.json: name is 7; it must be a text that is not empty.")]
    [InlineData("\"name\": \"Acme\",", "\"name\": \"Acme\", \"remark\": \"x\",", "Providers/Acme.json: remark is not known; known: expect, name, noPreset, note, server, settings, sources.")]
    [InlineData("[ \"https://acme.example.com/docs\" ]", "[]", "Providers/Acme.json: sources is empty; what has no source says so in 'noPreset'.")]
    [InlineData("[ \"https://acme.example.com/docs\" ]", "[ \"hearsay\" ]", "Providers/Acme.json: sources has 'hearsay'; each must be an https URL.")]
    [InlineData("[ \"https://acme.example.com/docs\" ]", "\"https://acme.example.com/docs\"", "Providers/Acme.json: sources is the text 'https://acme.example.com/docs'; it must be a list of texts.")]
    [InlineData("\"status\": 200", "\"status\": \"200\"", "Providers/Acme.json: server: token: status must be a whole number.")]
    [InlineData("\"status\": 200", "\"status\": 20", "Providers/Acme.json: server: token: status is 20; it must be 200 to 599.")]
    [InlineData("{token}", "token", "Providers/Acme.json: server: token: body must have an access_token with {token} in it.")]
    [InlineData("\"source\": null, ", "", "Providers/Acme.json: server: errors: wrong secret: source is missing; where there is none, write null.")]
    [InlineData("\"source\": null, ", "\"source\": null, \"when\": \"ever\", ", "Providers/Acme.json: server: errors: wrong secret: when is 'ever'; it must be 'credentials', 'scope' or 'request'.")]
    [InlineData("\"text\": \"no\"", "\"text\": \"no\", \"body\": {}", "Providers/Acme.json: server: errors: wrong secret: text stands beside 'body'; there must be one of them.")]
    [InlineData("\"Refused\"", "\"Nope\"", "Providers/Acme.json: server: errors: wrong secret: expect: reason is 'Nope'; it must be one of NotConfigured, Disabled, Refused, InvalidResponse, UnsupportedTokenType, Unreachable, TimedOut, OriginNotAllowed.")]
    [InlineData("00:05:00", "5 min", "Providers/Acme.json: expect: lifetime is '5 min'; it must be hh:mm:ss.")]
    [InlineData("\"settings\": {", "\"server2\": {", "Providers/Acme.json: settings is missing.")]
    public void What_is_wrong_is_said_with_its_place(string what, string instead, string message)
    {
        InvalidDataException problem = Assert.Throws<InvalidDataException>(() => ProviderFiles.Read("Acme.json", Good.Replace(what, instead, StringComparison.Ordinal)));

        Assert.Equal(message, problem.Message);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{ "name": "a", "name": "b" }""")]
    [InlineData("")]
    public void What_is_no_JSON_is_said_to_be_none(string text)
    {
        InvalidDataException problem = Assert.Throws<InvalidDataException>(() => ProviderFiles.Read("Acme.json", text));

        Assert.StartsWith("Providers/Acme.json: is no JSON: ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_object_is_said_to_be_none()
    {
        InvalidDataException problem = Assert.Throws<InvalidDataException>(() => ProviderFiles.Read("Acme.json", "[]"));

        Assert.Equal("Providers/Acme.json: is a list; it must be an object.", problem.Message);
    }
}
