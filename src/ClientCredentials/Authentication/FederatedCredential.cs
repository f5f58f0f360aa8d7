using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary><c>federated_assertion</c>: an assertion that another issuer made (RFC 7523 §2.2), of a file or of code of the app.</summary>
internal sealed class FederatedCredential(string clientId, Func<CancellationToken, ValueTask<(string? Assertion, Failure? Failure)>> read) : Credential
{
    public override async ValueTask<Failure?> AddToAsync(TokenRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        (string? assertion, Failure? failure) = await read(cancellationToken).ConfigureAwait(false);
        if (assertion is not null)
        {
            request.AddAssertion(clientId, assertion);
        }

        return failure;
    }

    /// <summary>Asks code of the app, for every request anew.</summary>
    public static FederatedCredential Of(string clientId, Func<CancellationToken, ValueTask<string?>> read)
    {
        return new(clientId, AskAsync);

        async ValueTask<(string? Assertion, Failure? Failure)> AskAsync(CancellationToken cancellationToken)
        {
            const string name = "the function given to UseAssertion";
            try
            {
                return Checked(name, await read(cancellationToken).ConfigureAwait(false));
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                return (null, Failed(name, exception));
            }
        }
    }

    /// <summary>The assertion without the line break at its end, or why it cannot be one.</summary>
    public static (string? Assertion, Failure? Failure) Checked(string name, string? text)
    {
        string assertion = text?.Trim() ?? "";
        bool isOdd = assertion.Length == 0 || assertion.Any(character => character is <= ' ' or > '~');
        return isOdd
            ? (null, new Failure(FailureReason.NotConfigured, $"{name} gave no assertion: a JWT is one word of letters, digits, '-', '_' and '.'.") { IsTransient = true })
            : (assertion, null);
    }
}
