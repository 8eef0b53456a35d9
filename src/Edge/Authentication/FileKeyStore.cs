using System.Collections.Concurrent;

namespace Exchange.Edge.Authentication;

/// <summary>Keys in one file, <c>keys.json</c>: secrets encrypted, tokens as hashes. Read once; every change rewrites it.</summary>
public sealed class FileKeyStore : IKeyStore, IDisposable
{
    public const string FileName = "keys.json";

    private readonly string _path;
    private readonly SecretVault _vault;
    private readonly TimeProvider _time;
    private readonly Lock _writing = new();
    private readonly ConcurrentDictionary<string, StoredKey> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<TokenHash, TokenGrant> _tokens = new();

    /// <exception cref="InvalidOperationException">The master key is missing or wrong, or the file is not one of this version.</exception>
    public FileKeyStore(KeyStoreOptions options, bool isDevelopment, TimeProvider time)
    {
        if (string.IsNullOrEmpty(options.Folder))
            throw new InvalidOperationException("Set Keys:Folder to the folder that keys.json lies in.");
        Directory.CreateDirectory(options.Folder);
        _path = Path.Combine(options.Folder, FileName);
        _time = time;
        _vault = SecretVault.Open(options, isDevelopment);
        Load();
    }

    public bool IsEmpty => _keys.IsEmpty;

    public ApiKey? Find(string keyId) => _keys.GetValueOrDefault(keyId)?.Key;

    public IReadOnlyList<ApiKey> KeysOf(uint account) =>
        [.. _keys.Values.Select(stored => stored.Key).Where(key => key.Account == account)
            .OrderBy(key => key.CreatedMs).ThenBy(key => key.KeyId, StringComparer.Ordinal)];

    public TokenGrant? FindToken(in TokenHash hash) => _tokens.GetValueOrDefault(hash);

    public ValueTask<ApiKey?> Create(KeyTerms terms) => new(CreateNow(terms));

    public ValueTask<ApiKey?> CreateFirst(KeyTerms terms) => new(IsEmpty ? CreateNow(terms) : null);

    public ValueTask<RevokeOutcome> Revoke(string keyId) => new(RevokeNow(keyId));

    public ValueTask<string> CreateToken(ApiKey key, Permissions permissions, long expiresMs) => new(CreateTokenNow(key, permissions, expiresMs));

    public void Dispose() => _vault.Dispose();

    private ApiKey? CreateNow(KeyTerms terms)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)terms.Permissions, 0, nameof(terms));
        ApiKey key = ApiKey.New(terms, _time.GetUtcNow().ToUnixTimeMilliseconds());
        lock (_writing)
        {
            if (_keys.Values.Count(stored => stored.Key.Account == terms.Account) >= IKeyStore.MostPerAccount)
                return null;
            StoredKey sealed_ = _vault.Seal(key);
            Save(_keys.Values.Append(sealed_), _tokens);
            _keys[key.KeyId] = sealed_;
        }

        return key;
    }

    private RevokeOutcome RevokeNow(string keyId)
    {
        lock (_writing)
        {
            if (Find(keyId) is not { } key)
                return RevokeOutcome.Unknown;
            if (IsAdministrator(key) && !_keys.Values.Any(stored => stored.Key != key && IsAdministrator(stored.Key)))
                return RevokeOutcome.LastAdministrator;
            Save(_keys.Values.Where(stored => stored.Key != key), _tokens.Where(token => token.Value.KeyId != keyId));
            _keys.TryRemove(keyId, out _);
            foreach ((TokenHash hash, TokenGrant grant) in _tokens)
            {
                if (grant.KeyId == keyId)
                    _tokens.TryRemove(hash, out _);
            }

            return RevokeOutcome.Revoked;
        }
    }

    private string CreateTokenNow(ApiKey key, Permissions permissions, long expiresMs)
    {
        (string token, TokenHash hash) = TokenText.Create();
        var grant = new TokenGrant(key.KeyId, key.Account, permissions, expiresMs);
        lock (_writing)
        {
            Save(_keys.Values, _tokens.Append(KeyValuePair.Create(hash, grant)));
            _tokens[hash] = grant;
        }

        return token;
    }

    private bool IsAdministrator(ApiKey key) =>
        (key.Permissions & Permissions.Admin) != 0 && !key.Terms.IsExpired(_time.GetUtcNow().ToUnixTimeMilliseconds());

    private void Save(IEnumerable<StoredKey> keys, IEnumerable<KeyValuePair<TokenHash, TokenGrant>> tokens) =>
        OwnerOnlyFile.Write(_path, KeyFile.Write(keys, tokens));

    private void Load()
    {
        if (!File.Exists(_path))
            return;
        KeyFile.Content content = KeyFile.Read(File.ReadAllText(_path), _vault, _path);
        foreach (StoredKey stored in content.Keys)
            _keys[stored.Key.KeyId] = stored.MasterVersion == _vault.Newest ? stored : _vault.Seal(stored.Key);
        foreach ((TokenHash hash, TokenGrant grant) in content.Tokens)
            _tokens[hash] = grant;

        // After a rotation the older master key can be thrown away: nothing is locked by it any more.
        if (content.Keys.Exists(stored => stored.MasterVersion != _vault.Newest))
            Save(_keys.Values, _tokens);
    }
}
