using System.Security.Cryptography;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;

namespace ClientCredentials.Authentication;

/// <summary>A key and the algorithm it is used with: known to fit each other.</summary>
/// <param name="Name">The key, as a sentence names it.</param>
/// <param name="Key">The key.</param>
/// <param name="Algorithm">The algorithm.</param>
internal sealed record Signer(string Name, SigningKey Key, JwsAlgorithm Algorithm)
{
    private const string AssertionSetting = "Assertion:Algorithm";

    /// <summary>Puts a key and the settings' algorithm together.</summary>
    /// <param name="name">The key, as a sentence names it.</param>
    /// <param name="key">The key.</param>
    /// <param name="options">The settings.</param>
    /// <param name="setting">The setting that asks for an algorithm.</param>
    /// <returns>Both, or why they do not go together.</returns>
    public static (Signer? Signer, string? Problem) Of(string name, SigningKey key, ClientCredentialsOptions options, string setting = AssertionSetting)
    {
        if (key.Weakness is { } weakness)
        {
            return (null, $"{name} {weakness}.");
        }

        string? asked = setting == AssertionSetting ? options.Assertion.Algorithm : options.Dpop.Algorithm;
        JwsAlgorithm? wanted = JwsAlgorithm.Find(asked);
        if (wanted is not null && key.Declared is { } declared && declared != wanted)
        {
            return (null, $"{name} is a JWK for {declared.Name}, and {setting} is {wanted.Name}.");
        }

        if ((wanted ?? key.Declared ?? key.Usual) is not { } algorithm)
        {
            return (null, $"{name} needs {setting}, to know what to sign with; it is one of {JwsAlgorithm.Names(KeyKind.Rsa, KeyKind.Ec)}.");
        }

        if (key.Misfit(algorithm) is { } misfit)
        {
            return (null, $"{name} {misfit}.");
        }

        return options.Fapi2 && !Fapi2Rules.Algorithms.Contains(algorithm.Name)
            ? (null, $"Fapi2 is set, but {name} would sign with {algorithm.Name}; it must be {string.Join(" or ", Fapi2Rules.Algorithms)} (FAPI 2.0 §5.4.1).")
            : (new Signer(name, key, algorithm), null);
    }

    /// <returns>The JWS in compact form, or why there is none.</returns>
    public async ValueTask<(string? Jws, Failure? Failure)> SignAsync(byte[] header, byte[] payload, CancellationToken cancellationToken)
    {
        byte[] input = Jws.Input(header, payload);
        try
        {
            byte[] signature = await Key.SignAsync(Algorithm, input, cancellationToken).ConfigureAwait(false);
            return Misshapen(signature) is { } problem
                ? (null, new Failure(FailureReason.NotConfigured, problem))
                : (Jws.Compact(input, signature), null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return (null, new Failure(FailureReason.NotConfigured, $"{Name} could not sign with {Algorithm.Name} ({exception.GetType().Name}).")
            {
                IsTransient = Key.MayRecover,
                Cause = exception,
                Hint = exception is CryptographicException && !Key.MayRecover ? "Is its private half there, and may this account use it?" : null,
            });
        }
    }

    private string? Misshapen(byte[]? signature)
    {
        if (signature is null or [])
        {
            return $"{Name} gave no signature.";
        }

        return Algorithm.SignatureBytes is { } length && signature.Length != length
            ? $"{Name} gave a signature of {signature.Length} bytes, and one of {Algorithm.Name} has {length}: R and S one after the other (IEEE P1363), not DER (RFC 7518 §3.4)."
            : null;
    }
}
