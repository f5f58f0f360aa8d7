using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary>A key for proofs, given by <c>UseDpopKey</c>.</summary>
internal sealed record DpopKeyRegistration(string Client, string? Profile, SigningKey Key) : CredentialRegistration(Client, Profile, DpopRules.Method);

/// <summary>Gives each client and profile the key that its tokens are bound to: that of its settings or code, or one that is made for it and never leaves memory.</summary>
internal sealed class DpopKeys(IEnumerable<CredentialRegistration> registrations, Keys keys)
{
    private const string AlgorithmSetting = "Dpop:Algorithm";
    private const string UsualAlgorithm = "ES256";
    private const int RsaBits = 2048;

    // As long as there are settings of the client: a tenant that is no longer held takes its key along.
    private readonly ConditionalWeakTable<object, Slot> _slots = [];

    /// <summary>The key that new tokens of a client are bound to.</summary>
    public (DpopKey? Key, Failure? Failure) Get(Settings settings)
    {
        Slot slot = _slots.GetValue(settings.Line, static _ => new Slot());
        // Two flights at a time must not make two keys.
        lock (slot)
        {
            (Signer? given, Failure? failure) = Given(settings);
            if (failure is not null)
            {
                return (null, failure);
            }

            JwsAlgorithm made = JwsAlgorithm.Find(settings.Options.Dpop.Algorithm) ?? JwsAlgorithm.Find(UsualAlgorithm)!;
            if (slot.Key is not { } key || !(given is null ? slot.IsMade && key.Signer.Algorithm == made : key.Signer.Key == given.Key && key.Signer.Algorithm == given.Algorithm))
            {
                (DpopKey? other, string? problem) = DpopKey.Of(given ?? new Signer("the key made for DPoP", Made(made), made));
                if (other is null)
                {
                    return (null, new Failure(FailureReason.NotConfigured, problem!));
                }

                (slot.Key, slot.IsMade) = (other, given is null);
            }

            return (slot.Key, null);
        }
    }

    /// <summary>What is wrong with keys that the settings or the code hold themselves.</summary>
    public IEnumerable<string> Problems(string client, string? profile, bool isActive, ClientCredentialsOptions options)
    {
        if (!options.Dpop.Enabled)
        {
            return [];
        }

        if (options.Dpop.Algorithm is { Length: > 0 } asked && JwsAlgorithm.Find(asked) is not { Kind: KeyKind.Rsa or KeyKind.Ec })
        {
            return [$"{AlgorithmSetting} is '{asked}'; it is one of {JwsAlgorithm.Names(KeyKind.Rsa, KeyKind.Ec)}."];
        }

        (Signer? signer, string? problem) = Registered(client, profile, isActive) is { } registered
            ? Of(DpopRules.Method, registered.Key, options)
            : KeySource.Of(options.Dpop.Key, KeySource.Dpop) is { IsText: true } source ? OfText(source, options) : default;
        problem ??= signer is null ? null : DpopKey.Of(signer).Problem ?? Keys.Tried(signer);
        return problem is null ? [] : [problem];
    }

    /// <summary>What is wrong with a client's files and stores, at start; or null.</summary>
    public string? ProblemAtStart(Settings settings)
    {
        if (!settings.Options.Dpop.Enabled || KeySource.Of(settings.Options.Dpop.Key) is null)
        {
            return null;
        }

        (DpopKey? key, Failure? failure) = Get(settings);
        return key is null ? failure!.Problem : Keys.Tried(key.Signer);
    }

    /// <summary>The key of code or settings; neither key nor failure where one is to be made.</summary>
    private (Signer? Signer, Failure? Failure) Given(Settings settings)
    {
        if (Registered(settings.Client, settings.Profile, settings.IsActive) is { } registered)
        {
            return Answer(Of(DpopRules.Method, registered.Key, settings.Options), isTransient: false);
        }

        if (KeySource.Of(settings.Options.Dpop.Key, KeySource.Dpop) is not { } source)
        {
            return default;
        }

        (SigningKey? key, string? problem) = keys.Load(source, settings);
        return Answer(key is null ? (null, $"{source.Name} {problem}.") : Of(source.Name, key, settings.Options), isTransient: !source.IsText);
    }

    private DpopKeyRegistration? Registered(string client, string? profile, bool isActive) =>
        registrations.OfType<DpopKeyRegistration>().LastOrDefault(registration => registration.Serves(client, profile, isActive));

    private static (Signer? Signer, string? Problem) OfText(KeySource source, ClientCredentialsOptions options)
    {
        (SigningKey? key, string? problem) = source.Read([]);
        return key is null ? (null, $"{source.Name} {problem}.") : Of(source.Name, key, options);
    }

    private static (Signer? Signer, string? Problem) Of(string name, SigningKey key, ClientCredentialsOptions options) =>
        Signer.Of(name, key, options, AlgorithmSetting);

    private static (Signer? Signer, Failure? Failure) Answer((Signer? Signer, string? Problem) outcome, bool isTransient) =>
        outcome.Signer is { } signer ? (signer, null) : (null, new Failure(FailureReason.NotConfigured, outcome.Problem!) { IsTransient = isTransient });

    private static SigningKey Made(JwsAlgorithm algorithm) => SigningKey.Of(algorithm switch
    {
        { Kind: KeyKind.Rsa } => RSA.Create(RsaBits),
        { Bits: 256 } => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        { Bits: 384 } => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        _ => ECDsa.Create(ECCurve.NamedCurves.nistP521),
    })!;

    private sealed class Slot
    {
        public DpopKey? Key { get; set; }

        public bool IsMade { get; set; }
    }
}
