namespace Worker;

/// <summary>The customers' API.</summary>
internal sealed class CustomerClient(HttpClient http)
{
    public async Task<ApiAnswer> FindAsync(string number)
    {
        using HttpResponseMessage response = await http.GetAsync($"customers/{number}");
        return await ApiAnswer.ReadAsync(response);
    }
}
