using System.Security.Cryptography;
using System.Text;

namespace Exchange.Edge.Authentication;

/// <summary>Encrypts secrets at rest with AES-256-GCM; the key id is authenticated with each, so none can be moved to another.</summary>
public sealed class SecretVault : IDisposable
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly Dictionary<int, AesGcm> _ciphers;

    private SecretVault(MasterKeyRing ring)
    {
        Newest = ring.Newest;
        _ciphers = ring.Keys.ToDictionary(key => key.Key, key => new AesGcm(key.Value, TagBytes));
    }

    /// <param name="isDevelopment">Where no master key is set, one is made in the folder.</param>
    /// <exception cref="InvalidOperationException">None is set, or it is not one; the sentence says what to do.</exception>
    public static SecretVault Open(KeyStoreOptions options, bool isDevelopment) => new(MasterKeyRing.Resolve(options, isDevelopment));

    /// <summary>Version of the master key that locks what is sealed from now on.</summary>
    public int Newest { get; }

    public bool CanOpen(int masterVersion) => _ciphers.ContainsKey(masterVersion);

    public StoredKey Seal(ApiKey key) => new(key, Newest, Encrypt(key.KeyId, key.RevealSecret()));

    /// <exception cref="CryptographicException">Another master key, another key's secret, or changed bytes.</exception>
    public string Decrypt(int masterVersion, string keyId, string encrypted)
    {
        if (!_ciphers.TryGetValue(masterVersion, out AesGcm? cipher))
            throw new CryptographicException($"There is no master key of version {masterVersion}.");
        byte[] bytes = Convert.FromBase64String(encrypted);
        if (bytes.Length < NonceBytes + TagBytes)
            throw new CryptographicException("The encrypted secret is too short.");
        byte[] plain = new byte[bytes.Length - NonceBytes - TagBytes];
        cipher.Decrypt(
            bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes, plain.Length), bytes.AsSpan(NonceBytes + plain.Length), plain,
            AssociatedData(keyId));
        return Encoding.ASCII.GetString(plain);
    }

    public void Dispose()
    {
        foreach (AesGcm cipher in _ciphers.Values)
            cipher.Dispose();
    }

    /// <summary>Base64 of nonce, ciphertext and tag.</summary>
    private string Encrypt(string keyId, string secret)
    {
        byte[] plain = Encoding.ASCII.GetBytes(secret);
        byte[] sealed_ = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(sealed_.AsSpan(0, NonceBytes));
        _ciphers[Newest].Encrypt(
            sealed_.AsSpan(0, NonceBytes), plain, sealed_.AsSpan(NonceBytes, plain.Length), sealed_.AsSpan(NonceBytes + plain.Length),
            AssociatedData(keyId));
        CryptographicOperations.ZeroMemory(plain);
        return Convert.ToBase64String(sealed_);
    }

    private static byte[] AssociatedData(string keyId) => Encoding.ASCII.GetBytes("exchange-key/1/" + keyId);
}
