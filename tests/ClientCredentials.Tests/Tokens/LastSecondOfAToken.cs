using System.Net;

namespace ClientCredentials.Tests.Tokens;

public sealed class LastSecondOfAToken : OneClient
{
    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 1)]
    [InlineData(4, 3)]
    [InlineData(60, 59)]
    [InlineData(60, 70)]
    public async Task A_refusal_in_it_is_the_end_that_was_to_come_and_brakes_nothing(int lifetime, double age)
    {
        Lives(lifetime, times: 3);
        List<bool> isWorthwhile = [];

        for (int token = 1; token <= 2; token++)
        {
            AccessToken refused = await AskAsync();
            Advance(age);
            isWorthwhile.Add(Source.Reject(refused));
            await LandedAsync();
        }

        // The server counts whole seconds: it may have ended the token up to one before we do.
        AccessToken last = await AskAsync();
        isWorthwhile.Add(Source.Reject(last));
        Assert.Equal([true, true, true], isWorthwhile);
        Assert.Empty(Log.Of(21));
    }

    [Theory]
    [InlineData(1, 0.4)]
    [InlineData(2, 0.9)]
    [InlineData(4, 2.9)]
    [InlineData(60, 58.9)]
    public async Task A_refusal_before_it_counts(int lifetime, double age)
    {
        Lives(lifetime, times: 3);
        AccessToken first = await AskAsync();
        Source.Reject(first);
        AccessToken second = await AskAsync();
        await LandedAsync();

        // Within the pause of the first.
        Advance(Math.Min(age, 9));
        bool isWorthwhile = Source.Reject(second);

        Assert.False(isWorthwhile);
        Assert.Single(Log.Of(21));
    }

    [Fact]
    public async Task An_api_that_refuses_every_token_of_a_second_costs_two_tokens_a_second_at_most()
    {
        Lives(1, times: 1000);
        Server.Api.Fail(HttpStatusCode.Unauthorized, times: 10_000);
        HttpClient api = ((IHttpClientFactory)App.GetService(typeof(IHttpClientFactory))!).CreateClient("invoices");

        for (int call = 0; call < 500; call++)
        {
            await api.GetAsync("x");
            Advance(0.01);
        }

        Assert.InRange(Endpoint.Count, 5, 13);
    }

    private void Lives(int seconds, int times)
    {
        for (int token = 1; token <= times; token++)
        {
            Endpoint.Answer(HttpStatusCode.OK, Token($"token-{token}", seconds));
        }
    }
}
