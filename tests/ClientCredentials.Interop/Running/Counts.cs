using System.Text.Json;

namespace ClientCredentials.Interop.Running;

/// <summary>What the rig has seen since it was reset.</summary>
internal sealed class Counts(JsonElement counters, JsonElement log)
{
    /// <summary>Token requests of anybody.</summary>
    public int TokenRequests => Number("token", "total");

    /// <summary>Token requests that brought a token.</summary>
    public int Tokens => Number("token", "ok");

    /// <summary>Requests of the API that were served.</summary>
    public int Served => Number("api", "ok");

    /// <summary>Requests of the API that were refused.</summary>
    public int Denied => Number("api", "denied");

    /// <summary>How many different tokens came to the API.</summary>
    public int TokensSeen => counters.GetProperty("api").GetProperty("perToken").EnumerateObject().Count();

    /// <summary>The API's reasons for its refusals.</summary>
    public string Reasons => string.Join("; ", counters.GetProperty("api").GetProperty("reasons").EnumerateObject().Select(reason => reason.Name));

    /// <summary>The token requests one by one, with what the server made of them.</summary>
    public JsonElement[] Log { get; } = [.. log.EnumerateArray()];

    /// <summary>How many token requests of a client were refused with an error code.</summary>
    public int Errors(string client, string code) =>
        counters.GetProperty("token").GetProperty("perClient").TryGetProperty(client, out JsonElement own)
        && own.GetProperty("errors").TryGetProperty(code, out JsonElement count)
            ? count.GetInt32()
            : 0;

    private int Number(string part, string name) => counters.GetProperty(part).GetProperty(name).GetInt32();
}
