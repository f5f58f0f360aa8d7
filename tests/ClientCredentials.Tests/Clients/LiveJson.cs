using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace ClientCredentials.Tests.Clients;

/// <summary>A configuration file that a test rewrites while the app runs.</summary>
internal sealed class LiveJson : JsonConfigurationProvider, IConfigurationSource
{
    public LiveJson(string section)
        : base(new JsonConfigurationSource { Optional = true }) => Read(section);

    /// <summary>The section with one whole, valid client, 'billing', over which the given settings are laid.</summary>
    public static string Billing(string settings = "{}", string others = "{}")
    {
        JsonObject billing = new()
        {
            ["TokenUrl"] = "https://login.example.com/token",
            ["ClientId"] = "billing-app",
            ["ClientSecret"] = SettingsApp.Canary,
        };
        Lay(settings, billing);
        JsonObject section = new() { ["Clients"] = new JsonObject { ["billing"] = billing } };
        Lay(others, section);
        return section.ToJsonString();
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override void Load()
    {
        // What a test wrote is there already.
    }

    /// <summary>Rewrites the section ClientCredentials, and with it whatever else of the configuration.</summary>
    public void Rewrite(string section, string unrelated = "")
    {
        Read(section, unrelated);
        OnReload();
    }

    private void Read(string section, string unrelated = "") =>
        Load(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "ClientCredentials": {{section}}, "Unrelated": "{{unrelated}}" }""")));

    private static void Lay(string settings, JsonObject over)
    {
        foreach ((string key, JsonNode? value) in JsonNode.Parse(settings)!.AsObject())
        {
            over[key] = value?.DeepClone();
        }
    }
}
