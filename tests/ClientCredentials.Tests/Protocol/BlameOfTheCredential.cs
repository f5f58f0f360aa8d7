using System.Net;

namespace ClientCredentials.Tests.Protocol;

/// <summary>Which refusals another secret may mend.</summary>
public sealed class BlameOfTheCredential
{
    [Theory]
    [InlineData("""{"error":"invalid_client"}""", 400)]
    [InlineData("""{"error":"invalid_client_id"}""", 400)]
    [InlineData("""{"error":"invalid_client"}""", 401)]
    [InlineData("""{"error":"unauthorized_client"}""", 401)]
    [InlineData("""{"error":"unauthorized","error_description":"Bad credentials"}""", 401)]
    [InlineData("""{"error":"access_denied","error_description":"Unauthorized"}""", 401)]
    [InlineData("""{"error":"server_error","error_description":"access_denied"}""", 401)]
    [InlineData("", 401)]
    public void A_401_is_about_who_the_client_is_and_so_is_a_client_that_is_invalid(string body, int status)
    {
        Assert.True(Reading.Failure(body, (HttpStatusCode)status).BlamesCredential);
    }

    [Theory]
    [InlineData("""{"error":"unauthorized_client"}""", 400)]
    [InlineData("""{"error":"invalid_scope"}""", 400)]
    [InlineData("""{"error":"invalid_scope"}""", 401)]
    [InlineData("""{"error":"use_dpop_nonce"}""", 401)]
    [InlineData("""{"error":"invalid_dpop_proof"}""", 401)]
    [InlineData("""{"error":"server_error"}""", 500)]
    [InlineData("", 403)]
    [InlineData("", 503)]
    public void Other_refusals_are_not(string body, int status)
    {
        Assert.False(Reading.Failure(body, (HttpStatusCode)status).BlamesCredential);
    }
}
