using ClientCredentials.Tests.Clients;
using Microsoft.Extensions.DependencyInjection;

namespace ClientCredentials.Tests.Http;

public class TokensStayInTheirProfile : TwoEnvironments
{
    [Theory]
    [InlineData("")]
    [InlineData("\"AllowedOrigins\": [ \"*\" ],")]
    [InlineData("\"AllowedOrigins\": [ \"{test}\" ],")]
    public async Task A_token_of_the_active_profile_never_goes_to_the_api_of_another(string allowed)
    {
        await using SettingsApp app = App(client: allowed.Replace("{test}", Test.BaseUrl.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));

        ClientCredentialsException failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Http("api").GetAsync(new Uri(Test.ApiUrl, "a")));

        Assert.Equal(FailureReason.OriginNotAllowed, failure.Reason);
        Assert.Equal(
            $"Client 'billing', profile 'Live': the request to {Origin} was not sent: it is the API of profile 'Test', and the token is one of profile 'Live'. Ask for that profile, or correct ApiUrl.",
            failure.Message);
        Assert.Equal((0, 0), (Test.Api.Count, Live.TokenEndpoint.Count));
    }

    [Fact]
    public async Task Not_even_where_the_http_client_s_own_address_is_there()
    {
        await using SettingsApp app = App(http: http => http.ConfigureHttpClient(client => client.BaseAddress = Test.ApiUrl));

        ClientCredentialsException failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Http("api").GetAsync("a"));

        Assert.Contains("it is the API of profile 'Test'", failure.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (Test.Api.Count, Live.TokenEndpoint.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_asked_for_by_one_request_never_goes_to_the_active_api(bool isNamed)
    {
        // Without an API of its own the other profile has nowhere to move the request to.
        await using SettingsApp app = new(
            $$"""
            { "Clients": { "billing": { "Profile": "Live", "AllowedOrigins": [ "{{Live.BaseUrl.GetLeftPart(UriPartial.Authority)}}" ], "Profiles": {
                "Live": { "TokenUrl": "{{Live.TokenUrl}}", "ClientId": "billing-live", "ClientSecret": "l1ve", "ApiUrl": "{{Live.ApiUrl}}" },
                "Test": { "TokenUrl": "{{Test.TokenUrl}}", "ClientId": "billing-test", "ClientSecret": "t3st" } } } } }
            """,
            clients => clients.Services.AddHttpClient("api").AddClientCredentialsHandler("billing"),
            server: Live);
        HttpRequestMessage request = Get("a");
        _ = isNamed ? request.UseClientCredentials("billing", InTest) : request.UseClientCredentials(InTest);

        ClientCredentialsException failure = await Assert.ThrowsAsync<ClientCredentialsException>(() => app.Http("api").SendAsync(request));

        Assert.Contains("it is the API of profile 'Live', and the token is one of profile 'Test'", failure.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (Live.Api.Count, Test.TokenEndpoint.Count));
    }

    private string Origin => Test.BaseUrl.GetLeftPart(UriPartial.Authority);
}
