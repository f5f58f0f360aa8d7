using ClientCredentials;

namespace Worker;

/// <summary>The billing API. Nothing here knows of tokens, nor where the API is.</summary>
internal sealed class InvoiceClient(HttpClient http)
{
    // Made once and used often.
    private static readonly TokenParameters Staging = new() { Profile = "Staging" };

    public Task<ApiAnswer> SendAsync(Invoice invoice) => PostAsync(invoice, parameters: null);

    /// <summary>Sends an invoice to Staging, whichever profile is active: to the API there, with the id, the secret and the token of there.</summary>
    public Task<ApiAnswer> RehearseAsync(Invoice invoice) => PostAsync(invoice, Staging);

    private async Task<ApiAnswer> PostAsync(Invoice invoice, TokenParameters? parameters)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "invoices") { Content = JsonContent.Create(invoice) };
        if (parameters is not null)
        {
            request.UseClientCredentials(parameters);
        }

        using HttpResponseMessage response = await http.SendAsync(request);
        return await ApiAnswer.ReadAsync(response);
    }
}

internal sealed record Invoice(string Customer, decimal Amount);
