using System.Text.Json.Serialization;

namespace Worker;

/// <summary>What the APIs of the demo answer: whose call it was, and what with. Yours answer something more useful.</summary>
internal sealed record ApiAnswer([property: JsonPropertyName("client_id")] string ClientId, string Scope, string Method, string Path)
{
    public static async Task<ApiAnswer> ReadAsync(HttpResponseMessage response)
    {
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<ApiAnswer>() ?? throw new HttpRequestException("The API answered with nothing.");
    }
}
