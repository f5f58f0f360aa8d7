using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Testing;

/// <summary>A plain HttpClient that speaks to the test server by hand, so that the server is judged by nothing of ours.</summary>
internal sealed class Caller(TestAuthorizationServer server) : IDisposable
{
    public HttpClient Http { get; } = new(server.CreateHandler()) { Timeout = TimeSpan.FromSeconds(20) };

    public static string Basic(string id, string secret) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"));

    public static string Encode(string value) => Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal);

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
        => JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());

    public static async Task<string?> ErrorAsync(HttpResponseMessage response)
        => (await JsonAsync(response)).GetProperty("error").GetString();

    public Task<HttpResponseMessage> PostAsync(string form, string? authorization = null, string query = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, server.TokenUrl + query)
        {
            Content = new StringContent(form, Encoding.ASCII, new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> AskAsync(string clientId = "billing", string secret = "s3cret", string more = "")
        => PostAsync($"grant_type=client_credentials&client_id={Encode(clientId)}&client_secret={Encode(secret)}{more}");

    public async Task<string> TokenAsync(string more = "")
        => (await JsonAsync(await AskAsync(more: more))).GetProperty("access_token").GetString()!;

    public Task<HttpResponseMessage> GetAsync(string? token, string path = "invoices")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, server.ApiUrl + path);
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        return Http.SendAsync(request);
    }

    public void Dispose() => Http.Dispose();
}
