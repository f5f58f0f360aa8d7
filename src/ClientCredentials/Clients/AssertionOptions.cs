namespace ClientCredentials;

/// <summary>The JWT by which a client proves who it is (RFC 7523 §3): what it says, or, for a federated one, where it comes from.</summary>
public sealed class AssertionOptions
{
    /// <summary>
    /// The signature algorithm (RFC 7518 §3.1): RS, PS or ES with 256, 384 or 512 for <c>private_key_jwt</c>, HS for <c>client_secret_jwt</c>.
    /// Defaults to the JWK's <c>alg</c>, else to PS256 for an RSA key, to the one algorithm of an EC key's curve, and to HS256 for a secret.
    /// </summary>
    public string? Algorithm { get; set; }

    /// <summary>The audience, sent exactly so and alone. Defaults to <see cref="ClientCredentialsOptions.Issuer"/>, else to the token URL.</summary>
    public string? Audience { get; set; }

    /// <summary>How long an assertion is good, from its <c>iat</c> on. 10 seconds to 1 hour, and longer than <see cref="BackdateIssuedAt"/>. Defaults to 60 seconds.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How far <c>iat</c> lies in the past, for servers whose clock is behind. 0 to 5 minutes. Defaults to 5 seconds.</summary>
    public TimeSpan BackdateIssuedAt { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether <c>nbf</c> is sent, with the value of <c>iat</c>. Defaults to false.</summary>
    public bool IncludeNotBefore { get; set; }

    /// <summary>The header's <c>typ</c>. Defaults to <c>JWT</c>.</summary>
    public string Type { get; set; } = "JWT";

    /// <summary>The path of a file with a ready-made assertion (<see cref="AuthenticationMethod.FederatedAssertion"/>), read once per token fetch; a relative one is below the host's content root. Defaults to none.</summary>
    public string? File { get; set; }
}
