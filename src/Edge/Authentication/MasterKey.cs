using System.Security.Cryptography;

namespace Exchange.Edge.Authentication;

/// <summary>Finds the bytes that open the key file.</summary>
internal static class MasterKey
{
    private const string DevelopmentFile = "master.key";

    /// <exception cref="InvalidOperationException">None is set, or it is not one; the sentence says what to do.</exception>
    public static byte[] Resolve(KeyStoreOptions options, bool isDevelopment)
    {
        if (!string.IsNullOrEmpty(options.MasterKey))
            return Decode(options.MasterKey, "Keys:MasterKey");
        if (!isDevelopment)
            throw new InvalidOperationException(
                "Set Keys:MasterKey (environment Keys__MasterKey) to base64 of 32 random bytes, such as `openssl rand -base64 32` prints. "
                + "Only in Development is one made by itself.");

        string path = Path.Combine(options.Folder, DevelopmentFile);
        if (!File.Exists(path))
            OwnerOnlyFile.Write(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretVault.MasterKeyBytes)));
        return Decode(File.ReadAllText(path).Trim(), DevelopmentFile);
    }

    private static byte[] Decode(string base64, string source)
    {
        byte[] key = new byte[SecretVault.MasterKeyBytes];
        if (!Convert.TryFromBase64String(base64, key, out int written) || written != key.Length)
            throw new InvalidOperationException($"{source} is not base64 of 32 bytes.");
        return key;
    }
}
