using System.Net.Http.Headers;
using ClientCredentials.Clients;

namespace ClientCredentials.Protocol;

/// <summary>The form and headers of one POST to the token endpoint (RFC 6749 §4.4.2). Each attempt builds a new one.</summary>
internal sealed class TokenRequest
{
    private const string FormMediaType = "application/x-www-form-urlencoded";

    private readonly List<KeyValuePair<string, string>> _credentials = [];
    private readonly List<KeyValuePair<string, string>> _parameters = [];
    private readonly List<KeyValuePair<string, string>> _headers = [];
    private readonly List<string> _secrets = [];
    private readonly Uri _url;
    private readonly string _grantType;

    public TokenRequest(Settings settings, TokenParameters? asked, Uri? url = null)
    {
        ClientCredentialsOptions options = settings.Options;
        _url = url ?? settings.TokenUrl ?? throw new InvalidOperationException("Valid settings have a token URL.");
        _grantType = options.TokenRequest.GrantType;
        Scopes = asked?.Scopes ?? settings.RequestScopes;
        Add("scope", string.Join(' ', Scopes));
        Add("audience", asked?.Audience ?? options.Audience ?? "");
        foreach (string resource in asked?.Resources ?? [.. options.Resources])
        {
            Add("resource", resource);
        }

        Add("authorization_details", asked?.AuthorizationDetails ?? AuthorizationDetails.Canonical(options.AuthorizationDetails ?? ""));
        AddForm(options.TokenRequest.Form, asked?.Form ?? TokenParameters.NoForm);
        foreach ((string name, string value) in options.TokenRequest.Headers)
        {
            AddHeader(name, value);
            ConcealIfLong(value);
        }
    }

    public Uri Url => _url;

    public IReadOnlyList<string> Scopes { get; }

    /// <summary>The key that the token is asked to be bound to; null where it is not.</summary>
    public TokenBinding? Binding { get; private set; }

    /// <summary>The nonce in the proof of having that key.</summary>
    public string? Nonce { get; private set; }

    /// <summary>What must not be seen in anything the server says back.</summary>
    public IReadOnlyList<string> Secrets => _secrets;

    public void AddCredential(string name, string value) => _credentials.Add(new(name, value));

    public void AddHeader(string name, string value) => _headers.Add(new(name, value));

    /// <summary>Adds a client's assertion (RFC 7521 §4.2), which nobody else may see while it is good.</summary>
    public void AddAssertion(string clientId, string assertion)
    {
        Conceal(assertion);
        // The id is optional beside an assertion, but there are servers that look for it, and none that mind.
        AddCredential("client_id", clientId);
        AddCredential("client_assertion_type", ClientAssertion.JwtBearer);
        AddCredential("client_assertion", assertion);
    }

    /// <summary>Adds a proof of having a key, to which the token will be bound (RFC 9449 §5).</summary>
    public void AddProof(string proof, string? nonce, TokenBinding binding)
    {
        Conceal(proof);
        AddHeader(DpopProof.HeaderName, proof);
        (Binding, Nonce) = (binding, nonce);
    }

    public bool HasFormField(string name) => _credentials.Concat(_parameters).Any(field => field.Key == name);

    public bool HasHeader(string name) => _headers.Any(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Names a text that is secret, in the forms in which it may come back.</summary>
    public void Conceal(string secret) => _secrets.AddRange([secret, FormEncoding.Encode(secret), Uri.EscapeDataString(secret)]);

    public HttpRequestMessage ToMessage()
    {
        ByteArrayContent content = new(FormEncoding.Body([new("grant_type", _grantType), .. _credentials, .. _parameters]));
        content.Headers.ContentType = new MediaTypeHeaderValue(FormMediaType);
        HttpRequestMessage message = new(HttpMethod.Post, _url) { Content = content };
        foreach ((string name, string value) in _headers)
        {
            // .NET keeps a few, such as Content-Language, with the body and nowhere else.
            _ = message.Headers.TryAddWithoutValidation(name, value) || content.Headers.TryAddWithoutValidation(name, value);
        }

        if (!message.Headers.NonValidated.Contains("Accept"))
        {
            message.Headers.TryAddWithoutValidation("Accept", "application/json");
        }

        return message;
    }

    private void AddForm(IDictionary<string, string> configured, IReadOnlyDictionary<string, string> asked)
    {
        foreach ((string name, string value) in configured.Where(pair => !asked.ContainsKey(pair.Key)).Concat(asked))
        {
            Add(name, value);
            ConcealIfLong(value);
        }
    }

    // A password, account or key among parameters and headers is nobody's business either; a short word is no secret.
    private void ConcealIfLong(string value)
    {
        if (value.Length >= 8)
        {
            Conceal(value);
        }
    }

    private void Add(string name, string value) => _parameters.Add(new(name, value));
}
