using System.Security.Cryptography;
using Exchange.Edge.Json;

namespace Exchange.Edge.Authentication;

/// <summary>The master keys that open the key file, by version; the newest locks what is written.</summary>
/// <remarks>
/// A rotation names two, <c>1:…,2:…</c>, for one start: it locks every secret by the newest, and the next start needs only that one.
/// </remarks>
internal sealed class MasterKeyRing
{
    private const int KeyBytes = 32;
    private const int LargestVersion = 1_000_000;
    private const string DevelopmentFile = "master.key";

    private MasterKeyRing(Dictionary<int, byte[]> keys) => Keys = keys;

    public IReadOnlyDictionary<int, byte[]> Keys { get; }

    public int Newest => Keys.Keys.Max();

    /// <exception cref="InvalidOperationException">None is set, or it is not one; the sentence says what to do.</exception>
    public static MasterKeyRing Resolve(KeyStoreOptions options, bool isDevelopment)
    {
        bool isSet = !string.IsNullOrEmpty(options.MasterKey);
        bool isFile = !string.IsNullOrEmpty(options.MasterKeyFile);
        if (isSet && isFile)
            throw new InvalidOperationException("Set Keys:MasterKey or Keys:MasterKeyFile, not both.");
        if (isSet)
            return Parse(options.MasterKey!, "Keys:MasterKey");
        if (isFile)
            return Read(options.MasterKeyFile!, "Keys:MasterKeyFile");
        if (!isDevelopment)
            throw new InvalidOperationException(
                "Set Keys:MasterKey (environment Keys__MasterKey) to base64 of 32 random bytes, such as `openssl rand -base64 32` prints, "
                + "or Keys:MasterKeyFile to a file that holds it. Only in Development is one made by itself.");

        string path = Path.Combine(options.Folder, DevelopmentFile);
        if (!File.Exists(path))
            OwnerOnlyFile.Write(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)));
        return Read(path, DevelopmentFile);
    }

    private static MasterKeyRing Read(string path, string source)
    {
        try
        {
            return Parse(File.ReadAllText(path).Trim(), source);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{source} cannot be read: {fault.Message}", fault);
        }
    }

    private static MasterKeyRing Parse(string text, string source)
    {
        var keys = new Dictionary<int, byte[]>();
        foreach (string entry in text.Split(',', StringSplitOptions.TrimEntries))
        {
            // Without a version it is the first.
            int colon = entry.IndexOf(':');
            long version = 1;
            byte[] key = new byte[KeyBytes];
            bool isKey = (colon < 0 || PlainInteger.TryParse(entry.AsSpan(0, colon), out version))
                && version is >= 1 and <= LargestVersion
                && Convert.TryFromBase64String(entry[(colon + 1)..], key, out int written) && written == KeyBytes;
            if (!isKey || !keys.TryAdd((int)version, key))
                throw new InvalidOperationException($"{source} is not base64 of 32 bytes, nor several as version:base64 with commas between.");
        }

        return new MasterKeyRing(keys);
    }
}
