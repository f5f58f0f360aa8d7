using System.Net;
using ClientCredentials.Http;
using ClientCredentials.Testing;

namespace ClientCredentials.Tests.Authentication;

/// <summary>What a call costs whose token is bound to no key.</summary>
public class DpopHotPath
{
    private const int Calls = 1000;

    // The budget of a call with a token from memory that completes at once. Unoptimized, the state machine is an object of its own.
#if DEBUG
    private const double MostBytes = 168 + 32;
#else
    private const double MostBytes = 168;
#endif

    [Fact]
    public async Task A_call_with_a_Bearer_token_pays_nothing_for_DPoP()
    {
        using HttpResponseMessage answer = new(HttpStatusCode.OK);
        await using DpopApp app = await DpopApp.StartAsync(client => client.Dpop.Enabled = false, register: client => client.Dpop = ClientDpop.Accepted);
        Answering api = new(answer);
        using HttpMessageInvoker with = new(new ClientCredentialsHandler(app.Services, "api", "billing", null) { InnerHandler = api });
        using HttpMessageInvoker without = new(new Passing { InnerHandler = new Answering(answer) });
        await app.TokenAsync();

        double bytes = await BytesAsync(with, app.Server.ApiUrl) - await BytesAsync(without, app.Server.ApiUrl);

        Assert.InRange(bytes, 0, MostBytes);
        Assert.Equal(["Authorization"], api.Headers);
    }

    private static async Task<double> BytesAsync(HttpMessageInvoker http, Uri url)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        for (int call = 0; call < Calls; call++)
        {
            await http.SendAsync(request, CancellationToken.None);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int call = 0; call < Calls; call++)
        {
            await http.SendAsync(request, CancellationToken.None);
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Calls;
    }

    private sealed class Passing : DelegatingHandler;

    private sealed class Answering(HttpResponseMessage answer) : HttpMessageHandler
    {
        private readonly Task<HttpResponseMessage> _answer = Task.FromResult(answer);

        public IReadOnlyList<string>? Headers { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Headers ??= [.. request.Headers.NonValidated.Select(header => header.Key)];
            return _answer;
        }
    }
}
