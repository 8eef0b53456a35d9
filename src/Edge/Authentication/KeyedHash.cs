using System.Security.Cryptography;

namespace Exchange.Edge.Authentication;

/// <summary>HMAC-SHA256 with one key, set up once: setting it up costs as much as a request's signature. Any thread.</summary>
internal sealed class KeyedHash(byte[] key)
{
    private IncrementalHash? _idle;

    /// <param name="text">What is signed.</param>
    /// <param name="hash">Gets the 32 bytes.</param>
    public void Compute(ReadOnlySpan<byte> text, Span<byte> hash)
    {
        IncrementalHash hmac = Interlocked.Exchange(ref _idle, null) ?? IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(text);
        hmac.GetHashAndReset(hash);

        // Another thread may have put back its own meanwhile: one is enough.
        Interlocked.Exchange(ref _idle, hmac)?.Dispose();
    }
}
