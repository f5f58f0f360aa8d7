using System.Security.Cryptography;
using ClientCredentials.Authentication;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tests.Authentication;

/// <summary>An app may give one key to two clients, or for assertions and proofs alike; the framework's keys are for one thread at a time.</summary>
public sealed class KeySharing
{
    [Fact]
    public async Task A_key_that_is_given_twice_signs_once_at_a_time()
    {
        using KeyThatMinds key = new();
        SigningKey[] both = [SigningKey.Of(key)!, SigningKey.Of(key)!];

        await Task.WhenAll(both.Select(one => Task.Run(() => one.SignAsync(JwsAlgorithm.Find("ES256")!, new byte[1], CancellationToken.None).AsTask())));

        Assert.Equal((2, false), (key.Signatures, key.WasShared));
    }

    private sealed class KeyThatMinds : ECDsa
    {
        private readonly Barrier _inside = new(2);
        private int _signatures;

        public KeyThatMinds() => KeySizeValue = 256;

        public int Signatures => _signatures;

        public bool WasShared { get; private set; }

        public override byte[] SignHash(byte[] hash) => Sign();

        public override bool VerifyHash(byte[] hash, byte[] signature) => throw new NotSupportedException();

        protected override byte[] SignDataCore(ReadOnlySpan<byte> data, HashAlgorithmName hashAlgorithm, DSASignatureFormat signatureFormat) => Sign();

        protected override void Dispose(bool disposing)
        {
            _inside.Dispose();
            base.Dispose(disposing);
        }

        private byte[] Sign()
        {
            Interlocked.Increment(ref _signatures);
            // Time enough for the other to come in, if nothing keeps it out.
            WasShared |= _inside.SignalAndWait(TimeSpan.FromMilliseconds(500));
            return new byte[64];
        }
    }
}
