using System.Text.Json;
using ClientCredentials.Benchmarks.Scene;
using ClientCredentials.Tests;

namespace ClientCredentials.Benchmarks.Crowds;

/// <summary>What one token costs that has to be fetched, beside the same exchange by hand.</summary>
internal static class Fetches
{
    private const int Count = 200;

    public static async Task<long> OursAsync()
    {
        ManualClock clock = new();
        using App app = new(new TokenStub(), clock);
        await FetchAsync(50);
        return await Bytes.InAllAsync(Count, () => FetchAsync(Count));

        async Task FetchAsync(int count)
        {
            for (int i = 0; i < count; i++)
            {
                clock.Advance(TimeSpan.FromHours(2));
                await app.Credentials.GetTokenAsync(App.Client);
            }
        }
    }

    /// <summary>A form, a POST, the body, and the token out of it; no retry, no time limit, no check of anything.</summary>
    public static async Task<long> ByHandAsync()
    {
        using HttpClient http = new(new TokenStub());
        await FetchAsync(50);
        return await Bytes.InAllAsync(Count, () => FetchAsync(Count));

        async Task FetchAsync(int count)
        {
            for (int i = 0; i < count; i++)
            {
                using FormUrlEncodedContent form = new(
                [
                    new("grant_type", "client_credentials"),
                    new("client_id", "billing-app"),
                    new("client_secret", "not a secret"),
                    new("scope", "invoices.read"),
                ]);
                using HttpResponseMessage response = await http.PostAsync(new Uri("https://login.example.com/oauth2/token"), form);
                using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
                _ = answer.RootElement.GetProperty("access_token").GetString();
            }
        }
    }
}
