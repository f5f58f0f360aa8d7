using ClientCredentials.Testing;

namespace Quickstart;

/// <summary>Two worlds on loopback, as most apps know them: Staging and Production. In each an authorization server and an API that it protects.</summary>
internal sealed class Servers : IAsyncDisposable
{
    private Servers(TestAuthorizationServer production, TestAuthorizationServer staging) => (Production, Staging) = (production, staging);

    public TestAuthorizationServer Production { get; }

    public TestAuthorizationServer Staging { get; }

    /// <summary>What the app's appsettings.json would hold, but for the secrets: those belong in user secrets, in environment variables or in a vault, by the same keys.</summary>
    public string Settings => $$"""
        {
          "ClientCredentials": {
            "Profile": "Production",
            "Clients": {
              "billing": {
                "Scopes": [ "invoices.read", "invoices.write" ],
                "Profiles": {
                  "Staging": {
                    "TokenUrl": "{{Staging.TokenUrl}}",
                    "ClientId": "billing-test",
                    "ClientSecret": "staging-secret-of-billing",
                    "ApiUrl": "{{Staging.ApiUrl}}"
                  },
                  "Production": {
                    "TokenUrl": "{{Production.TokenUrl}}",
                    "ClientId": "billing-app",
                    "ClientSecret": "secret-of-billing",
                    "ApiUrl": "{{Production.ApiUrl}}"
                  }
                }
              },
              "shipping": {
                "TokenUrl": "{{Production.TokenUrl}}",
                "ClientId": "shipping-app",
                "ClientSecret": "secret-of-shipping",
                "AuthenticationMethod": "client_secret_post",
                "ApiUrl": "{{Production.ApiUrl}}"
              }
            }
          }
        }
        """;

    /// <summary>What both servers have counted so far.</summary>
    public Tally Tally => Tally.Of(Production) + Tally.Of(Staging);

    /// <summary>Each client must prove who it is in its own way, with its own secret: these servers refuse any other.</summary>
    public static async Task<Servers> StartAsync() => new(
        production: await TestAuthorizationServer.StartAsync(server =>
        {
            server.AddClient("billing-app", "secret-of-billing", client => client.Authentication = ClientAuthentication.Basic);
            server.AddClient("shipping-app", "secret-of-shipping", client => client.Authentication = ClientAuthentication.Post);
        }),
        staging: await TestAuthorizationServer.StartAsync(server =>
            server.AddClient("billing-test", "staging-secret-of-billing", client => client.Authentication = ClientAuthentication.Basic)));

    public async ValueTask DisposeAsync()
    {
        await Production.DisposeAsync();
        await Staging.DisposeAsync();
    }
}

/// <summary>What a server has counted: requests for tokens, API calls that it answered, API calls that it refused.</summary>
internal readonly record struct Tally(int TokenRequests, int Answered, int Refused)
{
    public static Tally Of(TestAuthorizationServer server) => new(server.TokenEndpoint.Count, server.Api.Succeeded, server.Api.Refused);

    public static Tally operator +(Tally a, Tally b) => new(a.TokenRequests + b.TokenRequests, a.Answered + b.Answered, a.Refused + b.Refused);

    public static Tally operator -(Tally a, Tally b) => new(a.TokenRequests - b.TokenRequests, a.Answered - b.Answered, a.Refused - b.Refused);
}
