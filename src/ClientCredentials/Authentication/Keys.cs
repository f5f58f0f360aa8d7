using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using Microsoft.Extensions.Hosting;

namespace ClientCredentials.Authentication;

/// <summary>Gives each client its key, and says in plain words what is wrong with one. A file is read again when it changed.</summary>
internal sealed class Keys(IEnumerable<CredentialRegistration> registrations, IHostEnvironment? host = null)
{
    private static readonly byte[] ToTry = "test"u8.ToArray();

    // As long as there are settings of the client: a tenant that is no longer held takes its keys along.
    private readonly ConditionalWeakTable<object, ConcurrentDictionary<string, Loaded>> _loaded = [];

    /// <summary>The key that a client signs with now, and its algorithm.</summary>
    public (Signer? Signer, Failure? Failure) Get(Settings settings)
    {
        ClientCredentialsOptions options = settings.Options;
        if (Registered(settings.Client, settings.Profile, settings.IsActive) is { } registered)
        {
            return Answer(Signer.Of(registered.Method, registered.Key, options));
        }

        if (KeySource.Of(options.Key) is not { } source)
        {
            return (null, new Failure(FailureReason.NotConfigured, settings.IsActive || settings.Profile is null
                ? "there is no private key."
                : "there is no private key: what the client itself has serves its active profile only. Give this profile a key of its own."));
        }

        (SigningKey? key, string? problem) = Load(source, settings);
        if (key is null)
        {
            // A file may be half written, or a mount be late: the next look may find it whole.
            return (null, new Failure(FailureReason.NotConfigured, $"{source.Name} {problem}.") { IsTransient = !source.IsText });
        }

        return Answer(Signer.Of(source.Name, key, options), isTransient: source.IsFile);
    }

    /// <summary>What is wrong with keys and secrets that the settings or the code hold themselves. Files and stores are another matter: they change without the settings.</summary>
    public IEnumerable<string> Problems(string client, string? profile, bool isActive, ClientCredentialsOptions options)
    {
        AuthenticationMethod method = options.AuthenticationMethod;
        if (AlgorithmProblem(method, options.Assertion.Algorithm) is { } wrong)
        {
            return [wrong];
        }

        string? problem = method switch
        {
            AuthenticationMethod.ClientSecretJwt when options.ClientSecret is { Length: > 0 } secret =>
                Signer.Of("ClientSecret", new SecretSigningKey(secret), options).Problem,
            AuthenticationMethod.PrivateKeyJwt when Registered(client, profile, isActive) is { } registered => Problem(registered, options),
            AuthenticationMethod.PrivateKeyJwt when KeySource.Of(options.Key) is { IsText: true } source => Problem(source, options),
            _ => null,
        };
        return problem is null ? [] : [problem];
    }

    /// <summary>What is wrong with a client's files and stores, at start; or null.</summary>
    public string? ProblemAtStart(Settings settings) => settings.Options.AuthenticationMethod switch
    {
        AuthenticationMethod.PrivateKeyJwt => KeyProblem(settings),
        AuthenticationMethod.FederatedAssertion when settings.Options.Assertion.File is { Length: > 0 } file => AssertionFile(file).Failure?.Problem,
        _ => null,
    };

    /// <summary>The assertion that a file holds now.</summary>
    public (string? Assertion, Failure? Failure) AssertionFile(string path)
    {
        string name = WatchedFile.Named("Assertion:File", path);
        (_, byte[]? bytes, string? problem) = WatchedFile.Read(FullPath(path));
        return bytes is null
            ? (null, new Failure(FailureReason.NotConfigured, $"{name} {problem}.") { IsTransient = true })
            : FederatedCredential.Checked(name, WatchedFile.Text(bytes));
    }

    /// <summary>The key that is there now, read again where its file changed.</summary>
    /// <returns>The key, or what is wrong with it, as the rest of a sentence.</returns>
    public (SigningKey? Key, string? Problem) Load(KeySource source, Settings settings)
    {
        ConcurrentDictionary<string, Loaded> all = _loaded.GetValue(settings.Line, static _ => new(StringComparer.Ordinal));
        Loaded? known = all.TryGetValue(source.Group, out Loaded? loaded) && loaded.Source == source ? loaded : null;
        if (known is not null && !source.IsFile)
        {
            return (known.Key, null);
        }

        FileStamp stamp = default;
        byte[]? bytes = [];
        if (source.IsFile)
        {
            (stamp, bytes, string? unreadable) = WatchedFile.Read(FullPath(source.Value), known?.Stamp);
            if (bytes is null)
            {
                return unreadable is null ? (known!.Key, null) : (null, unreadable);
            }
        }

        (SigningKey? key, string? problem) = source.Read(bytes);
        if (key is not null)
        {
            // The key before is not disposed: a request in the air may be signing with it.
            all[source.Group] = new Loaded(source, stamp, key);
        }

        return (key, problem);
    }

    private KeyRegistration? Registered(string client, string? profile, bool isActive) =>
        registrations.OfType<KeyRegistration>().LastOrDefault(registration => registration.Serves(client, profile, isActive));

    private string FullPath(string path) => Path.GetFullPath(path, host?.ContentRootPath is { Length: > 0 } root ? Path.GetFullPath(root) : Directory.GetCurrentDirectory());

    private static (Signer? Signer, Failure? Failure) Answer((Signer? Signer, string? Problem) outcome, bool isTransient = false) =>
        outcome.Signer is { } signer ? (signer, null) : (null, new Failure(FailureReason.NotConfigured, outcome.Problem!) { IsTransient = isTransient });

    private string? KeyProblem(Settings settings)
    {
        (Signer? signer, Failure? failure) = Get(settings);
        return signer is null ? failure!.Problem : Tried(signer);
    }

    private static string? Problem(KeySource source, ClientCredentialsOptions options)
    {
        (SigningKey? key, string? problem) = source.Read([]);
        return key is null ? $"{source.Name} {problem}." : Signer.Of(source.Name, key, options).Problem;
    }

    private static string? Problem(KeyRegistration registered, ClientCredentialsOptions options)
    {
        (Signer? signer, string? problem) = Signer.Of(registered.Method, registered.Key, options);
        return signer is null ? problem : Tried(signer);
    }

    // Only by signing does a key tell whether its private half is there. Code of the app is not called just to see.
    public static string? Tried(Signer signer)
    {
        if (signer.Key.MayRecover)
        {
            return null;
        }

        ValueTask<(string? Jws, Failure? Failure)> tried = signer.SignAsync(ToTry, ToTry, CancellationToken.None);
        return tried.IsCompletedSuccessfully ? tried.Result.Failure?.Message : null;
    }

    private static string? AlgorithmProblem(AuthenticationMethod method, string? asked)
    {
        KeyKind[] kinds = method switch
        {
            AuthenticationMethod.ClientSecretJwt => [KeyKind.Secret],
            AuthenticationMethod.PrivateKeyJwt => [KeyKind.Rsa, KeyKind.Ec],
            _ => [KeyKind.Secret, KeyKind.Rsa, KeyKind.Ec],
        };
        if (string.IsNullOrEmpty(asked) || (JwsAlgorithm.Find(asked) is { } known && kinds.Contains(known.Kind)))
        {
            return null;
        }

        return $"Assertion:Algorithm is '{asked}'; with {AuthenticationWords.Of(method)} it is one of {JwsAlgorithm.Names(kinds)}.";
    }

    private sealed record Loaded(KeySource Source, FileStamp Stamp, SigningKey Key);
}
