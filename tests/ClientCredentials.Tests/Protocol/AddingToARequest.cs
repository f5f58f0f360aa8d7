using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tests.Protocol;

public sealed class AddingToARequest
{
    [Fact]
    public void Nothing_is_no_name_and_no_value()
    {
        var message = Message();

        Assert.Throws<ArgumentNullException>("name", () => message.AddFormField(null!, "x"));
        Assert.Throws<ArgumentException>("name", () => message.AddFormField("", "x"));
        Assert.Throws<ArgumentNullException>("value", () => message.AddFormField("x", null!));
        Assert.Throws<ArgumentNullException>("name", () => message.AddHeader(null!, "x"));
        Assert.Throws<ArgumentException>("name", () => message.AddHeader("", "x"));
        Assert.Throws<ArgumentNullException>("value", () => message.AddHeader("X-Proof", null!));
    }

    private static TokenRequestMessage Message()
    {
        var options = new ClientCredentialsOptions { TokenUrl = new Uri("https://login.example.com/t"), ClientId = OneClient.Id };
        return new(new TokenRequest(new Settings("billing", profile: null, isActive: true, options), asked: null), "billing", null, OneClient.Id, Reading.SentAt);
    }
}
