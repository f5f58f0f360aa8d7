namespace ClientCredentials.Http;

/// <summary>Whether a chain of handlers follows redirects by itself. .NET then takes the Authorization header off, and no other.</summary>
internal static class Redirects
{
    public static bool AreFollowed(HttpMessageHandler? handler) => handler switch
    {
        DelegatingHandler outer => AreFollowed(outer.InnerHandler),
        SocketsHttpHandler sockets => sockets.AllowAutoRedirect,
        HttpClientHandler classic => classic.AllowAutoRedirect,
        _ => false,
    };

    /// <param name="handler">A handler that has not sent anything yet.</param>
    public static void SwitchOff(HttpMessageHandler handler)
    {
        switch (handler)
        {
            case SocketsHttpHandler sockets:
                sockets.AllowAutoRedirect = false;
                break;
            case HttpClientHandler classic:
                classic.AllowAutoRedirect = false;
                break;
        }
    }
}
