namespace ClientCredentials.Testing.Server;

/// <summary>Makes TestHost look like a socket: the target arrives as it was sent, and a server that goes away is an HTTP error.</summary>
internal sealed class InMemoryHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>TestHost hands over only the decoded path; this header brings the target along and is gone before anybody looks.</summary>
    public const string TargetHeader = "X-Test-Target";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation(TargetHeader, request.RequestUri!.PathAndQuery);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The server ended the connection without an answer.", e);
        }
        finally
        {
            request.Headers.Remove(TargetHeader);
        }
    }
}
