namespace ClientCredentials.Tokens;

/// <summary>Tells the package's own implementation from one that the app put in its place: a handler goes straight to the source, past the public interface.</summary>
internal interface IOwnSources
{
    TokenSources Sources { get; }
}
