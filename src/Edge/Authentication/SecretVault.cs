using System.Security.Cryptography;
using System.Text;

namespace Exchange.Edge.Authentication;

/// <summary>Encrypts secrets at rest with AES-256-GCM; the key id is authenticated with each, so none can be moved to another.</summary>
internal sealed class SecretVault : IDisposable
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    public const int MasterKeyBytes = 32;

    private readonly AesGcm _cipher;

    public SecretVault(ReadOnlySpan<byte> masterKey)
    {
        if (masterKey.Length != MasterKeyBytes)
            throw new ArgumentException("The master key must have 32 bytes.", nameof(masterKey));
        _cipher = new AesGcm(masterKey, TagBytes);
    }

    /// <summary>Base64 of nonce, ciphertext and tag.</summary>
    public string Encrypt(string keyId, string secret)
    {
        byte[] plain = Encoding.ASCII.GetBytes(secret);
        byte[] sealed_ = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(sealed_.AsSpan(0, NonceBytes));
        _cipher.Encrypt(
            sealed_.AsSpan(0, NonceBytes), plain, sealed_.AsSpan(NonceBytes, plain.Length), sealed_.AsSpan(NonceBytes + plain.Length),
            AssociatedData(keyId));
        CryptographicOperations.ZeroMemory(plain);
        return Convert.ToBase64String(sealed_);
    }

    /// <exception cref="CryptographicException">Another master key, another key's secret, or changed bytes.</exception>
    public string Decrypt(string keyId, string encrypted)
    {
        byte[] bytes = Convert.FromBase64String(encrypted);
        if (bytes.Length < NonceBytes + TagBytes)
            throw new CryptographicException("The encrypted secret is too short.");
        byte[] plain = new byte[bytes.Length - NonceBytes - TagBytes];
        _cipher.Decrypt(
            bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes, plain.Length), bytes.AsSpan(NonceBytes + plain.Length), plain,
            AssociatedData(keyId));
        return Encoding.ASCII.GetString(plain);
    }

    public void Dispose() => _cipher.Dispose();

    private static byte[] AssociatedData(string keyId) => Encoding.ASCII.GetBytes("exchange-key/1/" + keyId);
}
