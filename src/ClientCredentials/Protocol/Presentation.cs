namespace ClientCredentials.Protocol;

/// <summary>Says on a request which certificate its connection must present.</summary>
/// <param name="certificate">The certificate.</param>
/// <param name="client">The client whose it is.</param>
/// <param name="profile">The client's profile.</param>
internal sealed class Presentation(ClientCertificate certificate, string client, string? profile)
{
    private static readonly HttpRequestOptionsKey<Presentation> Key = new("ClientCredentials.Certificate");

    // An empty lookup would allocate the options of every request: no one looks before there is a certificate.
    private static volatile bool _isUsed;

    public ClientCertificate Certificate => certificate;

    /// <summary>Whether a handler took the certificate to its connection.</summary>
    public bool IsTaken { get; private set; }

    public static Presentation? Of(HttpRequestMessage request) =>
        _isUsed && request.Options.TryGetValue(Key, out Presentation? presentation) ? presentation : null;

    public static void TakeOff(HttpRequestMessage request) => ((IDictionary<string, object?>)request.Options).Remove(Key.Key);

    public void PutOn(HttpRequestMessage request)
    {
        _isUsed = true;
        request.Options.Set(Key, this);
    }

    public void Take() => IsTaken = true;

    /// <summary>What to say where the certificate cannot be presented.</summary>
    public ClientCredentialsException Impossible(string problem) =>
        new(client, FailureReason.NotConfigured, Clients.ClientSettings.Sentence(client, profile, $"the certificate {certificate.Name} cannot be presented: {problem}")) { Profile = profile };
}
