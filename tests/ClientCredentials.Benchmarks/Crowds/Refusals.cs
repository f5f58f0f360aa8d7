using System.Net;
using ClientCredentials.Benchmarks.Scene;

namespace ClientCredentials.Benchmarks.Crowds;

/// <summary>Many requests whose token the API refuses at the same moment.</summary>
internal static class Refusals
{
    /// <returns>How many tokens were asked for after the first.</returns>
    public static async Task<int> RunAsync(int callers)
    {
        TokenStub tokens = new();
        using App app = new(tokens);
        AccessToken first = await app.Credentials.GetTokenAsync(App.Client);
        using HttpMessageInvoker chain = app.Over(new Api(first.Reveal(), callers));
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => chain.SendAsync(App.NewRequest(), CancellationToken.None)));
        return answers.All(answer => answer.IsSuccessStatusCode) ? tokens.Requests - 1 : throw new InvalidOperationException("A call was refused for good.");
    }

    /// <summary>Refuses one token, when all callers have come with it.</summary>
    private sealed class Api(string refused, int callers) : HttpMessageHandler
    {
        private readonly TaskCompletionSource _allCame = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _came;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            bool isRefused = request.Headers.NonValidated["Authorization"].ToString().EndsWith(refused, StringComparison.Ordinal);
            if (isRefused)
            {
                if (Interlocked.Increment(ref _came) == callers)
                {
                    _allCame.SetResult();
                }

                await _allCame.Task.WaitAsync(cancellationToken);
            }

            return new HttpResponseMessage(isRefused ? HttpStatusCode.Unauthorized : HttpStatusCode.OK) { RequestMessage = request };
        }
    }
}
