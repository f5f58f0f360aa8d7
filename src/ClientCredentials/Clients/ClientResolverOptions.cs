namespace ClientCredentials;

/// <summary>How clients that are not configured, but found by code, are kept and what they may do.</summary>
public sealed class ClientResolverOptions
{
    /// <summary>
    /// The origins at which such clients may have their token endpoints, beside those of <c>ClientCredentials:AllowedTokenHosts</c>: <c>https://host</c>,
    /// <c>https://*.example.com</c>, or <c>*</c> for every https origin. With none, no such client gets a token: a row in a database must not be able to
    /// turn the app against its own network. Defaults to none.
    /// </summary>
    public IList<string> AllowedTokenHosts { get; } = [];

    /// <summary>How long what was found is used before it is looked up again, behind the scenes. 1 second to 1 day. Defaults to 5 minutes.</summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a name is taken for unknown after a look-up that found nothing, or settings that break the rules; <c>Forget</c> ends it at once. 0, for a look-up
    /// by each call, to 1 hour. Defaults to 5 seconds.
    /// </summary>
    public TimeSpan KeepMissingFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a look-up may take. 0.1 seconds to 10 minutes. Defaults to 10 seconds.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many such clients are held at most; those used least are dropped, and looked up again when they are wanted. 1 to 1,000,000. Defaults to 10,000.</summary>
    public int Limit { get; set; } = 10_000;

    /// <summary>
    /// Whether what is found may name what belongs to this host or app: files (<c>Key:PemFile</c>, <c>Assertion:File</c> and the like), certificates of the
    /// host's store (<c>Key:StoreThumbprint</c>), and secrets of the app's store (<c>ClientSecretName</c>). Only where whoever writes those settings is trusted as
    /// whoever writes the configuration is: a tenant that writes its own row could use the keys and secrets of others. Defaults to false.
    /// </summary>
    public bool AllowHostCredentials { get; set; }
}
