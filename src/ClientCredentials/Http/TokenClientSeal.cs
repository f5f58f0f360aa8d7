using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Logging;

namespace ClientCredentials.Http;

/// <summary>Marks what belongs on a token client, so that what filters of the app put on all HttpClients after that comes off again.</summary>
/// <remarks>A filter cannot be kept away from an HttpClient; but the one that is registered first has the last word on it.</remarks>
internal sealed class TokenClientSeal : DelegatingHandler
{
    private readonly HttpMessageHandler _primary;
    private readonly DelegatingHandler[] _own;

    private TokenClientSeal(HttpMessageHandlerBuilder builder) => (_primary, _own) = (builder.PrimaryHandler, [.. builder.AdditionalHandlers]);

    public static void Put(HttpMessageHandlerBuilder builder) => builder.AdditionalHandlers.Add(new TokenClientSeal(builder));

    private void Restore(HttpMessageHandlerBuilder builder)
    {
        DelegatingHandler[] all = [.. builder.AdditionalHandlers];
        builder.AdditionalHandlers.Clear();
        foreach (DelegatingHandler handler in all.Where(handler => _own.Contains(handler) || IsLoggerOfFactory(handler)))
        {
            builder.AdditionalHandlers.Add(handler);
        }

        builder.PrimaryHandler = _primary;
        // The usual log of the factory is itself a filter's work, and a filter of the app may have made another like it: it is made anew, where the token client has it at all.
        foreach (IHttpMessageHandlerBuilderFilter usual in builder.Services.GetServices<IHttpMessageHandlerBuilderFilter>().Where(IsOfFactory))
        {
            usual.Configure(static _ => { })(builder);
        }
    }

    // What AddLogger adds: a class that nobody else can make. Those meant for all HttpClients are off already.
    private static bool IsLoggerOfFactory(DelegatingHandler handler) =>
        IsOfFactory(handler) && handler is not (LoggingHttpMessageHandler or LoggingScopeHttpMessageHandler);

    private static bool IsOfFactory(object one) => one.GetType().Assembly == typeof(HttpMessageHandlerBuilder).Assembly;

    /// <summary>Stands outside of all other filters.</summary>
    internal sealed class Filter : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            builder.AdditionalHandlers.OfType<TokenClientSeal>().FirstOrDefault()?.Restore(builder);
        };
    }
}
