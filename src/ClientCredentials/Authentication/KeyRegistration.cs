using ClientCredentials.Clients;

namespace ClientCredentials.Authentication;

/// <summary>A key, or code that signs, given by <c>UseKey</c> or <c>UseSigner</c>.</summary>
internal sealed record KeyRegistration(string Client, string? Profile, string Method, SigningKey Key) : CredentialRegistration(Client, Profile, Method);

/// <summary>Code that gives an assertion, made by another issuer.</summary>
internal sealed record AssertionRegistration(string Client, string? Profile, Func<CancellationToken, ValueTask<string?>> Read)
    : CredentialRegistration(Client, Profile, "UseAssertion");

/// <summary>Code that proves who the client is in a way of its own.</summary>
internal sealed record AuthenticationRegistration(string Client, string? Profile, Func<TokenRequestMessage, CancellationToken, ValueTask> Add)
    : CredentialRegistration(Client, Profile, "UseAuthentication");
