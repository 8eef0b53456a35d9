using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Exchange.Edge.Authentication;

/// <summary>Keys in one file, <c>keys.json</c>: secrets encrypted, tokens as hashes. Read once; every change rewrites it.</summary>
public sealed class FileKeyStore : IKeyStore, IDisposable
{
    public const string FileName = "keys.json";

    private readonly string _path;
    private readonly SecretVault _vault;
    private readonly TimeProvider _time;
    private readonly Lock _writing = new();
    private readonly ConcurrentDictionary<string, ApiKey> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<TokenHash, TokenGrant> _tokens = new();

    /// <exception cref="InvalidOperationException">The master key is missing or wrong, or the file is not one of this version.</exception>
    public FileKeyStore(KeyStoreOptions options, bool isDevelopment, TimeProvider time)
    {
        if (string.IsNullOrEmpty(options.Folder))
            throw new InvalidOperationException("Set Keys:Folder to the folder that keys.json lies in.");
        Directory.CreateDirectory(options.Folder);
        _path = Path.Combine(options.Folder, FileName);
        _time = time;
        _vault = new SecretVault(MasterKey.Resolve(options, isDevelopment));
        Load();
    }

    public bool IsEmpty => _keys.IsEmpty;

    public ApiKey? Find(string keyId) => _keys.GetValueOrDefault(keyId);

    public TokenGrant? FindToken(in TokenHash hash) => _tokens.GetValueOrDefault(hash);

    public ApiKey Create(uint account, Permissions permissions)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)permissions, 0, nameof(permissions));
        var key = new ApiKey(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), account, permissions,
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), _time.GetUtcNow().ToUnixTimeMilliseconds());
        lock (_writing)
        {
            Save(_keys.Values.Append(key), _tokens);
            _keys[key.KeyId] = key;
        }

        return key;
    }

    public string CreateToken(ApiKey key, Permissions permissions, long expiresMs)
    {
        string token = TokenText.Create();
        if (!TokenHash.TryOf(token, out TokenHash hash))
            throw new InvalidOperationException("A token of our own making has no hash.");
        var grant = new TokenGrant(key.KeyId, key.Account, permissions, expiresMs);
        lock (_writing)
        {
            Save(_keys.Values, _tokens.Append(KeyValuePair.Create(hash, grant)));
            _tokens[hash] = grant;
        }

        return token;
    }

    public void Dispose() => _vault.Dispose();

    private void Save(IEnumerable<ApiKey> keys, IEnumerable<KeyValuePair<TokenHash, TokenGrant>> tokens) =>
        OwnerOnlyFile.Write(_path, KeyFile.Write(keys, tokens, _vault));

    private void Load()
    {
        if (!File.Exists(_path))
            return;
        KeyFile.Content content = KeyFile.Read(File.ReadAllText(_path), _vault, _path);
        foreach (ApiKey key in content.Keys)
            _keys[key.KeyId] = key;
        foreach ((TokenHash hash, TokenGrant grant) in content.Tokens)
            _tokens[hash] = grant;
    }
}
